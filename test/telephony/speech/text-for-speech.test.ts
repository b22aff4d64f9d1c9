import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lexicon, readings, stretches, syllables } from '../../../telephony/speech/lexicon.ts'
import { sentences } from '../../../telephony/speech/sentences.ts'

describe('how words are read', () => {
  it.each([
    ['行长', 'hang2 zhang3'],
    ['银行行长', 'yin2 hang2 hang2 zhang3'],
    ['自行前往', 'zi4 xing2 qian2 wang3'],
    ['重新办理', 'chong2 xin1 ban4 li3'],
    ['重症', 'zhong4 zheng4'],
    ['还款', 'huan2 kuan3'],
    ['还要', 'hai2 yao4'],
    ['参保', 'can1 bao3'],
    ['人参', 'ren2 shen1'],
    ['单位', 'dan1 wei4'],
    ['长期', 'chang2 qi1'],
    ['局长', 'ju2 zhang3'],
    ['差额', 'cha1 e2'],
    ['转诊', 'zhuan3 zhen3'],
    ['吕梁', 'lv3 liang2'],
    ['大夫', 'dai4 fu5'],
  ])('%s is %s', (word, said) => {
    expect(readings(word).join(' ')).toBe(said)
  })

  it('gives every listed word a reading for each character', () => {
    for (const [word, said] of Object.entries(lexicon)) {
      expect([word, said.split(' ').length]).toEqual([word, [...word].length])
      expect(said).toMatch(/^[a-z]+[1-5]( [a-z]+[1-5])*$/)
    }
  })

  it('has no reading for a mark, and names a letter', () => {
    expect(readings('好，A')).toEqual(['hao3', undefined, undefined])
    expect(syllables('A P P，好')).toEqual(['ei', 'pi', 'pi', 'hao'])
  })

  it('cuts any text into stretches that are the text', () => {
    const text = fc.array(fc.oneof(fc.constantFrom(...Object.keys(lexicon)), fc.string({ unit: 'grapheme' })))
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('')
        expect(
          stretches(whole)
            .map((one) => one.text)
            .join(''),
        ).toBe(whole)
        expect(readings(whole)).toHaveLength([...whole].length)
      }),
    )
  })
})

describe('sentences', () => {
  it('end where a person would breathe, and not inside a number', () => {
    expect(sentences('比例是3.5%；请带身份证，再来！“好。”\n1. 先备案')).toEqual([
      '比例是3.5%；',
      '请带身份证，再来！',
      '“好。”',
      '1. 先备案',
    ])
  })

  it('are cut at a comma when they are long, and never between 1,200', () => {
    expect(sentences('起付线是1,200元，超过的部分按比例报销', 12)).toEqual([
      '起付线是1,200元，',
      '超过的部分按比例报销',
    ])
  })

  it('lose nothing but blanks and marks that stand alone', () => {
    const text = fc.array(
      fc.constantFrom('医保', '报销', '。', '，', '！', '\n', ' ', '1,200', '3.5', '”', '很长的一段话没有标点'),
    )
    fc.assert(
      fc.property(text, fc.integer({ min: 5, max: 60 }), (parts, limit) => {
        const whole = parts.join('')
        const pieces = sentences(whole, limit)
        const letters = (of: string) => of.replace(/[^\p{L}\p{N}]/gu, '')
        expect(letters(pieces.join(''))).toBe(letters(whole))
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(limit + 4)
      }),
    )
  })
})
