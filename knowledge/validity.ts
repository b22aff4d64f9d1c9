/**
 * 现行有效: which text of an entry holds on the day asked about, and what has to be said about that. Pure.
 *
 * Invariant: a text that has run out, or is not in force yet, is never told without saying so.
 */
import type { Wording } from '../contract/entry.ts'
import { dayInWords, plusDays } from './text/dates.ts'

type Validity = Pick<Wording, 'validFrom' | 'validUntil'>
type Texts = Validity & Pick<Wording, 'answer' | 'spoken'>
export type Notices = { notice?: string; coming?: string }

/** A change nearer than this is told of. */
const comingWithinDays = 90

/**
 * @param served the text that is told. @param next the one of the same entry that follows it.
 * @param asked the day that the question named; absent when it named none but the present.
 */
export function noticesOn(
  served: Texts,
  { next, today, asked }: { next?: Texts; today: string; asked?: string },
): Notices {
  const notice = asked ? aboutDay(served, today, asked) : undefined
  const coming = isInForce(served, today) ? comingChange(served, next, today) : undefined
  return { ...(notice && { notice }), ...(coming && { coming }) }
}

export function isInForce({ validFrom, validUntil }: Validity, on: string): boolean {
  return validFrom <= on && (validUntil === undefined || on <= validUntil)
}

function aboutDay({ validFrom, validUntil }: Validity, today: string, asked: string): string | undefined {
  if (validFrom > today) return `以下规定自${dayInWords(validFrom)}起施行。`
  if (validUntil !== undefined && validUntil < today)
    return `以下是当时的规定，已于${dayInWords(validUntil)}失效，不是现行规定。`
  if (asked < validFrom) return `以下是现行规定，自${dayInWords(validFrom)}起施行；我这里没有更早的规定。`
  if (validUntil !== undefined && validUntil < asked)
    return `以下是现行规定，有效期到${dayInWords(validUntil)}；之后的规定我这里还没有。`
  return undefined
}

function comingChange({ validUntil, answer, spoken }: Texts, next: Texts | undefined, today: string) {
  const soon = plusDays(today, comingWithinDays)
  if (next) {
    const isSame = next.answer === answer && next.spoken === spoken
    return next.validFrom <= soon && !isSame ? `自${dayInWords(next.validFrom)}起：${next.spoken}` : undefined
  }
  return validUntil !== undefined && validUntil <= soon
    ? `这项规定有效期到${dayInWords(validUntil)}，之后的规定我这里还没有。`
    : undefined
}
