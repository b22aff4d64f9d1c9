/**
 * What no single file shows: two entries of one scope that would fight over the same question or say the same thing, and
 * texts that have run out. Faults of one file alone are found on reading (pack.ts).
 */
import type { Fault } from './pack-document.ts'
import { eachWording, type Pack } from './pack.ts'
import { normalise } from './text/normalise.ts'

/** @param today YYYY-MM-DD in the bureau's zone. */
export function lintPacks(packs: readonly Pack[], today: string): Fault[] {
  return [...sharedAnswers(packs), ...sharedQuestions(packs), ...expired(packs, today)].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line,
  )
}

type Claim = { id: string; file: string }

/** The first entry that claims a key keeps it; a later one of the same scope is told who has it. */
function firstClaims() {
  const claims = new Map<string, Claim>()
  return (key: string, claim: Claim): Claim | undefined => {
    const first = claims.get(key)
    if (!first) claims.set(key, claim)
    return first && first.id !== claim.id ? first : undefined
  }
}

function sharedAnswers(packs: readonly Pack[]): Fault[] {
  const claimed = firstClaims()
  return eachWording(packs).flatMap(({ entry, revision, wording }): Fault[] => {
    const other = claimed(`${wording.region ?? ''}\n${wording.answer.replace(/\s+/g, '')}`, entry)
    if (!other) return []
    const line = entry.lineOf(revision, 'answer')
    return [{ file: entry.file, line, field: 'answer', message: `答案与 ${other.id} 完全相同` }]
  })
}

function sharedQuestions(packs: readonly Pack[]): Fault[] {
  const claimed = firstClaims()
  return eachWording(packs).flatMap(({ entry, revision, wording }) => {
    const asked = [
      { field: 'question', text: wording.question },
      ...wording.similar.map((text, at) => ({ field: `similar.${at}`, text })),
    ]
    return asked.flatMap(({ field, text }): Fault[] => {
      const other = claimed(`${wording.region ?? ''}\n${normalise(text)}`, entry)
      if (!other) return []
      const line = entry.lineOf(revision, field)
      return [{ file: entry.file, line, field, message: `问法“${text}”在 ${other.id} 里已有` }]
    })
  })
}

function expired(packs: readonly Pack[], today: string): Fault[] {
  return packs.flatMap((pack) =>
    pack.entries.flatMap((entry): Fault[] => {
      const last = entry.wordings.at(-1)
      if (!last?.validUntil || last.validUntil >= today) return []
      const line = entry.lineOf(entry.wordings.length - 1, 'validUntil')
      return [{ file: entry.file, line, field: 'validUntil', message: `已于 ${last.validUntil} 失效，没有后续版本` }]
    }),
  )
}
