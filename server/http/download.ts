/** A file as an answer: to be saved, and kept by nobody on the way. */
import type { Response } from 'express'
import { Problem } from '../../contract/problem.ts'

export function download(res: Response, name: string, file: Buffer): void {
  if (file.length === 0) throw new Problem('internal', 'an empty file')
  res.attachment(name).set('cache-control', 'no-store').send(file)
}
