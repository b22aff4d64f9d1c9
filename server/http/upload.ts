/**
 * A file that comes as the body of a request, whatever type it claims. It is taken into memory up to the cap and read by
 * nobody here.
 */
import type { Request } from 'express'
import { Problem } from '../../contract/problem.ts'

/** @throws Problem too_large; invalid_input when the sender stops half-way. */
export async function uploaded(req: Request, mostBytes: number): Promise<Buffer> {
  if (Number(req.get('content-length') ?? 0) > mostBytes) throw new Problem('too_large', 'by its content-length')
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of req) {
      if (!Buffer.isBuffer(part)) continue
      size += part.length
      if (size > mostBytes) throw new Problem('too_large', `more than ${mostBytes} bytes`)
      parts.push(part)
    }
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem('invalid_input', 'the upload ended early', { cause: error })
  }
  return Buffer.concat(parts)
}
