/**
 * What is not known of the asker and would decide: their city, or which insurance they are in. Pure: it tries what would
 * be decided for each city and insurance that the best hits speak of.
 *
 * Invariant: a fact is only asked for when telling it can bring a sure answer that is not given without it.
 */
import type { Insurance } from '../contract/text.ts'
import { decide, type Candidate, type Circumstances, type Thresholds } from './decision.ts'

export type MissingFact = { needs: 'region'; cities: string[] } | { needs: 'insurance' }

const insurances: readonly Insurance[] = ['employee', 'resident']

/** @param isPlaceOpen nothing at all is known of the place; a doubt between two is asked about otherwise. */
export function missingFact(
  candidates: readonly Candidate[],
  asker: Circumstances,
  thresholds: Thresholds,
  isPlaceOpen: boolean,
): MissingFact | undefined {
  const winner = (given: Circumstances) => {
    const inPlace = candidates.filter(({ region }) => !region || !given.region || region === given.region)
    const decision = decide(inPlace, given, thresholds)
    return decision.outcome === 'answer' ? decision.winner : undefined
  }
  const now = winner(asker)
  const possible = asker.insurance ? [asker.insurance] : [undefined, ...insurances]
  if (isPlaceOpen) {
    const near = candidates.flatMap(({ region, score }) => (region && score >= thresholds.askBack ? [region] : []))
    const cities = [...new Set(near)].filter((region) =>
      possible.some((insurance) => winner({ ...asker, region, insurance })?.region === region),
    )
    if (cities.length > 0) return { needs: 'region', cities }
  }
  if (now || asker.insurance) return undefined
  const [employee, resident] = insurances.map((insurance) => winner({ ...asker, insurance }))
  if (employee?.entryId === resident?.entryId) return undefined
  return employee?.insurance || resident?.insurance ? { needs: 'insurance' } : undefined
}
