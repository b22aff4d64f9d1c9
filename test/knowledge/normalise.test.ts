import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalise } from '../../knowledge/text/normalise.ts'
import { grams, units } from '../../knowledge/text/grams.ts'

describe('normalise', () => {
  it.each([
    ['全角和大小写', 'ＡＢＣ１２３', 'abc123'],
    ['繁体（台湾）', '醫療保險怎麼報銷', '医疗保险怎么报销'],
    ['繁体（香港）', '衞生署', '卫生署'],
    ['标点和表情', '住院，能报多少？😀', '住院能报多少'],
    ['换行和空格', '门诊 报销\n比例', '门诊报销比例'],
    ['咋', '医保咋交', '医保怎么交'],
    ['如何', '如何备案', '怎么备案'],
    ['怎样', '怎样备案', '怎么备案'],
    ['啥', '要带啥材料', '要带什么材料'],
    ['多长时间', '多长时间到账', '多久到账'],
    ['多少时间', '要多少时间', '要多久'],
    ['客气话', '你好，请问那个医保怎么交', '医保怎么交'],
    ['语气词', '住院能报销吗？', '住院能报销'],
    ['小数', '报 3.5% 吗', '报3.5'],
    ['外文单词之间', 'HPV vaccine 能报吗', 'hpv vaccine能报'],
  ])('brings %s into one spelling', (_name, raw, expected) => {
    expect(normalise(raw)).toBe(expected)
  })

  it('keeps a polite opening when nothing else was said', () => {
    expect(normalise('请问')).toBe('请问')
    expect(normalise('你好，请问')).toBe('请问')
  })

  it('is empty for text without letters or digits', () => {
    expect(normalise('？！……😀 \uD800')).toBe('')
  })

  it('takes any text and gives letters, digits and inner dots and blanks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (raw) => {
        expect(normalise(`${raw}\uD83D`)).toMatch(/^(?:[\p{L}\p{N}]|(?<=\d)\.(?=\d)|(?<=[a-z0-9]) (?=[a-z0-9]))*$/u)
      }),
    )
  })
})

describe('grams', () => {
  it('are single characters, then neighbouring pairs', () => {
    expect(grams('交医保')).toEqual(['交', '医', '保', '交医', '医保'])
  })

  it('keep a number or a latin word in one piece', () => {
    expect(units('打12393问hpv')).toEqual(['打', '12393', '问', 'hpv'])
    expect(units('abc 3.5')).toEqual(['abc', '3.5'])
  })

  it('are one fewer in pairs than in units, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (raw) => {
        const text = normalise(raw)
        const single = units(text).length
        expect(grams(text)).toHaveLength(Math.max(0, 2 * single - 1))
      }),
    )
  })
})
