/**
 * What a file is, by what is in it and never by what it is called; what may be kept; and what it is called from then on.
 * Pure: bytes in, a judgement or a refusal in words out.
 */
import type { AttachmentKind } from '../contract/attachment.ts'
import { faultyField } from '../contract/problem.ts'

export type FileType = 'image/jpeg' | 'image/png' | 'application/pdf' | 'audio/amr' | 'audio/wav' | 'video/mp4'
export type PictureType = Extract<FileType, 'image/jpeg' | 'image/png'>
type Known = { kind: AttachmentKind; type: FileType; extension: string }

const known: readonly (Known & { begins: (file: Buffer) => boolean })[] = [
  { kind: 'image', type: 'image/jpeg', extension: 'jpg', begins: (file) => starts(file, [0xff, 0xd8, 0xff]) },
  {
    ...{ kind: 'image', type: 'image/png', extension: 'png' },
    begins: (file) => starts(file, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  },
  { kind: 'pdf', type: 'application/pdf', extension: 'pdf', begins: (file) => reads(file, 0, '%PDF-') },
  { kind: 'voice', type: 'audio/amr', extension: 'amr', begins: (file) => reads(file, 0, '#!AMR') },
  {
    ...{ kind: 'video', type: 'video/mp4', extension: 'mp4' },
    begins: (file) => reads(file, 4, 'ftyp') && file.readUInt32BE(0) >= 8,
  },
]

const starts = (file: Buffer, bytes: readonly number[]) => file.subarray(0, bytes.length).equals(Buffer.from(bytes))
const reads = (file: Buffer, at: number, word: string) => file.toString('latin1', at, at + word.length) === word

/** @returns nothing for whatever is not known. */
export function typeOf(file: Buffer): Known | undefined {
  const found = known.find(({ begins }) => begins(file))
  return found && { kind: found.kind, type: found.type, extension: found.extension }
}

const names: Record<AttachmentKind, string> = { image: '图片', pdf: '文件', voice: '语音', video: '视频' }
const allowedWords: Record<AttachmentKind, string> = {
  image: 'JPG 或 PNG 图片',
  pdf: 'PDF 文件',
  voice: 'AMR 语音',
  video: 'MP4 视频',
}

/** What stands for it among words. */
export const placeholder = (kind: AttachmentKind) => `[${names[kind]}]`

export type Allowed = { kinds: readonly AttachmentKind[]; mostBytes: number }

/** @throws Problem invalid_input (path "file"), with what is wrong in words for whoever sent it */
export function mustBeAllowed(file: Buffer, { kinds, mostBytes }: Allowed): Known {
  if (file.length === 0) throw faultyField('file', '文件是空的')
  if (file.length > mostBytes)
    throw faultyField('file', `文件不能超过 ${Math.floor(mostBytes / 1_048_576)} MB，请缩小后再发`)
  const known = typeOf(file)
  if (!known || !kinds.includes(known.kind))
    throw faultyField('file', `只能发 ${kinds.map((kind) => allowedWords[kind]).join('、')}，这个文件不是`)
  return known
}

/** What a picture ends in that was drawn anew. */
export const drawnExtension = (type: PictureType) => (type === 'image/png' ? 'png' : 'jpg')

/**
 * A name that any system can save: the last part of a path, without what turns text round or means something to a
 * shell; it ends as its content does.
 */
export function cleanedName(given: string, { kind, extension }: Pick<Known, 'kind' | 'extension'>): string {
  const last = given.normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  const stem = last
    .replace(/\.[^.]{1,8}$/, '')
    .replace(/[\p{C}\p{Zl}\p{Zp}<>:"|?*'`$;&]/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s-]+|[.\s]+$/g, '')
  const short = [...stem].slice(0, 60).join('').trim()
  return `${short || names[kind]}.${extension}`
}
