/**
 * What no single file shows: two entries of one scope that would fight over the same question or say the same thing, and
 * texts that have run out. Faults of one file alone are found on reading (pack.ts).
 */
import { entryPairSteps } from './entry-pairs.ts'
import type { Fault } from './pack-document.ts'
import { eachWording, type Pack } from './pack.ts'
import { atOnce } from './search/steps.ts'
import { plusDays } from './text/dates.ts'
import { normalise } from './text/normalise.ts'

/** @param today YYYY-MM-DD in the bureau's zone. */
export function lintPacks(packs: readonly Pack[], today: string): Fault[] {
  return [...sharedAnswers(packs), ...sharedQuestions(packs), ...expired(packs, today)].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line,
  )
}

const soonDays = 30

/**
 * What somebody should look at, though nothing is wrong for sure: entries too alike, numbers that differ for one question,
 * texts about to run out.
 */
export function packNotices(packs: readonly Pack[], today: string): Fault[] {
  const last = packs.flatMap(({ entries }) =>
    entries.flatMap((entry) => {
      const wording = entry.wordings.at(-1)
      return wording ? [{ entry, wording, entryId: entry.id }] : []
    }),
  )
  const byId = new Map(last.map((one) => [one.entryId, one.entry]))
  const pairs = atOnce(entryPairSteps(last)).flatMap(({ kind, a, b, numbers }): Fault[] => {
    const entry = byId.get(b.entryId)
    if (!entry) return []
    const message =
      kind === 'alike'
        ? `“${b.text}”与 ${a.entryId} 的“${a.text}”太像`
        : `与 ${a.entryId}“${a.text}”问的相同，数字却不同：${numbers?.b.join('、')} 与 ${numbers?.a.join('、')}`
    const field = kind === 'alike' ? 'similar' : 'answer'
    return [{ file: entry.file, line: entry.lineOf(entry.wordings.length - 1, field), field, message }]
  })
  const ending = last.flatMap(({ entry, wording: { validUntil } }): Fault[] => {
    if (!validUntil || validUntil < today || validUntil > plusDays(today, soonDays)) return []
    const line = entry.lineOf(entry.wordings.length - 1, 'validUntil')
    return [{ file: entry.file, line, field: 'validUntil', message: `${validUntil} 就要失效，还没有后续版本` }]
  })
  return [...pairs, ...ending].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
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
