import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import { answerSchema } from '../../contract/answer.ts'
import type { Wording } from '../../contract/entry.ts'
import { answerer, type Asked } from '../../knowledge/answerer.ts'
import { cities } from '../../knowledge/cities.ts'
import type { PublishedRevision } from '../../knowledge/entries.store.ts'
import { readPacks } from '../../knowledge/pack-folder.ts'
import { entryIndex } from '../../knowledge/search/entry-index.ts'
import { aWording } from '../support/wording.ts'

const lvliang = '141100'
const huaibei = '340600'
const known = cities([
  { region: { code: lvliang, name: '吕梁市', aliases: ['吕梁'] } },
  { region: { code: huaibei, name: '淮北市', aliases: ['淮北'] } },
])

let made = 0
function text(entryId: string, given: Partial<Wording>, example = false): PublishedRevision {
  const id = `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`
  return { id, entryId, example, wording: aWording({ similar: [], ...given }) }
}

const base = [
  text('newborn', { question: '新生儿怎么参加医保', similar: ['刚出生的孩子怎么上医保'], topic: '参保' }),
  text('away', { question: '异地就医怎么备案', similar: ['去外地看病要办什么手续'], topic: '异地' }),
  text('lapse', { question: '医保断缴了怎么办', topic: '缴费' }),
  text('code', { question: '医保码怎么激活', topic: '医保码' }, true),
  text('inpatient', { question: '住院能报多少', topic: '待遇', answer: '各地不同。' }),
  text('ll-inpatient', { question: '吕梁住院能报多少', region: lvliang, topic: '待遇', answer: '吕梁的比例。' }),
  text('ll-serious', { question: '吕梁居民大病保险起付线', region: lvliang, insurance: 'resident', topic: '大病' }),
  text('hb-serious', { question: '大病保险起付线', region: huaibei, topic: '大病' }),
  text('clinic-emp', { question: '职工门诊报销比例', insurance: 'employee', topic: '待遇' }),
  text('clinic-res', {
    question: '居民门诊报销比例',
    insurance: 'resident',
    topic: '待遇',
    notToConfuse: ['clinic-emp'],
  }),
]

const over = (revisions: PublishedRevision[], holdExamples = false) =>
  answerer(entryIndex(revisions, { cities: known, holdExamples }))
const bot = over(base)
const ask = (question: string, asked: Partial<Asked> = {}) => bot.answer({ question, on: '2026-11-22', ...asked })
/** What came of it, as "answer ID", "ask-back TEXT | TEXT" or "unknown". */
function brief(question: string, asked: Partial<Asked> = {}): string {
  const { outcome, entry, choices } = ask(question, asked)
  return [outcome, entry?.id ?? choices?.map((choice) => choice.question).join(' | ')].filter(Boolean).join(' ')
}

describe('a question that is covered', () => {
  it('gets the approved text word for word, with its source and what it answers', () => {
    const source = base[0]
    expect(answerSchema.parse(ask('新生儿怎么参加医保？'))).toEqual({
      outcome: 'answer',
      entry: { id: 'newborn', revision: source?.id, question: '新生儿怎么参加医保' },
      answer: {
        text: source?.wording.answer,
        spoken: source?.wording.spoken,
        sources: source?.wording.sources,
        validFrom: '2024-01-01',
        example: false,
      },
      score: 1,
    })
  })

  it.each([
    ['你好，请问新生儿咋参加医保呀', 'newborn'],
    ['孩子刚出生怎么上医保', 'newborn'],
    ['新生兒怎麼參加醫保', 'newborn'],
    ['异地就医备案怎么办', 'away'],
    ['我的医保断缴了该怎么办', 'lapse'],
  ])('is understood as %s', (question, entry) => {
    expect(brief(question)).toBe(`answer ${entry}`)
  })
})

describe('a question that is not', () => {
  it.each(['今天天气怎么样', '帮我看看股票', '给我唱首歌', '附近有什么好吃的', '你叫什么名字', '？？？', '😀', ''])(
    'gets no text and no choice: %s',
    (question) => {
      const { outcome, answer, choices, score } = ask(question)
      expect({ outcome, answer, choices }).toEqual({ outcome: 'unknown', answer: undefined, choices: undefined })
      expect(score).toBeLessThan(0.36)
    },
  )
})

describe('a city', () => {
  it('has its own text preferred to the national one', () => {
    expect(ask('住院能报多少', { region: lvliang })).toMatchObject({
      outcome: 'answer',
      answer: { text: '吕梁的比例。' },
    })
    expect(brief('住院能报多少', { region: huaibei })).toBe('answer inpatient')
  })

  it('never has another city’s text', () => {
    expect(brief('大病保险起付线', { region: huaibei })).toBe('answer hb-serious')
    expect(brief('大病保险起付线', { region: '420800' })).toBe('unknown')
  })

  it('named in the question counts like one chosen', () => {
    expect(brief('吕梁市住院能报多少')).toBe('answer ll-inpatient')
    expect(brief('淮北大病保险起付线是多少')).toBe('answer hb-serious')
  })

  it('unknown: national texts answer, a city’s is offered under its city’s name', () => {
    expect(brief('住院能报多少')).toBe('answer inpatient')
    expect(brief('大病保险起付线')).toBe('ask-back 淮北市：大病保险起付线 | 吕梁居民大病保险起付线')
  })

  it('in doubt, chosen one and named another: nothing of either is answered without asking', () => {
    expect(brief('淮北大病保险起付线', { region: lvliang })).toBe(
      'ask-back 淮北市：大病保险起付线 | 吕梁居民大病保险起付线',
    )
  })
})

