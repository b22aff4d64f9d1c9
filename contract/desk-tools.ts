/** HTTP shapes of the desk's tools: the bot's draft for an agent, and a citizen who is known to be one person. */
import { z } from 'zod'
import { verifiedHows } from './person.ts'
import type { Revision } from './entry.ts'
import { mobileNumber } from './outbox.ts'
import { phoneNumber, seqInQuery, seqNumber, text, uuid } from './text.ts'

const askedSeq = seqNumber.min(1, '不能小于 1')

export const draftQuery = z.strictObject({
  conversation: uuid,
  /** The citizen's turn that it is to answer. */
  seq: seqInQuery.pipe(askedSeq),
})
export const draftRejectSchema = z.strictObject({
  conversationId: uuid,
  askedSeq,
  revisionId: uuid,
  reason: text(200).optional(),
})

/** Which finding was a mistake; without it the newest about this very contact. */
export const undoPersonSchema = z.strictObject({ joinId: uuid.optional() }).optional()

/** An approved text, word for word, that the bot would have answered with. */
export type BotDraft = {
  askedSeq: number
  revisionId: string
  question: string
  text: string
  sources: Revision['wording']['sources']
}

export const personSchema = z
  .strictObject({
    phone: phoneNumber,
    how: z.enum(verifiedHows, '请选择核对的办法'),
    /** What was sent to that number; needed for sms_code. */
    code: z
      .string('请填写 6 位验证码')
      .regex(/^\d{6}$/, '请填写 6 位验证码')
      .optional(),
  })
  .refine(({ how, code }) => how !== 'sms_code' || code !== undefined, { path: ['code'], error: '请填写 6 位验证码' })

export const phoneCodeSchema = z.strictObject({ phone: mobileNumber })
/** `isSent`: an SMS platform is there to send it. */
export type PhoneCodeView = { until: string; isSent: boolean }
