import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prepare, rarityOf, similarity } from '../../knowledge/search/score.ts'
import { grams } from '../../knowledge/text/grams.ts'
import { normalise } from '../../knowledge/text/normalise.ts'

const base = ['新生儿怎么参加医保', '住院能报多少', '异地就医怎么备案', '医保断缴了怎么办'].map(normalise)
const rarity = rarityOf(base.map(grams))
const alike = (a: string, b: string) => similarity(prepare(normalise(a), rarity), prepare(normalise(b), rarity))

describe('similarity', () => {
  it('is 1 for the same question however it is written', () => {
    expect(alike('請問住院能報多少？', '住院能报多少')).toBe(1)
  })

  it('is 0 for questions that share no character, and for an empty one', () => {
    expect(alike('唱首歌', '住院能报多少')).toBe(0)
    expect(alike('？', '住院能报多少')).toBe(0)
    expect(alike('？', '！')).toBe(0)
  })

  it('sets a paraphrase far above a question about something else', () => {
    expect(alike('住院可以报多少钱', '住院能报多少')).toBeGreaterThan(0.5)
    expect(alike('今天天气怎么样', '异地就医怎么备案')).toBeLessThan(0.3)
  })

  it('does not fall because both questions are long', () => {
    const long = '我在外地打工生病了住院以后回到老家医保能报多少'
    expect(alike(long, `${long}钱`)).toBeGreaterThan(0.9)
  })

  it('weighs a rare character more than one that every entry has', () => {
    expect(alike('备案', '异地就医怎么备案')).toBeGreaterThan(alike('怎么', '异地就医怎么备案'))
  })

  it('is the same both ways, in [0, 1], and 1 for equal texts alone', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.array(fc.constantFrom(...'医保怎么交住院报多少'), { maxLength: 30 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, text, (a, b) => {
        const score = alike(a, b)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
        expect(score).toBeCloseTo(alike(b, a), 10)
        expect(score === 1).toBe(normalise(a) === normalise(b) && normalise(a) !== '')
      }),
    )
  })

  it('knows no rarity below that of a gram in every entry', () => {
    expect(rarity('从未见过')).toBeGreaterThan(rarity('怎'))
    expect(rarity('怎')).toBeGreaterThan(0)
    expect(Number.isFinite(rarityOf([])('医'))).toBe(true)
  })
})