describe('the insurance', () => {
  it('named in the question decides, whatever is on file', () => {
    expect(brief('职工门诊报销比例是多少')).toBe('answer clinic-emp')
    expect(brief('居民门诊报销比例是多少', { insurance: 'employee' })).toBe('answer clinic-res')
  })

  it('on file decides when none is named', () => {
    expect(brief('门诊报销比例', { insurance: 'resident' })).toBe('answer clinic-res')
  })

  it('known from nowhere is asked', () => {
    expect(brief('门诊报销比例')).toBe('ask-back 居民门诊报销比例 | 职工门诊报销比例')
  })

  it('of an entry that speaks of both is no obstacle', () => {
    const both = over([text('pay', { question: '个人账户能给家人交居民医保费吗', insurance: 'employee' })])
    expect(both.answer({ question: '我的个人账户能给家人交居民医保费吗', on: '2026-11-22' }).entry?.id).toBe('pay')
  })

  it('is never the other one', () => {
    expect(brief('职工大病保险起付线', { region: lvliang })).toBe('unknown')
  })
})

describe('the day asked about', () => {
  const changing = over([
    text('fee', { question: '一年交多少钱', answer: '380', validFrom: '2024-01-01' }),
    text('fee', { question: '一年交多少钱', answer: '400', validFrom: '2025-01-01', validUntil: '2025-12-31' }),
  ])
  const on = (day: string) => changing.answer({ question: '一年交多少钱', on: day }).answer?.text

  it('chooses the text that holds on it', () => {
    expect(on('2024-12-31')).toBe('380')
    expect(on('2025-01-01')).toBe('400')
    expect(on('2025-12-31')).toBe('400')
  })

  it('before the first text or after the last finds nothing, not the text before', () => {
    expect(on('2023-12-31')).toBeUndefined()
    expect(on('2026-01-01')).toBeUndefined()
  })
})

describe('a day that the question names', () => {
  const changing = over([
    text('fee', { question: '居民一年交多少钱', answer: '现行', validFrom: '2024-01-01', validUntil: '2026-12-31' }),
    text('fee', { question: '居民一年交多少钱', answer: '新规', spoken: '新规', validFrom: '2027-01-01' }),
    text('list', { question: '2026年药品目录有哪些新药', answer: '目录', validFrom: '2026-01-01' }),
  ])
  const told = (question: string) => {
    const { text, notice, coming } = changing.answer({ question, on: '2026-11-22' }).answer ?? {}
    return [notice, text, coming].filter(Boolean)
  }

  it('chooses the text that holds then, and says that it is not today’s', () => {
    expect(told('2027年居民一年交多少钱')).toEqual(['以下规定自2027年1月1日起施行。', '新规'])
    expect(told('明年1月以后居民一年交多少钱')).toEqual(['以下规定自2027年1月1日起施行。', '新规'])
  })

  it('being none, leaves today’s text with the change that is coming', () => {
    expect(told('居民一年交多少钱')).toEqual(['现行', '自2027年1月1日起：新规'])
    expect(told('今年居民一年交多少钱')).toEqual(['现行', '自2027年1月1日起：新规'])
  })

  it('before every text leaves today’s, named as that', () => {
    expect(told('前年药品目录有哪些新药')).toEqual([])
    expect(told('2023年居民一年交多少钱')[0]).toBe('以下是现行规定，自2024年1月1日起施行；我这里没有更早的规定。')
  })
})

describe('what decides and is not known', () => {
  it('is named beside the choices, and beside the country’s answer where a city has its own', () => {
    expect(ask('门诊报销比例')).toMatchObject({ outcome: 'ask-back', needs: 'insurance' })
    expect(ask('大病保险起付线')).toMatchObject({ outcome: 'ask-back', needs: 'region' })
    expect(ask('住院能报多少')).toMatchObject({ outcome: 'answer', needs: 'region', cities: [lvliang] })
  })

  it('is nothing once it is told', () => {
    expect(ask('门诊报销比例', { insurance: 'resident' })).not.toHaveProperty('needs')
    expect(ask('住院能报多少', { region: huaibei })).not.toHaveProperty('needs')
  })
})

it('looks past the numbers that name a person and what they spent', () => {
  expect(brief('我的身份证11010519491231002X，电话13800138000，新生儿怎么参加医保')).toBe('answer newborn')
})

