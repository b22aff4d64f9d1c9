/** The queue as supervisors set it up and see it: skills, regions, capacity, urgent words, hours of the lines. */
import { z } from 'zod'
import { mobileOrNone } from './outbox.ts'
import { chatLines, lineDays, lineModes, type LineHours } from './phone-events.ts'
import { cityCode, text, uuid } from './text.ts'
import type { PresenceState } from './staff.ts'
import type { Channel } from './turn.ts'
import type { Lateness } from './wait.ts'

/** `assign`: whoever waits is given to an agent with room; `claim`: agents take from the list by themselves. */
export const queueModes = ['claim', 'assign'] as const
export type QueueMode = (typeof queueModes)[number]

const minutes = z.int('应为整数').min(1, '不能小于 1').max(240, '不能超过 240')
/** What holds for the queue as a whole. */
export const queueSettingsSchema = z.strictObject({
  mode: z.enum(queueModes, `只能是 ${queueModes.join('、')}`),
  /** A citizen who owes an answer is asked after so long whether they are still there. */
  askMinutes: minutes,
  /** And so long after that the conversation ends. */
  endMinutes: minutes,
  /** So long a wait counts as much as one place of priority. Absent: as it was. */
  ageMinutes: minutes.optional(),
})
export type QueueSettings = z.infer<typeof queueSettingsSchema>

/** How many conversations of each channel one agent holds at a time. */
export type Capacity = Record<Channel, number>
const upTo = (most: number) => z.int('应为整数').min(0, '不能小于 0').max(most, `不能超过 ${most}`)
export const capacitySchema = z.strictObject({ phone: upTo(5), web: upTo(20), wechat: upTo(20) })

export const seatSchema = z.strictObject({
  skills: z.array(uuid).max(50, '最多 50 项'),
  /** None: every region. */
  regions: z.array(cityCode).max(50, '最多 50 个地区'),
  /** Null: as everybody. */
  capacity: capacitySchema.nullable(),
})
export type Seat = z.infer<typeof seatSchema>

const word = text(20).min(2, '每个词至少 2 个字')
const noneTwice = (words: readonly string[]) => new Set(words).size === words.length
/** Without `id` a new one; without `name` it is taken away from everybody. */
export const skillSchema = z
  .strictObject({
    id: uuid.optional(),
    name: text(20).optional(),
    words: z.array(word).max(40, '最多 40 个词').refine(noneTwice, '同一个词写了两次').default([]),
  })
  .refine(({ id, name }) => id !== undefined || name !== undefined, { path: ['name'], error: '不能为空' })
export type SkillChange = z.infer<typeof skillSchema>
/** `words`: what a citizen says that needs it. */
export type Skill = { id: string; name: string; words: string[] }
/** Where whoever is on duty is written to; empty: nowhere. */
export const dutyPhoneSchema = z.strictObject({
  phone: mobileOrNone,
})
export type SeatsView = {
  skills: Skill[]
  everybody: Capacity
  seats: (Seat & { staffId: string })[]
  /** Masked. */
  dutyPhones: Record<string, string>
}

/** All of them: what is not named is taken out. */
export const urgentWordsSchema = z.strictObject({
  words: z.array(word).max(200, '最多 200 个词').refine(noneTwice, '同一个词写了两次'),
})

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, '时间应写成 时:分，例如 09:00')
const hoursSchema = z
  .strictObject({
    on: z.enum(lineDays, '没有这种日子'),
    from: clock,
    to: clock,
    mode: z.enum(lineModes, `只能是 ${lineModes.join('、')}`),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: '结束应晚于开始；跨夜请分成两行' })
/** The rows of one number, in their order; `line` '' is every number without rows of its own, "@web" and "@wechat" are chats. */
export const lineHoursSchema = z.strictObject({
  line: z
    .string('号码为数字或字母')
    .trim()
    .refine((line) => /^[\w.+*#-]{0,40}$/.test(line) || chatLines.some((chat) => chat === line), '号码为数字或字母'),
  hours: z.array(hoursSchema).max(60, '最多 60 行'),
})
export type LineHoursView = {
  lines: { line: string; hours: LineHours[] }[]
  /** What holds for numbers without rows while nothing is kept for ''. */
  byDefault: LineHours[]
  /** What holds for the web and for WeChat while nothing is kept for them. */
  chatByDefault: LineHours[]
}

export const takeOverSchema = z.strictObject({ reason: text(300) })
export const elderSchema = z.strictObject({ isElder: z.boolean('应为 true 或 false') })

/** Why somebody goes before others who asked earlier. */
export const handoverFlags = ['elder', 'repeat', 'urgent-word'] as const
export type HandoverFlag = (typeof handoverFlags)[number]

/**
 * An agent's state, and who set it: the agent, or the system because nobody looked at whom they were given for too long
 * (`unseen`), or because no console of theirs was connected any more (`gone`). The system puts nobody on duty.
 */
export const presenceCauses = ['chosen', 'unseen', 'gone'] as const
export type PresenceCause = (typeof presenceCauses)[number]
/** Whoever does not look at what they were given for so long is not there. */
export const lookWithinSeconds = 45
export type MyPresence = { state: PresenceState; cause: PresenceCause; since?: string }

export type QueueNews = {
  /** To every console of this agent, whoever changed it. */
  'presence:changed': (presence: MyPresence) => void
  /** The queue gave this agent somebody. Not looked at for long, it goes to somebody else. */
  'conversation:given': (given: { conversationId: string; isCall: boolean }) => void
  /** A supervisor took a conversation out of this agent's hands. */
  'conversation:taken': (taken: { conversationId: string; byNumber: string; reason: string }) => void
  /** Somebody asked for a person and gets no answer; `agentNumber` has them, if anybody. Told once a level. */
  'queue:late': (late: { conversationId: string; level: Lateness; waitedSeconds: number; agentNumber?: string }) => void
  /** Nobody has taken somebody who waits, and this agent is on duty. */
  'queue:escalated': (escalated: { conversationId: string; waitedMinutes: number }) => void
}
