import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cautious, decide, type Candidate } from '../../knowledge/decision.ts'
import { missingFact } from '../../knowledge/missing-fact.ts'

const [lvliang, huaibei] = ['141100', '340600']
const at = (entryId: string, score: number, given: Partial<Candidate> = {}): Candidate => ({
  entryId,
  score,
  notToConfuse: [],
  ...given,
})
const missing = (candidates: Candidate[], asker = {}, isPlaceOpen = true) =>
  missingFact(candidates, asker, cautious.text, isPlaceOpen)

describe('the city is asked for', () => {
  it('when only cities know the answer', () => {
    const both = [at('ll', 0.8, { region: lvliang }), at('hb', 0.8, { region: huaibei })]
    expect(missing(both)).toEqual({ needs: 'region', cities: [lvliang, huaibei] })
  })

  it('when a city has an answer of its own beside the country’s', () => {
    expect(missing([at('nat', 0.9), at('ll', 0.85, { region: lvliang })])).toEqual({
      needs: 'region',
      cities: [lvliang],
    })
  })

  it('not when it is known, named in doubt, or decides nothing', () => {
    const local = [at('ll', 0.8, { region: lvliang })]
    expect(missing(local, { region: lvliang }, false)).toBeUndefined()
    expect(missing(local, {}, false)).toBeUndefined()
    expect(missing([at('nat', 0.9), at('ll', 0.45, { region: lvliang })])).toBeUndefined()
  })
})

describe('the insurance is asked for', () => {
  const pair = [at('emp', 0.8, { insurance: 'employee' }), at('res', 0.79, { insurance: 'resident' })]

  it('when each has an answer of its own', () => {
    expect(missing(pair)).toEqual({ needs: 'insurance' })
  })

  it('not when it is known, or when there is nothing but a faint likeness', () => {
    expect(missing(pair, { insurance: 'employee' })).toBeUndefined()
    expect(missing(pair.map((one) => ({ ...one, score: 0.3 })))).toBeUndefined()
    expect(missing([at('a', 0.9)])).toBeUndefined()
  })

  it('after the city, when both decide', () => {
    const local = pair.map((one) => ({ ...one, region: lvliang }))
    expect(missing(local)).toMatchObject({ needs: 'region' })
    expect(missing(local, { region: lvliang }, false)).toEqual({ needs: 'insurance' })
  })
})

it('asks for nothing whose telling could not bring an answer', () => {
  const some = fc.record({
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    region: fc.constantFrom(undefined, lvliang, huaibei),
    insurance: fc.constantFrom(undefined, 'employee' as const, 'resident' as const),
  })
  fc.assert(
    fc.property(fc.array(some, { maxLength: 6 }), (given) => {
      const candidates = given.toSorted((a, b) => b.score - a.score).map((one, i) => at(`e${i}`, one.score, one))
      const found = missing(candidates)
      if (found?.needs !== 'insurance') return
      const answered = (['employee', 'resident'] as const).some(
        (insurance) => decide(candidates, { insurance }).outcome === 'answer',
      )
      expect(answered).toBe(true)
      expect(decide(candidates, {}).outcome).not.toBe('answer')
    }),
  )
})