describe('an example nobody approved', () => {
  it('is marked', () => {
    expect(ask('医保码怎么激活').answer?.example).toBe(true)
    expect(ask('医保断缴了怎么办').answer?.example).toBe(false)
  })

  it('is not there at all when examples are held back', () => {
    const held = over(base, true)
    expect(held.answer({ question: '医保码怎么激活', on: '2026-11-22' }).outcome).toBe('unknown')
    expect(held.answer({ question: '医保断缴了怎么办', on: '2026-11-22' }).outcome).toBe('answer')
    expect(held.answerEntry('code', { on: '2026-11-22' })).toBeUndefined()
  })
})

describe('a choice', () => {
  it('is answered by the entry that was named', () => {
    expect(bot.answerEntry('hb-serious', { on: '2026-11-22' })).toMatchObject({
      outcome: 'answer',
      entry: { id: 'hb-serious' },
      score: 1,
    })
  })

  it('of an entry that is gone, or not yet valid, is nothing', () => {
    expect(bot.answerEntry('gone', { on: '2026-11-22' })).toBeUndefined()
    expect(bot.answerEntry('away', { on: '2020-01-01' })).toBeUndefined()
  })
})

describe('an agent’s search', () => {
  it('shows the weak hits too, best first, with their texts', () => {
    const hits = bot.search({ question: '医保', on: '2026-11-22' }, 3)
    expect(hits).toHaveLength(3)
    expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a))
    expect(hits[0]).toMatchObject({ sources: [{ title: '测试文件' }], text: aWording().answer })
  })

  it('says whose each text is and from when, and puts what is for the other insurance last', () => {
    const ask = (insurance?: 'employee' | 'resident') =>
      bot.search({ question: '门诊报销比例', insurance, on: '2026-11-22' }, 20)
    const [ours, others] = [ask('resident'), ask('employee')]
    const isFirst = (hits: ReturnType<typeof ask>, insurance: string) =>
      hits.findLastIndex((hit) => !hit.insurance || hit.insurance === insurance) <
      Math.min(...hits.flatMap((hit, i) => (hit.insurance && hit.insurance !== insurance ? [i] : [])))
    expect([isFirst(ours, 'resident'), isFirst(others, 'employee')]).toEqual([true, true])
    expect(new Set(ours.map(({ insurance }) => insurance)).size).toBeGreaterThan(1)
    expect(ours.every(({ validFrom }) => validFrom === aWording().validFrom)).toBe(true)
    expect(ours.some(({ region }) => region === lvliang)).toBe(true)
    expect(
      ask()
        .map(({ entryId }) => entryId)
        .sort(),
    ).toEqual(ours.map(({ entryId }) => entryId).sort())
  })
})

describe('questions to begin with', () => {
  it('take each topic in turn, the city’s own first', () => {
    expect(bot.hotQuestions(lvliang, 3, '2026-11-22')).toEqual([
      '吕梁住院能报多少',
      '吕梁居民大病保险起付线',
      '异地就医怎么备案',
    ])
    expect(bot.hotQuestions(undefined, 5, '2026-11-22')).toEqual([
      '异地就医怎么备案',
      '职工门诊报销比例',
      '医保码怎么激活',
      '医保断缴了怎么办',
      '新生儿怎么参加医保',
    ])
  })

  it('leave out what does not hold on the day', () => {
    expect(bot.hotQuestions(undefined, 5, '2020-01-01')).toEqual([])
  })
})

it('answers any text at all with a sound answer', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom(undefined, lvliang), (raw, region) => {
      expect(() => answerSchema.parse(ask(`${raw}\uDC00医保`, { region }))).not.toThrow()
      expect(ask(raw, { region }).score).toBeLessThanOrEqual(1)
    }),
  )
  for (const name of ['__proto__', 'constructor', 'toString', 'a'.repeat(500), '医'.repeat(500)])
    expect(ask(name).outcome).toBe('unknown')
})

describe('the shipped packs', async () => {
  const { packs } = await readPacks(fileURLToPath(new URL('../../knowledge/packs', import.meta.url)))
  const shipped = packs.flatMap(({ entries }) =>
    entries.flatMap(({ id, wordings }) => wordings.map((wording) => text(id, wording, true))),
  )
  const bot = answerer(entryIndex(shipped, { cities: cities(packs) }))
  const on = '2026-11-22'

  it('answer every question as it is written, in its own city', () => {
    const missed = shipped.filter(({ entryId, wording: { question, region, insurance, validFrom, validUntil } }) => {
      if (validFrom > on || (validUntil && validUntil < on)) return false
      return bot.answer({ question, region, insurance, on }).entry?.id !== entryId
    })
    expect(missed.map(({ wording }) => wording.question)).toEqual([])
  })

  it.each(['今天天气怎么样', '帮我看看股票', '给我唱首歌', '附近有什么好吃的', '讲个笑话', '世界杯谁赢了'])(
    'do not answer %s',
    (question) => {
      for (const region of [undefined, ...packs.flatMap((pack) => pack.region?.code ?? [])])
        expect(bot.answer({ question, region, on }).outcome).not.toBe('answer')
    },
  )
})
