/**
 * Takes a file in: what it is, whether there is room for it, drawn anew or made playable, kept. Whatever comes from a
 * channel comes by `keep` and by nothing else.
 *
 * Invariant: no picture is kept as it came: only what was decoded and drawn again, which holds no place, no time and no
 * second file behind the picture.
 */
import { mostFiles, mostFilesBytes, type Attachment, type AttachmentKind } from '../contract/attachment.ts'
import { faultyField } from '../contract/problem.ts'
import { cleanedName, notAllowed, tooLong, typeOf, type FileType } from './attachment.ts'
import { attachmentsStore, type ByteSealer, type NewFile } from './attachments.store.ts'
import type { Db } from './tables.ts'

export type Redrawn = {
  type: Extract<FileType, 'image/jpeg' | 'image/png'>
  content: Buffer
  small: Buffer
  width: number
  height: number
}
export type Tools = {
  /** @throws Problem invalid_input (path "file") for what is no picture, or too large a one */
  redraw(file: Buffer): Promise<Redrawn>
  /** @returns the sound as A-law at 8 kHz; nothing where this machine cannot decode it */
  sound(file: Buffer): Promise<Buffer | undefined>
  /** A-law as a file that browsers play. */
  wav(alaw: Buffer): Buffer
}
export type SentAs = { conversationId: string; clientId: string; sentBy: 'customer' | 'agent'; name: string }
export type Allowed = { kinds: readonly AttachmentKind[]; mostBytes: number }
/** `alaw`: of a voice, for whoever can write it down. */
export type Taken = { attachment: Attachment; alaw?: Buffer }

export type Attachments = ReturnType<typeof attachments>

export function attachments({ db, sealer, tools }: { db: Db; sealer: ByteSealer; tools: Tools }) {
  const store = attachmentsStore(db, sealer)

  async function mustHaveRoom(conversationId: string, bytes: number): Promise<void> {
    const held = await store.heldBy(conversationId)
    if (held.files >= mostFiles) throw faultyField('file', `一次咨询最多发 ${mostFiles} 个文件`)
    if (held.bytes + bytes > mostFilesBytes) throw faultyField('file', '这次咨询发的文件已经太多，请留下最要紧的')
  }

  return {
    /** @throws Problem invalid_input (path "file"), with what is wrong in words for whoever sent it */
    async keep(sent: SentAs, file: Buffer, { kinds, mostBytes }: Allowed, now: Date): Promise<Taken> {
      if (file.length === 0) throw faultyField('file', '文件是空的')
      if (file.length > mostBytes) throw tooLong(mostBytes)
      const known = typeOf(file)
      if (!known || !kinds.includes(known.kind)) throw notAllowed(kinds)
      await mustHaveRoom(sent.conversationId, file.length)
      const { conversationId, clientId, sentBy } = sent
      const as = { conversationId, clientId, sentBy, kind: known.kind }
      const keep = async (made: Omit<NewFile, keyof typeof as>) => store.keep({ ...as, ...made }, now)

      switch (known.kind) {
        case 'image': {
          const { type, content, small, width, height } = await tools.redraw(file)
          const name = cleanedName(sent.name, { ...known, extension: type === 'image/png' ? 'png' : 'jpg' })
          return { attachment: await keep({ type, name, content, picture: { width, height, small } }) }
        }
        case 'voice': {
          const alaw = await tools.sound(file)
          const [type, extension, content] = alaw
            ? (['audio/wav', 'wav', tools.wav(alaw)] as const)
            : ([known.type, known.extension, file] as const)
          return {
            attachment: await keep({ type, name: cleanedName(sent.name, { ...known, extension }), content }),
            alaw,
          }
        }
        case 'pdf':
        case 'video':
          return { attachment: await keep({ type: known.type, name: cleanedName(sent.name, known), content: file }) }
      }
    },

    find: (id: string) => store.find(id),
    content: (id: string, size: 'small' | 'whole') => store.content(id, size),
  }
}
