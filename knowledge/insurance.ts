/** 职工 or 居民: whose insurance a text speaks of. A closed list of two; other words for them are no proof of either. */
import type { Wording } from '../contract/entry.ts'
import type { Insurance } from '../contract/text.ts'

const names: Record<Insurance, string> = { employee: '职工', resident: '居民' }

function namedIn(text: string): Insurance[] {
  return (['employee', 'resident'] as const).filter((insurance) => text.includes(names[insurance]))
}

/** What the asker's words name counts more than what is on file; naming both is asking about both. */
export function insuranceAsked(normalised: string, onFile: Insurance | undefined): Insurance | undefined {
  const [named, other] = namedIn(normalised)
  return other ? undefined : (named ?? onFile)
}

/** An entry that names the other insurance in its own question ("can my account pay 居民 fees") is for both to find. */
export function insuranceServed({ question, insurance }: Wording): Insurance | undefined {
  return namedIn(question).some((named) => named !== insurance) ? undefined : insurance
}
