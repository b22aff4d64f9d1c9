/**
 * What a conversation is about at the moment: the topic that was answered last, and the question that waits for a fact.
 * Pure; kept by context.store.ts.
 *
 * Invariant: a topic is continued for thirty minutes at most, and never across a person's part of the conversation: the
 * bot begins anew when it takes a conversation back (standing.ts).
 */
import type { Insurance } from '../contract/text.ts'

export type Fact = 'region' | 'insurance'
export type Scope = { region?: string; insurance?: Insurance }
export type Topic = {
  entryId: string
  revisionId: string
  /** Whole, as it was understood: what "那退休的呢" is put into. */
  question: string
  /** Asked about this city alone. */
  region?: string
  /** ISO time. */
  at: string
}
export type Context = {
  topic?: Topic
  /** `likely`: cities that have an answer, to be offered first. */
  waiting?: { question: string; for: Fact; likely?: readonly string[] }
  /** Asked once, and not again. */
  asked: readonly Fact[]
  /** The cities that have a text of their own were offered beside the country's, once. */
  hasOfferedCities?: boolean
  /** Insured in a city of which nothing is known here. */
  isElsewhere?: boolean
}

export const newContext: Context = { asked: [] }

const topicLastsMs = 30 * 60_000
/** No city's code: with it the country's texts alone are looked at. */
const elsewhere = '000000'

export function topicOf({ topic }: Context, now: Date): Topic | undefined {
  return topic && now.getTime() - Date.parse(topic.at) <= topicLastsMs ? topic : undefined
}

export function hasAsked(context: Context, fact: Fact): Context {
  return { ...context, asked: [...new Set([...context.asked, fact])] }
}

/** For whom is answered. */
export function scopeOf({ region, insurance }: Scope, { isElsewhere }: Context): Scope {
  return { region: region ?? (isElsewhere ? elsewhere : undefined), insurance }
}

export function isOtherScope(told: Scope, { region, insurance }: Scope): boolean {
  return (
    (told.region !== undefined && told.region !== region) ||
    (told.insurance !== undefined && told.insurance !== insurance)
  )
}
