import { describe, expect, it } from 'vitest'
import { cities } from '../../knowledge/cities.ts'

const known = cities([
  {},
  { region: { code: '141100', name: '吕梁市', aliases: ['离石区', '孝义', '交城县'] } },
  { region: { code: '131028', name: '大厂回族自治县', aliases: ['大厂', '大厂县'] } },
])

describe('cityCodeOf', () => {
  it.each(['吕梁', '吕梁市', '呂梁市', ' 吕梁 ', '离石区', '孝义', '孝义市', '141100'])('knows %s', (name) => {
    expect(known.cityCodeOf(name)).toBe('141100')
  })

  it('lets a code through that no pack names', () => {
    expect(known.cityCodeOf('110000')).toBe('110000')
  })

  it.each(['北京', '', '市', '吕', '14110', '😀'])('does not know "%s"', (name) => {
    expect(known.cityCodeOf(name)).toBeUndefined()
  })
})

describe('takenOut', () => {
  it('takes the longest name of a city out of a question, and says which city it was', () => {
    expect(known.takenOut('大厂县住院报多少')).toEqual({ text: '住院报多少', codes: ['131028'] })
  })

  it('shortens no county by itself: its short name may be the end of one word and the beginning of the next', () => {
    expect(known.takenOut('怎么交城乡居民医保')).toEqual({ text: '怎么交城乡居民医保', codes: [] })
    expect(known.cityCodeOf('交城')).toBe('141100')
  })

  it('names every city once', () => {
    expect(known.takenOut('从吕梁到大厂再回吕梁市').codes).toEqual(['141100', '131028'])
  })

  it('leaves a question alone that is nothing but a city', () => {
    expect(known.takenOut('吕梁市')).toEqual({ text: '吕梁市', codes: ['141100'] })
  })

  it('changes nothing where no city is known', () => {
    expect(cities([]).takenOut('吕梁住院')).toEqual({ text: '吕梁住院', codes: [] })
  })
})

it('lists each city once, by its official name', () => {
  expect(known.all).toEqual([
    { code: '141100', name: '吕梁市' },
    { code: '131028', name: '大厂回族自治县' },
  ])
  expect(known.nameOf('131028')).toBe('大厂回族自治县')
})
