import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, thresholds, type Candidate } from '../../knowledge/decision.ts'

const city = '141100'
const sure = thresholds.answer + 0.1
const faint = thresholds.askBack + 0.05

function candidate(entryId: string, score: number, given: Partial<Candidate> = {}): Candidate {
  return { entryId, score, notToConfuse: [], ...given }
}
/** "answer a", "ask-back a b" or "unknown". */
function outcome(candidates: Candidate[], asker = {}): string {
  const decision = decide(candidates, asker)
  if (decision.outcome === 'answer') return `answer ${decision.winner.entryId}`
  if (decision.outcome === 'ask-back') return `ask-back ${decision.choices.map(({ entryId }) => entryId).join(' ')}`
  return 'unknown'
}

describe('by score alone', () => {
  it('answers what is alike enough and leads', () => {
    expect(outcome([candidate('a', sure), candidate('b', sure - thresholds.margin - 0.01)])).toBe('answer a')
  })

  it('asks back when two are within the margin', () => {
    expect(outcome([candidate('a', sure), candidate('b', sure - thresholds.margin + 0.01)])).toBe('ask-back a b')
  })

  it('asks back with three at most, and never with one that is too faint to mean', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((id) => candidate(id, faint))
    expect(outcome(five)).toBe('ask-back a b c')
    expect(outcome([candidate('a', faint), candidate('b', thresholds.askBack - 0.01)])).toBe('ask-back a')
  })

  it('says that it does not know below that, and when there is nothing', () => {
    expect(outcome([candidate('a', thresholds.askBack - 0.01)])).toBe('unknown')
    expect(outcome([])).toBe('unknown')
  })

  it('answers a question written word for word, however close the next one is', () => {
    expect(outcome([candidate('a', 1), candidate('b', 0.99)])).toBe('answer a')
    expect(outcome([candidate('a', 1), candidate('b', 1)])).toBe('ask-back a b')
  })
})

describe('by city', () => {
  const asker = { region: city }

  it('prefers what the city says to what the country says about nearly the same', () => {
    expect(outcome([candidate('nat', 0.8), candidate('ll', 0.75, { region: city })], asker)).toBe('answer ll')
    expect(outcome([candidate('ll', 0.8, { region: city }), candidate('nat', 0.8)], asker)).toBe('answer ll')
  })

  it('answers for the country when the city speaks of something else', () => {
    expect(outcome([candidate('nat', 0.9), candidate('ll', 0.6, { region: city })], asker)).toBe('answer nat')
  })

  it('asks back when two entries of the city are within the margin', () => {
    const two = [candidate('a', sure, { region: city }), candidate('b', sure, { region: city })]
    expect(outcome(two, asker)).toBe('ask-back a b')
  })

  it('answers with national entries for somebody whose city is not known', () => {
    expect(outcome([candidate('ll', 0.8, { region: city }), candidate('nat', 0.79)])).toBe('answer nat')
  })

  it('only offers a city’s entry to them, even one that is asked for word for word', () => {
    expect(outcome([candidate('ll', 1, { region: city }), candidate('nat', 0.8)])).toBe('ask-back ll nat')
    expect(outcome([candidate('ll', 1, { region: city })])).toBe('ask-back ll')
  })
})

describe('by insurance', () => {
  const employee = candidate('emp', 0.9, { insurance: 'employee', notToConfuse: ['res'] })
  const resident = candidate('res', 0.7, { insurance: 'resident' })

  it('never answers for the other insurance than the asker’s', () => {
    expect(outcome([employee, resident], { insurance: 'resident' })).toBe('answer res')
    expect(outcome([employee], { insurance: 'resident' })).toBe('unknown')
  })

  it('answers with an entry for both', () => {
    expect(outcome([candidate('both', 0.9)], { insurance: 'resident' })).toBe('answer both')
  })

  it('asks which one when nobody said and the entries are known to be confused', () => {
    expect(outcome([employee, resident])).toBe('ask-back emp res')
    expect(outcome([employee, resident], { insurance: 'employee' })).toBe('answer emp')
    expect(outcome([{ ...employee, score: 1 }, resident])).toBe('answer emp')
    expect(outcome([{ ...employee, notToConfuse: [] }, resident])).toBe('answer emp')
  })
})

it('keeps its promises for any candidates', () => {
  const anyCandidate = fc.record({
    entryId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    region: fc.option(fc.constantFrom(city), { nil: undefined }),
    insurance: fc.option(fc.constantFrom('employee' as const, 'resident' as const), { nil: undefined }),
    notToConfuse: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
  })
  const candidates = fc
    .uniqueArray(anyCandidate, { selector: ({ entryId }) => entryId })
    .map((some) => some.sort((a, b) => b.score - a.score))
  const anyAsker = fc.record({
    region: fc.option(fc.constant(city), { nil: undefined }),
    insurance: fc.option(fc.constantFrom('employee' as const, 'resident' as const), { nil: undefined }),
  })
  fc.assert(
    fc.property(candidates, anyAsker, (some, asker) => {
      const decision = decide(some, asker)
      if (decision.outcome === 'unknown') return
      const named = decision.outcome === 'answer' ? [decision.winner] : decision.choices
      expect(named.length).toBeGreaterThan(0)
      expect(named.length).toBeLessThanOrEqual(3)
      for (const { insurance, score } of named) {
        expect(score).toBeGreaterThanOrEqual(thresholds.askBack)
        if (asker.insurance && insurance) expect(insurance).toBe(asker.insurance)
      }
      if (decision.outcome !== 'answer') return
      expect(decision.winner.score).toBeGreaterThanOrEqual(thresholds.answer)
      if (!asker.region) expect(decision.winner.region).toBeUndefined()
    }),
  )
})
