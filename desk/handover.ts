/** Why a conversation needs a person, and how far to the front of the queue that and whoever waits puts it. Pure. */
import type { HandoverFlag, Skill } from '../contract/queue.ts'
import type { HandoverReason } from './tables.ts'

/** 0 to 9; higher is taken first, the same in order of asking. Whoever lost their agent has waited once already. */
export const handoverPriority: Record<HandoverReason, number> = {
  urgent: 5,
  agent_gone: 3,
  transfer: 3,
  asked: 0,
  bot_stuck: 0,
  bot_failed: 0,
}
/** An urgent word goes before everybody but an emergency. */
const urgentWordPriority = 4
const elderAge = 60
const oldestAge = 119

/**
 * Who is old or comes again goes one place higher each, and past no emergency that way.
 * @param isOwed whether they wait for an answer: who lost their agent and waits for none comes before nobody.
 */
export function priorityOf(reason: HandoverReason, flags: readonly HandoverFlag[], isOwed = true): number {
  const ofReason = reason === 'agent_gone' && !isOwed ? 0 : handoverPriority[reason]
  const base = Math.max(ofReason, flags.includes('urgent-word') ? urgentWordPriority : 0)
  const higher = flags.filter((flag) => flag !== 'urgent-word').length
  return Math.min(base + higher, base >= handoverPriority.urgent ? 9 : urgentWordPriority)
}

export const isEmergency = (priority: number) => priority >= handoverPriority.urgent

type InQueue = { conversationId: string; priority: number; askedAt: Date }

/**
 * First to be served first. A place of priority is worth `ageMinutes` of waiting: whoever comes more than that times the
 * difference later passes nobody, and two who wait never change places. An emergency waits behind no age.
 */
export const inPlace =
  (ageMinutes: number) =>
  (a: InQueue, b: InQueue): number =>
    Number(isEmergency(b.priority)) - Number(isEmergency(a.priority)) ||
    countsFrom(a, ageMinutes) - countsFrom(b, ageMinutes) ||
    a.askedAt.getTime() - b.askedAt.getTime() ||
    (a.conversationId < b.conversationId ? -1 : 1)

const countsFrom = ({ askedAt, priority }: InQueue, ageMinutes: number) =>
  askedAt.getTime() - priority * ageMinutes * 60_000

export function hasWord(said: readonly string[], words: readonly string[]): boolean {
  return said.some((text) => words.some((word) => text.includes(word)))
}

/** The skill whose words were said most; of two, the first by name. */
export function skillNeeded(said: readonly string[], skills: readonly Skill[]): string | undefined {
  const count = ({ words }: Skill) => words.filter((word) => hasWord(said, [word])).length
  const [best] = skills
    .map((skill) => ({ id: skill.id, hits: count(skill) }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits)
  return best?.id
}

const ownAge =
  /我(?:本人)?(?:今年|现在|都|已经|也|是)*(\d{2,3}|[六七八九]十[一二三四五六七八九多几来]?|一百零?[一二三四五六七八九十]?)(?:多)?(?:周?岁|了|的人|高龄)/
const inWords =
  /我(?:是|一个|这个|们|都|也|已经|这)*(?:(?:孤寡|独居|高龄)?老年?人(?!家)|老人家|老头|老太|上了?年纪|年纪大了|岁数大了|年过(?:六|七|八|九)[十旬])/
const idNumber = /(?<!\d)\d{6}((?:19|20)\d{2})\d{7}[\dXx](?!\d)/

/** Somebody says that they themselves are old, or writes an ID number that does. @param year the one it is now. */
export function saysElder(text: string, year: number): boolean {
  const said = text.normalize('NFKC').replace(/\s+/g, '')
  if (inWords.test(said)) return true
  const age = ownAge.exec(said)?.[1]
  if (age !== undefined) return /^\d+$/.test(age) ? isElder(Number(age)) : true
  const born = idNumber.exec(said)?.[1]
  return born !== undefined && isElder(year - Number(born))
}

const isElder = (age: number) => age >= elderAge && age <= oldestAge
