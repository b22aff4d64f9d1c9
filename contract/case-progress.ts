/** Where a case stands, for whoever quotes its number: as much of it as a citizen may hear. */
import { z } from 'zod'
import type { CaseKind, CaseState } from './case.ts'

/** The number of a case as people write it, with or without its letters, its dash and blanks. */
export const caseNumber = z
  .string()
  .transform((raw) => caseNumberIn(raw) ?? '')
  .pipe(z.string().min(1, '编号形如 ZG20261122-0001'))
export const caseProgressQuery = z.strictObject({ number: caseNumber })

const numberPattern = /(?:ZG\s*|(?<!\d))(20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))[\s-]*(\d{4,8})(?!\d)/i
const spokenDigits = new Map([...'零一二三四五六七八九'].map((digit, n) => [digit, String(n)]))
  .set('〇', '0')
  .set('幺', '1')
/** @returns 'ZG20261122-0001' out of whatever it stands in, written or spoken digit by digit. */
export function caseNumberIn(said: string): string | undefined {
  const written = said
    .normalize('NFKC')
    .replace(/[零〇一幺二三四五六七八九]/g, (digit) => spokenDigits.get(digit) ?? digit)
    .replace(/[‐-―]|横?杠/g, '-')
  const [, opened, serial] = numberPattern.exec(written) ?? []
  return opened && serial && `ZG${opened}-${serial}`
}

/** What a citizen may hear of a case: where it stands, by when, and what they were told of the fix. */
export type CaseProgress = {
  number: string
  kind: CaseKind
  state: CaseState
  openedOn: string
  dueOn: string
  provisional: boolean
  reopened: number
  /** Masked; as it was last told to the citizen. */
  remedy?: string
  /** The same in a sentence that can be read out. */
  words: string
}
