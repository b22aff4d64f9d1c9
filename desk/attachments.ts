/**
 * Takes a file in: what it is, whether there is room for it, drawn anew or made playable, kept. Whatever comes from a
 * channel comes by `keep` and by nothing else.
 *
 * Invariant: no picture is kept as it came: only what was decoded and drawn again, which holds no place, no time and no
 * second file behind the picture.
 */
import { mostFiles, mostFilesBytes, type Attachment } from '../contract/attachment.ts'
import { faultyField } from '../contract/problem.ts'
import { cleanedName, drawnExtension, mustBeAllowed, type Allowed, type PictureType } from './attachment.ts'
import { attachmentsStore, type ByteSealer, type NewFile } from './attachments.store.ts'
import type { Db } from './tables.ts'

export type Redrawn = {
  type: PictureType
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
    async keep(sent: SentAs, file: Buffer, allowed: Allowed, now: Date): Promise<Taken> {
      const known = mustBeAllowed(file, allowed)
      await mustHaveRoom(sent.conversationId, file.length)
      const { conversationId, clientId, sentBy } = sent
      const as = { conversationId, clientId, sentBy, kind: known.kind }
      const keep = async (made: Omit<NewFile, keyof typeof as>) => store.keep({ ...as, ...made }, now)

      switch (known.kind) {
        case 'image': {
          const { type, content, small, width, height } = await tools.redraw(file)
          const name = cleanedName(sent.name, { ...known, extension: drawnExtension(type) })
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
