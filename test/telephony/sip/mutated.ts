/** Messages that nobody meant: honest and tortured ones, changed by chance that a seed repeats. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { anOffer, aRequest } from './peers.ts'

const folder = join(import.meta.dirname, '../../../../shared/data/sip-torture/rfc4475')
const methods = ['INVITE', 'BYE', 'ACK', 'CANCEL', 'OPTIONS', 'INFO', 'REFER', 'NOTIFY', 'REGISTER', 'UPDATE']

/** One of every method, and the messages of RFC 4475 where they are there. */
export function messagesToMutate(to: number, from: number): Buffer[] {
  const honest = methods.map((method) =>
    Buffer.from(aRequest({ method, to, from, body: method === 'INVITE' ? anOffer() : '' })),
  )
  return [...honest, ...torturedMessages()]
}

export function torturedMessages(): Buffer[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => file.endsWith('.dat'))
  return files.map((file) => readFileSync(join(folder, file)))
}

const bits = [
  '\r\n',
  '\r\n\r\n',
  ' ',
  '\t',
  ';',
  ',',
  '"',
  '<',
  '>',
  '%00',
  '\u0000',
  '9'.repeat(30),
  ';tag=',
  '王',
  ' '.repeat(900),
]

export function mutate(original: Buffer, below: (limit: number) => number): Buffer {
  let bytes = Buffer.from(original)
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(bytes.length + 1)
    const kind = below(6)
    const bit = Buffer.from(bits[below(bits.length)] ?? '')
    if (kind === 0 && bytes.length > 0) bytes[at % bytes.length] = below(256)
    else if (kind === 1) bytes = bytes.subarray(0, at)
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bit, bytes.subarray(at)])
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + below(40))])
    else if (kind === 4) bytes = Buffer.concat([bytes, bytes.subarray(at)])
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(below(at + 1))])
    bytes = Buffer.from(bytes)
  }
  return bytes.subarray(0, 60_000)
}
