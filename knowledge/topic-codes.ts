/** Which code an entry gets that has none yet. Pure; what was given before is kept by topic-codes.store.ts. */
import { topicCodes } from '../contract/topic-code.ts'

/**
 * @param ids entries without a code, the oldest first: where two want one code the older gets it.
 * @param taken every code that was ever given, also to entries that are withdrawn: a printed code is never reused.
 * @returns id → code. When no code (of 2465) is left, the rest get none; initials still find them.
 */
export function newCodes(ids: readonly string[], taken: ReadonlySet<string>): Map<string, string> {
  const given = new Map<string, string>()
  const used = new Set(taken)
  for (const id of ids) {
    if (given.has(id)) continue
    if (used.size >= topicCodes.length) break
    let place = hash(id) % topicCodes.length
    while (used.has(topicCodes[place] ?? '')) place = (place + 1) % topicCodes.length
    const code = topicCodes[place] ?? ''
    used.add(code)
    given.set(id, code)
  }
  return given
}

/** 32-bit FNV-1a: published, tiny, and the same for ever: two bases that begin alike are numbered alike. */
function hash(id: string): number {
  let sum = 0x811c9dc5
  for (const byte of new TextEncoder().encode(id)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0
  return sum
}
