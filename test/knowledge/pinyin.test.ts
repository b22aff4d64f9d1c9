import { describe, expect, it } from 'vitest'
import { mishearingSteps } from '../../knowledge/search/mishear.ts'
import { atOnce } from '../../knowledge/search/steps.ts'
import { syllableGrams, syllables } from '../../knowledge/text/pinyin.ts'
import { tellingness, words } from '../../knowledge/text/general-language.ts'

describe('syllables', () => {
  it('are one where an accent makes them one', () => {
    expect(syllables('吃')).toEqual(syllables('词'))
    expect(syllables('男')).toEqual(syllables('兰'))
    expect(syllables('京')).toEqual(syllables('金'))
    expect(syllables('生')).toEqual(syllables('森'))
    expect(syllables('行长')).not.toEqual(syllables('进账'))
  })

  it('follow the word that a character stands in', () => {
    expect(syllables('银行')[1]).not.toBe(syllables('行走')[0])
  })

  it('leave latin letters and digits in one piece', () => {
    expect(syllables('打12393')).toEqual(['da', '12393'])
  })

  it('are never taken for characters', () => {
    expect(syllableGrams(['da', '12393'])).toEqual(['.da', '.12393', '.da.12393'])
  })
})

describe('mishearing', () => {
  const mishear = atOnce(mishearingSteps(['异地就医怎么备案', '一地旧衣被按', '住院能报多少']))

  it('changes some characters, and not what it sounds like', () => {
    const heard = mishear('异地就医怎么备案')
    expect(heard).not.toBe('异地就医怎么备案')
    expect(syllables(heard)).toEqual(syllables('异地就医怎么备案'))
  })

  it('is the same each time', () => {
    expect(mishear('异地就医怎么备案')).toBe(mishear('异地就医怎么备案'))
  })
})

describe('what is known of the language', () => {
  it('says which words are telling', () => {
    expect(tellingness('的')).toBeLessThan(tellingness('怎么'))
    expect(tellingness('怎么')).toBeLessThan(tellingness('备案'))
    expect(tellingness('阿伐曲泊帕')).toBe(1)
  })

  it('parts a text into words and leaves out those that say nothing', () => {
    expect(words('我的医疗保险在哪里办理')).toEqual(expect.arrayContaining(['办理']))
    expect(words('我的')).toEqual([])
  })
})
