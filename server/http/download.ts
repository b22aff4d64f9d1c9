/** A file as an answer: to be saved, and kept by nobody on the way. */
import type { Response } from 'express'
import { Problem } from '../../contract/problem.ts'

export function download(res: Response, name: string, file: Buffer): void {
  if (file.length === 0) throw new Problem('internal', 'an empty file')
  res.attachment(name).set('cache-control', 'no-store').send(file)
}

/** What came from a stranger: whatever is in it, it runs nothing in a browser and is read by no other site. */
export function strangersFile(res: Response, type: string, file: Buffer): void {
  res.set({
    'content-type': type,
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-store',
  })
  res.send(file)
}
