import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cautious, decide, leads, sureness, type Candidate } from '../../knowledge/decision.ts'
import type { SlotName, Slots } from '../../knowledge/slots.ts'

const city = '141100'
const thresholds = cautious.text
const high = 0.8
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
    expect(outcome([candidate('a', high), candidate('b', high - leads.most)])).toBe('answer a')
  })

  it('is the surer the further the next one is behind, as far as that means anything', () => {
    const [far, further, near] = [0.4, 0.1, 0.7].map((score) => sureness({ score: 0.8 }, [{ score }]))
    expect(far).toBe(further)
    expect(near).toBeLessThan(far ?? 0)
    expect(sureness({ score: 1 }, [])).toBeCloseTo(1, 10)
  })

  it('asks back when two are next to each other, however high', () => {
    expect(outcome([candidate('a', 0.95), candidate('b', 0.95 - leads.least + 0.001)])).toBe('ask-back a b')
  })

  it('goes by the thresholds of the base', () => {
    const alone = [candidate('a', 0.5)]
    expect(decide(alone, {}, { answer: 0.9, askBack: 0.6 }).outcome).toBe('unknown')
    expect(decide(alone, {}, { answer: 0.9, askBack: 0.4 }).outcome).toBe('ask-back')
    expect(decide(alone, {}, { answer: 0.5, askBack: 0.4 }).outcome).toBe('answer')
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

describe('where entries have many questions', () => {
  const told = { weight: 0.97, length: 3, covered: 0.9, second: 0.5, likelihood: 0.5 }
  const said = (score: number, likelihood: number, own: number) => ({
    score,
    evidence: { ...told, likelihood, ownQuestion: () => own },
  })
  const rival = said(0.3, 0, 0.3)

  it('is the surer the likelier the winner is as a whole, and the more its own question says', () => {
    const sure = sureness(said(0.6, 0.5, 0.6), [rival])
    expect(sureness(said(0.6, 1, 0.6), [rival])).toBeGreaterThan(sure)
    expect(sureness(said(0.6, 0.5, 0.9), [rival])).toBeGreaterThan(sure)
    expect(sureness(said(0.6, 0.5, 0.6), [rival, said(0.1, 0.9, 0.9)])).toBeLessThan(sure)
  })

  it('is less sure of what somebody asks who names an insurer’s business', () => {
    const commercial: Slots = new Map([['scheme', new Set(['commercial'])]])
    const winner = said(0.6, 0.5, 0.6)
    expect(sureness(winner, [rival], commercial)).toBeLessThan(sureness(winner, [rival], new Map()))
  })

  it('is as sure as ever of any that has no rival at all', () => {
    const alone = sureness(said(0.6, 0.5, 0.6), [])
    expect(alone).toBeGreaterThan(sureness(said(0.6, 0.5, 0.6), [rival]))
    expect(alone).toBeLessThan(1)
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

  it('asks back when two entries of the city are next to each other', () => {
    const two = [candidate('a', high, { region: city }), candidate('b', high, { region: city })]
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

describe('by what is spoken of', () => {
  const speaking = (...slots: [SlotName, string][]): Slots =>
    new Map(slots.map(([name, value]) => [name, new Set([value])]))
  const of = (entryId: string, score: number, ...slots: [SlotName, string][]) =>
    candidate(entryId, score, { speaksOf: () => speaking(...slots) })

  it('never answers with something else than was asked', () => {
    const asker = { speaksOf: speaking(['care', 'hospital']) }
    expect(outcome([of('clinic', 0.9, ['care', 'clinic'])], asker)).toBe('ask-back clinic')
    expect(outcome([of('hospital', 0.9, ['care', 'hospital'])], asker)).toBe('answer hospital')
    expect(outcome([of('general', 0.9)], asker)).toBe('answer general')
  })

  it('asks which one when the asker named none and a close one is otherwise the same', () => {
    const two = [of('clinic', 0.9, ['care', 'clinic']), of('hospital', 0.82, ['care', 'hospital'])]
    expect(outcome(two, { speaksOf: speaking() })).toBe('ask-back clinic hospital')
    expect(outcome(two, { speaksOf: speaking(['care', 'clinic']) })).toBe('answer clinic')
    expect(outcome([two[0] ?? of('', 0), of('hospital', 0.5, ['care', 'hospital'])], { speaksOf: speaking() })).toBe(
      'answer clinic',
    )
  })

  it('answers a question written word for word, whatever it leaves open', () => {
    const two = [of('clinic', 1, ['care', 'clinic']), of('hospital', 0.95, ['care', 'hospital'])]
    expect(outcome(two, { speaksOf: speaking() })).toBe('answer clinic')
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
      expect(decision.sureness).toBeGreaterThanOrEqual(thresholds.answer)
      if (!asker.region) expect(decision.winner.region).toBeUndefined()
    }),
  )
})
