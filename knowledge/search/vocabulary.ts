/** Numbers for the parts of texts, so that what is counted of a base lies in flat arrays. A part keeps its number. */
export type Vocabulary = ReturnType<typeof vocabulary>

/** What a part that was never numbered has for a number; no array holds anything there. */
export const unknown = -1

/** A table that outgrows its room is copied at one go: of many small ones, each copy is short. */
const tables = 64

export function vocabulary() {
  const numbers = Array.from({ length: tables }, () => new Map<string, number>())
  const parts: string[] = []
  return {
    size: () => parts.length,

    /** Given at the first asking. */
    numberOf: (part: string): number => {
      const table = numbers[tableOf(part)]
      const known = table?.get(part)
      if (known !== undefined) return known
      table?.set(part, parts.length)
      return parts.push(part) - 1
    },

    /** `unknown` for a part that has no number. */
    known: (part: string): number => numbers[tableOf(part)]?.get(part) ?? unknown,

    part: (number: number): string => parts[number] ?? '',
  }
}

function tableOf(part: string): number {
  const middle = part.charCodeAt(part.length >> 1)
  return (31 * part.charCodeAt(0) + 7 * middle + part.charCodeAt(part.length - 1)) % tables || 0
}
