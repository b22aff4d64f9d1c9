/**
 * What is being typed behind a sign: "/" for a canned reply, "@" for a colleague; and whom a note mentions. Pure.
 */
import type { Teammate } from '../../contract/desk-notes.ts'

export type Typed = { from: number; typed: string }

const longest = 20

/**
 * The word that the caret stands in, when it begins with `sign`.
 * @param free whether the sign may follow any other than a blank: an address holds @ and /, and is no request.
 */
export function typedBehind(sign: '/' | '@', text: string, caret: number, free = false): Typed | undefined {
  const before = text.slice(0, caret)
  const from = before.lastIndexOf(sign)
  if (from < 0) return undefined
  const typed = before.slice(from + 1)
  if (typed.length > longest || /[\s/@]/.test(typed)) return undefined
  const previous = before[from - 1]
  const mayStart = previous === undefined || /\s/.test(previous) || (free && !/[\w.]/.test(previous))
  return mayStart ? { from, typed } : undefined
}

/** The text with what was typed, sign included, replaced; and where the caret goes. */
export function putIn(text: string, caret: number, { from }: Typed, words: string): { text: string; caret: number } {
  return { text: text.slice(0, from) + words + text.slice(caret), caret: from + words.length }
}

export const mentionWords = ({ workNumber, displayName }: Teammate) => `@${workNumber} ${displayName}`

export function matchingTeam(team: readonly Teammate[], typed: string): Teammate[] {
  const wanted = typed.toLocaleLowerCase()
  return team.filter(
    ({ workNumber, displayName }) =>
      workNumber.toLocaleLowerCase().startsWith(wanted) || displayName.toLocaleLowerCase().includes(wanted),
  )
}

/** By work number: what stands behind it is for people. */
export function mentionedIn(text: string, team: readonly Teammate[]): Teammate[] {
  const numbers = new Set([...text.matchAll(/@([A-Za-z0-9]{2,12})/g)].map(([, number]) => number))
  return team.filter(({ workNumber }) => numbers.has(workNumber))
}
