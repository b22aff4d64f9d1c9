/**
 * Pictures, voices, films and papers that a citizen sends in WeChat, whatever account they come by: fetched, checked, kept,
 * and then one turn, with what became of them. A voice that is understood goes on as words, beside its sound.
 *
 * Invariant: whatever becomes of the file, the turn is kept once and somebody is told: a file that cannot be had is no
 * reason to lose that something was sent.
 */
import { randomUUID } from 'node:crypto'
import type { Attachment, AttachmentKind } from '../contract/attachment.ts'
import { Problem } from '../contract/problem.ts'
import { turnText, type Turn } from '../contract/turn.ts'
import { mostMediaBytes } from './media-download.ts'

const mediaKinds = ['image', 'voice', 'video', 'file'] as const
export const isMedia = (kind: string): boolean => mediaKinds.some((one) => one === kind)
export type SentMedia = {
  kind: (typeof mediaKinds)[number]
  mediaId: string
  /** What the platform heard in a voice. */
  recognised?: string
  /** Of a file, as it was called. */
  name?: string
}
type TakenFile = { attachment: Attachment; alaw?: Buffer }

/** What the hotline does with a file. */
export type MediaInside = {
  /** @throws Problem invalid_input, with what is wrong in words for whoever sent it */
  keep(
    sent: { conversationId: string; clientId: string; sentBy: 'customer'; name: string },
    file: Buffer,
    allowed: { kinds: readonly AttachmentKind[]; mostBytes: number },
    now: Date,
  ): Promise<TakenFile>
  /** @returns nothing where nobody here understands it */
  writeDown(alaw: Buffer): Promise<string | undefined>
  keepUnread(turn: Turn, whatToDo: string): Promise<unknown>
}

type Log = { warn(facts: object, message: string): void }
type Parts = { download: (mediaId: string) => Promise<Buffer>; inside: MediaInside; log: Log }
export type MediaRoad = ReturnType<typeof mediaRoad>

const kindsOf: Record<SentMedia['kind'], readonly [AttachmentKind, ...AttachmentKind[]]> = {
  image: ['image'],
  voice: ['voice'],
  video: ['video'],
  file: ['pdf', 'image'],
}
const names: Record<SentMedia['kind'], string> = { image: '图片', voice: '语音', video: '视频', file: '文件' }

const words = {
  voice: '这段语音我没有听明白，已经存好，转人工后同事能听到。请把问题打字发给我，或者回复“人工”。',
  kept: (name: string) => `${name}已经存好，转人工后同事能看到。请把问题打字发给我；需要同事看，请回复“人工”。`,
  lost: (name: string) => `${name}没有收到，请再发一次，或者把问题打字发给我。`,
  refused: (why: string) => `${why}。也可以把问题打字发给我，或者回复“人工”。`,
} as const

/** A file that is not there, and what the citizen is told of it. */
type Missing = { attachment: Attachment; told: string }

export function mediaRoad({ download, inside, log }: Parts) {
  async function taken(sent: SentMedia, turn: Omit<Turn, 'text'>): Promise<TakenFile | Missing> {
    const { conversationId, clientId, saidAt } = turn
    const [kind] = kindsOf[sent.kind]
    const name = sent.name ?? names[sent.kind]
    const missing = (state: 'lost' | 'refused', told: string): Missing => ({
      attachment: { id: randomUUID(), kind, name, bytes: 0, state },
      told,
    })
    try {
      const file = await download(sent.mediaId)
      const allowed = { kinds: kindsOf[sent.kind], mostBytes: mostMediaBytes }
      return await inside.keep({ conversationId, clientId, sentBy: 'customer', name }, file, allowed, saidAt)
    } catch (error) {
      const why = error instanceof Problem ? error.fields[0]?.message : undefined
      if (why !== undefined) return missing('refused', words.refused(why))
      log.warn({ err: error, kind: sent.kind }, 'what a citizen sent was not fetched')
      return missing('lost', words.lost(names[sent.kind]))
    }
  }

  async function heardIn(sent: SentMedia, alaw: Buffer | undefined): Promise<string | undefined> {
    if (sent.kind !== 'voice') return undefined
    const heard = sent.recognised ?? (alaw && (await inside.writeDown(alaw)))
    return turnText.safeParse(heard).data
  }

  return {
    /**
     * @param turn all of it but what it says
     * @param hear takes the words of a voice as words that were written
     */
    async take(
      sent: SentMedia,
      turn: Omit<Turn, 'text' | 'attachments'>,
      hear: (turn: Turn) => Promise<unknown>,
    ): Promise<void> {
      const file = await taken(sent, turn)
      const heard = await heardIn(sent, 'alaw' in file ? file.alaw : undefined)
      if (heard !== undefined) {
        const attachments: Attachment[] = [{ ...file.attachment, isWrittenDown: true }]
        return void (await hear({ ...turn, text: heard, attachments }))
      }
      const name = names[sent.kind]
      const told = 'told' in file ? file.told : sent.kind === 'voice' ? words.voice : words.kept(name)
      await inside.keepUnread({ ...turn, text: `[${name}]`, attachments: [file.attachment] }, told)
    },
  }
}
