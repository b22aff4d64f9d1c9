import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outline, partsOf, prepare } from '../../knowledge/search/prepared.ts'
import { raritySteps } from '../../knowledge/search/rarity.ts'
import { similarity, spokenSimilarity } from '../../knowledge/search/score.ts'
import { atOnce } from '../../knowledge/search/steps.ts'
import { vocabulary } from '../../knowledge/search/vocabulary.ts'
import { normalise } from '../../knowledge/text/normalise.ts'
import { syllableGrams, syllables } from '../../knowledge/text/pinyin.ts'

/** @param entries the normalised questions of each. @param partsIn what is counted. */
function counted(entries: readonly (readonly string[])[], partsIn: (text: string) => string[]) {
  const numbers = vocabulary()
  const parts = entries.map((texts) => texts.map((text) => Uint32Array.from(partsIn(text), numbers.numberOf)))
  return { known: numbers.known, rarity: atOnce(raritySteps(entries.length, (at) => parts[at] ?? [], numbers)) }
}
const rarityIn = (entries: readonly (readonly string[])[]) => {
  const { known, rarity } = counted(entries, partsOf)
  return (part: string) => rarity(known(part))
}

const base = ['新生儿怎么参加医保', '住院能报多少', '异地就医怎么备案', '医保断缴了怎么办'].map((q) => [normalise(q)])
const written = counted(base, partsOf)
const heard = counted(base, (text) => syllableGrams(syllables(text)))
const rarity = rarityIn(base)
const prepared = (raw: string) =>
  prepare(outline(normalise(raw), { word: written.known, sound: heard.known }), {
    written: written.rarity,
    heard: heard.rarity,
  })
const alike = (a: string, b: string) => similarity(prepared(a), prepared(b))
const soundsLike = (a: string, b: string) => spokenSimilarity(prepared(a), prepared(b))

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom(...'医保怎么交住院报多少'), { maxLength: 30 }).map((parts) => parts.join('')),
)

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
    expect(alike('住院可以报多少钱', '住院能报多少')).toBeGreaterThan(0.6)
    expect(alike('住院可以报多少', '住院能报多少')).toBeGreaterThan(0.99)
    expect(alike('今天天气怎么样', '异地就医怎么备案')).toBeLessThan(0.3)
  })

  it('does not fall because both questions are long', () => {
    const long = '我在外地打工生病了住院以后回到老家医保能报多少'
    expect(alike(long, `${long}钱`)).toBeGreaterThan(0.9)
  })

  it('weighs a rare character more than one that every question has, in this base or in the language', () => {
    expect(alike('备案', '异地就医怎么备案')).toBeGreaterThan(alike('怎么', '异地就医怎么备案'))
    expect(alike('报销的', '的住院')).toBeLessThan(alike('报销的', '的报销'))
  })

  it('does not take a character that a question holds for that question', () => {
    expect(alike('备', '异地就医怎么备案')).toBeLessThan(alike('备案', '异地就医怎么备案'))
    expect(alike('1', '1号医保')).toBeLessThan(0.5)
  })

  it('falls when only one of the two says no', () => {
    expect(alike('住院不能报多少', '住院能报多少')).toBeLessThan(alike('住院都能报多少', '住院能报多少'))
  })

  it('is in [0, 1], and 1 for equal texts alone', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        for (const score of [alike(a, b), soundsLike(a, b)]) {
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(1)
          expect(score === 1).toBe(normalise(a) === normalise(b) && normalise(a) !== '')
        }
      }),
    )
  })
})

describe('what was heard', () => {
  it('counts homophones for what they sound like, an accent included', () => {
    expect(alike('一地旧医怎么被按', '异地就医怎么备案')).toBeLessThan(0.4)
    expect(soundsLike('一地旧医怎么被按', '异地就医怎么备案')).toBeGreaterThan(0.55)
    expect(soundsLike('住院冷报多少', '住院能报多少')).toBeGreaterThan(0.8)
  })

  it('is no reason to take another question for it', () => {
    expect(soundsLike('今天天气怎么样', '异地就医怎么备案')).toBeLessThan(0.3)
  })
})

describe('rarity', () => {
  it('is highest for what no entry has, and never 0', () => {
    expect(rarity('从未见过')).toBeGreaterThan(rarity('怎'))
    expect(rarity('怎')).toBeGreaterThan(0)
    expect(Number.isFinite(rarityIn([])('医'))).toBe(true)
  })

  it('counts an entry once, however many questions it has', () => {
    const once = rarityIn([['医保'], ['社保']])
    const often = rarityIn([['医保', '医保卡', '医保码'], ['社保']])
    expect(often('医')).toBe(once('医'))
  })
})
