/** Numbers for the parts of texts, so that what is counted of a base lies in flat arrays. A part keeps its number. */
export type Vocabulary = ReturnType<typeof vocabulary>

/** What a part that was never numbered has for a number; no array holds anything there. */
export const unknown = -1

export function vocabulary() {
  const numbers = new Map<string, number>()
  const parts: string[] = []
  return {
    size: () => parts.length,

    /** Given at the first asking. */
    numberOf: (part: string): number => {
      const known = numbers.get(part)
      if (known !== undefined) return known
      numbers.set(part, parts.length)
      return parts.push(part) - 1
    },

    /** `unknown` for a part that has no number. */
    known: (part: string): number => numbers.get(part) ?? unknown,

    part: (number: number): string => parts[number] ?? '',
  }
}
