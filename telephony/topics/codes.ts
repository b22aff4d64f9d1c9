/**
 * Topic codes: four digits a caller reads off the website and types. Every code has a 1 and none has a 0: 1 carries no
 * letters, so a code is never taken for initials, and 0 stays a person. The same list of ids gives the same codes.
 */

const length = 4
export const topicCodes: readonly string[] = everyCode()

export function isTopicCode(digits: string): boolean {
  return digits.length === length && /^[1-9]+$/.test(digits) && digits.includes('1')
}

/**
 * A code for each entry, derived from its id.
 *
 * @param ids in the order in which the entries were made, withdrawn ones too: where two ids want one code the older
 * keeps it, so a printed code stays true whatever is added later. An id given twice counts once.
 * @returns id → code. Ids beyond the number of codes (2465) get none; initials still find them.
 */
export function codeOf(ids: readonly string[]): Map<string, string> {
  const byId = new Map<string, string>()
  const taken = new Set<number>()
  for (const id of ids) {
    if (byId.has(id)) continue
    if (taken.size === topicCodes.length) break
    let place = hash(id) % topicCodes.length
    while (taken.has(place)) place = (place + 1) % topicCodes.length
    taken.add(place)
    byId.set(id, topicCodes[place] ?? '')
  }
  return byId
}

/** 32-bit FNV-1a: published, tiny, and the same for ever; a code must outlive every library. */
function hash(id: string): number {
  let sum = 0x811c9dc5
  for (const byte of new TextEncoder().encode(id)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0
  return sum
}

function everyCode(): string[] {
  const codes: string[] = []
  for (let number = 1_111; number <= 9_999; number++) if (isTopicCode(String(number))) codes.push(String(number))
  return codes
}
