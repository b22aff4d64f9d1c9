import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arpaTrigram } from '../../../telephony/speech/language-model.ts'
import { syllables } from '../../../telephony/speech/lexicon.ts'
import { allSyllables, dictionary, phonesOf } from '../../../telephony/speech/phones.ts'
import { pinyinIndex } from '../../../telephony/speech/pinyin-retrieval.ts'
import { choicesHeard } from '../../../telephony/speech/spoken-choices.ts'
import { inParts } from '../../../telephony/speech/syllable.ts'

describe('how syllables sound', () => {
  it('undoes the conventions of pinyin', () => {
    const parts = ['yuan', 'zhi', 'ju', 'lve', 'wei', 'er', 'xiong'].map((one) => Object.values(inParts(one)).join('+'))
    expect(parts).toEqual(['+van', 'zh+-i', 'j+v', 'l+ve', '+ui', '+er', 'x+iong'])
  })

  it('has both models say every syllable of Mandarin', () => {
    const all = allSyllables()
    expect(all.length).toBeGreaterThan(390)
    for (const one of all)
      for (const model of ['english', 'mandarin'] as const)
        for (const phones of phonesOf(one, model))
          expect(phones).toMatch(model === 'english' ? /^[A-Z ]+$/ : /^[a-z ]+$/)
    expect(phonesOf('hello', 'english')).toEqual([])
  })

  it('writes the dictionary that the decoder reads', () => {
    expect(dictionary(['bao'], 'english')).toBe('bao B AW\nbao(2) P AW\n')
    expect(dictionary(['zhi', 'yu', 'wang'], 'mandarin')).toBe('zhi zh ib\nyu uxs ux\nwang w ang\n')
  })
})

type Arpa = Map<string, { p: number; backOff: number }>

function parsed(arpa: string): Arpa {
  const grams: Arpa = new Map()
  for (const line of arpa.split('\n')) {
    const [, p, words, backOff] = /^(-?[\d.]+) ([^\d]+?)(?: (-?[\d.]+))?$/.exec(line) ?? []
    if (p && words) grams.set(words, { p: 10 ** Number(p), backOff: 10 ** Number(backOff ?? 0) })
  }
  return grams
}

/** As a decoder reads the file: the longest gram known, or the shorter one at a discount. */
function probability(arpa: Arpa, history: string[], word: string): number {
  const known = arpa.get([...history, word].join(' '))
  if (known || history.length === 0) return known?.p ?? 0
  return (arpa.get(history.join(' '))?.backOff ?? 1) * probability(arpa, history.slice(1), word)
}

describe('the language model', () => {
  const words = ['yi', 'bao', 'bei', 'an', 'ma']
  const sentence = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 })

  it('adds up to one after every history, seen or not', () => {
    const sentences = fc.array(fc.record({ words: sentence, weight: fc.integer({ min: 1, max: 3 }) }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(sentences, fc.array(fc.constantFrom('<s>', ...words), { maxLength: 2 }), (given, history) => {
        const arpa = parsed(arpaTrigram(given, words))
        const total = [...words, '</s>'].reduce((sum, word) => sum + probability(arpa, history, word), 0)
        expect(total).toBeCloseTo(1, 2)
      }),
      { numRuns: 200 },
    )
  })

  it('prefers what was asked before, and excludes nothing', () => {
    const arpa = parsed(arpaTrigram([{ words: ['yi', 'bao', 'bei', 'an'], weight: 1 }], words))
    expect(probability(arpa, ['yi', 'bao'], 'bei')).toBeGreaterThan(5 * probability(arpa, ['yi', 'bao'], 'ma'))
    expect(probability(arpa, ['yi', 'bao'], 'ma')).toBeGreaterThan(0)
  })

  it('counts in its head what it lists', () => {
    const text = arpaTrigram([{ words: ['yi', 'bao'], weight: 1 }], words)
    for (const n of [1, 2, 3]) {
      const told = Number(new RegExp(`ngram ${n}=(\\d+)`).exec(text)?.[1])
      const listed = (text.split(`\\${n}-grams:\n`)[1] ?? '').split('\n\n')[0]?.trim().split('\n').length
      expect(told).toBe(listed)
    }
  })
})

describe('what was meant', () => {
  const titles = ['异地就医怎么备案', '生育津贴怎么领取', '居民医保什么时候缴费', '门诊慢特病怎么申请']
  const index = pinyinIndex(titles.map((title, i) => ({ id: String(i), syllables: syllables(title) })))

  it.each(titles)('finds %s by its own sound, with full marks', (title) => {
    const [first] = index.best(syllables(title), 3)
    expect(titles[Number(first?.id)]).toBe(title)
    expect(first?.score).toBeCloseTo(1, 5)
  })

  it('finds it in what a poor line makes of it', () => {
    // 生育津贴怎么领取, with sh/s, n/l, ing/in and a lost syllable
    expect(index.best(['sen', 'yu', 'jin', 'tie', 'zen', 'lin', 'qu'], 3)[0]?.id).toBe('1')
  })

  it('gives each entry once, best first, within [0, 1], and none for silence', () => {
    const heard = fc.array(fc.constantFrom(...allSyllables().slice(0, 120)), { maxLength: 12 })
    fc.assert(
      fc.property(heard, (said) => {
        const found = index.best(said, 3)
        expect(found.length).toBeLessThanOrEqual(3)
        expect(new Set(found.map(({ id }) => id)).size).toBe(found.length)
        const scores = found.map(({ score }) => score)
        expect(scores).toEqual(scores.toSorted((a, b) => b - a))
        for (const score of scores) expect(score > 0 && score <= 1).toBe(true)
      }),
    )
    expect(index.best([], 3)).toEqual([])
  })

  it('takes a homophone of a choice for the choice, and nothing else for it', () => {
    const choices = titles.map((title, i) => ({ id: String(i), title }))
    expect(choicesHeard('异地就一怎么备按', choices)[0]).toMatchObject({
      id: '0',
      score: expect.closeTo(1, 5) as number,
    })
    expect(choicesHeard('今天天气很好', choices)).toEqual([])
  })
})
