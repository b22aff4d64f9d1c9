/**
 * Reads and writes the ZIP that an xlsx file is: as much of it as spreadsheets use, and nothing of it is believed. Sizes
 * are counted while unpacking, not read from the file; names are only compared, never used as paths.
 *
 * Source: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.16.
 */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

/** What is wrong with an uploaded file, in Chinese, for whoever uploaded it. */
export class SheetFault extends Error {
  override readonly name = 'SheetFault'
}

/** `unpacked`: bytes of all parts that are taken together. */
export type ZipCaps = { parts: number; unpacked: number }

const endMark = 0x06054b50
const centralMark = 0x02014b50
const localMark = 0x04034b50
const stored = 0
const deflated = 8
const encrypted = 1
const longestComment = 0xffff

/** @param wanted which parts are unpacked, by name. @throws SheetFault. */
export function unzip(file: Buffer, wanted: (name: string) => boolean, caps: ZipCaps): Map<string, Buffer> {
  const end = endRecord(file)
  const count = file.readUInt16LE(end + 10)
  if (count > caps.parts) throw new SheetFault('文件里的部件太多，不像是表格')
  const parts = new Map<string, Buffer>()
  let left = caps.unpacked
  let at = file.readUInt32LE(end + 16)
  for (let i = 0; i < count; i++) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== centralMark) throw broken()
    const nameLength = file.readUInt16LE(at + 28)
    const name = file.toString('utf8', at + 46, at + 46 + nameLength)
    if (wanted(name)) {
      const part = content(file, at, left)
      left -= part.length
      parts.set(name, part)
    }
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return parts
}

function endRecord(file: Buffer): number {
  for (let at = file.length - 22; at >= Math.max(0, file.length - 22 - longestComment); at--)
    if (file.readUInt32LE(at) === endMark) return at
  throw broken()
}

/** @param at of the central record. @param left bytes that may still be unpacked. */
function content(file: Buffer, at: number, left: number): Buffer {
  if (file.readUInt16LE(at + 8) & encrypted) throw new SheetFault('文件加了密码，请去掉密码再传')
  const method = file.readUInt16LE(at + 10)
  const size = file.readUInt32LE(at + 20)
  const local = file.readUInt32LE(at + 42)
  if (local + 30 > file.length || file.readUInt32LE(local) !== localMark) throw broken()
  const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
  if (from + size > file.length) throw broken()
  const packed = file.subarray(from, from + size)
  if (method === stored) {
    if (packed.length > left) throw tooLarge()
    return packed
  }
  if (method !== deflated) throw broken()
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(left, 1) })
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : broken()
  }
}

const broken = () => new SheetFault('文件已损坏，或不是 xlsx 表格')
const tooLarge = () => new SheetFault('表格解开后太大，请拆成几份再传')

/** @param parts by name, in the order in which they are written. */
export function zip(parts: readonly (readonly [name: string, text: string])[]): Buffer {
  const written: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [partName, text] of parts) {
    const plain = Buffer.from(text)
    const packed = deflateRawSync(plain)
    const name = Buffer.from(partName)
    // Version 2.0, no flags, deflated, 1980-01-01 00:00: the same content is always the same file.
    const about = Buffer.alloc(26)
    about.writeUInt16LE(20, 0)
    about.writeUInt16LE(deflated, 4)
    about.writeUInt16LE(0x21, 8)
    about.writeUInt32LE(crc32(plain), 10)
    about.writeUInt32LE(packed.length, 14)
    about.writeUInt32LE(plain.length, 18)
    about.writeUInt16LE(name.length, 22)
    const offset = Buffer.alloc(4)
    offset.writeUInt32LE(at)
    // Before the common part: version made by. After it: comment length, disk, attributes (10 bytes), then the offset.
    central.push(mark(centralMark), Buffer.from([20, 0]), about, Buffer.alloc(10), offset, name)
    const head = [mark(localMark), about, name, packed]
    written.push(...head)
    at += head.reduce((sum, part) => sum + part.length, 0)
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(endMark)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...written, directory, end])
}

function mark(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
