/**
 * What is sent in a conversation that is not words: a picture, a paper, a voice, a film. A turn carries what is to be
 * said of it; the file itself is fetched apart, by whoever may see it. Browser code imports this file.
 */
import { z } from 'zod'
import { clientId, seqInQuery, text, uuid } from './text.ts'

export const attachmentKinds = ['image', 'pdf', 'voice', 'video'] as const
export type AttachmentKind = (typeof attachmentKinds)[number]

/**
 * `lost`: the channel never handed it over. `refused`: it was no file of a kind that is kept. `gone`: kept for as long
 * as it was to be, and taken out.
 */
export const attachmentStates = ['kept', 'lost', 'refused', 'gone'] as const
export type AttachmentState = (typeof attachmentStates)[number]

export const attachmentSchema = z.object({
  id: uuid,
  kind: z.enum(attachmentKinds),
  name: z.string(),
  bytes: z.int().min(0),
  /** Of a picture, in pixels, the way up that it is looked at. */
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  state: z.enum(attachmentStates),
  /** A voice whose words stand in the turn, as a machine heard them. */
  isWrittenDown: z.literal(true).optional(),
  /** A browser can play it; what it cannot is saved. */
  isPlayable: z.literal(true).optional(),
})
export type Attachment = z.infer<typeof attachmentSchema>

/** Of one file sent from a page. */
export const mostFileBytes = 5 * 1_024 * 1_024
/** What one conversation holds. */
export const mostFiles = 30
export const mostFilesBytes = 60 * 1_024 * 1_024

/** The file is the body; this stands in the address. The pass of who sends it travels in a header. */
export const sentFileQuery = z.strictObject({ clientId, name: text(200).default('文件') })
/** `expectedSeq`: the last that the agent had seen; newer words refuse the file with conversation_moved_on. */
export const agentFileQuery = sentFileQuery.extend({ expectedSeq: seqInQuery.optional() })
export const passHeader = 'x-visitor-pass'
/** `small`: a picture of at most 480 pixels a side. */
export const fileSizes = ['small', 'whole'] as const
export const fileQuery = z.strictObject({
  size: z.enum(fileSizes, '只能是 small 或 whole').default('whole'),
  /** What `open` gave. */
  grant: text(500).optional(),
})
/** Whoever talks with the citizen gives none; whoever does not says why. */
export const openFileSchema = z.strictObject({
  reason: z
    .string('请写明理由')
    .trim()
    .min(4, '理由至少 4 个字')
    .max(200, '不能超过 200 个字')
    .pipe(text(200))
    .optional(),
})

export type SentFile = { seq: number; conversationId: string; attachment: Attachment }
/** Goes into the address of the file, for a quarter of an hour. */
export type OpenedFile = { grant: string }
