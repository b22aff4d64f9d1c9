import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import type { Answer } from '../../contract/answer.ts'
import { followUp } from '../../bot/context-follow-up.ts'
import { partsOf, questionsIn } from '../../bot/context-parts.ts'
import { cityAlone, cityNamed, scopeReplied, scopeTold } from '../../bot/context-scope.ts'
import { answerer } from '../../knowledge/answerer.ts'
import { cities } from '../../knowledge/cities.ts'
import { readPacks } from '../../knowledge/pack-folder.ts'
import { entryIndex } from '../../knowledge/search/entry-index.ts'
import { withNamed } from '../../knowledge/slots.ts'

const [lvliang, huaibei, jingmen] = ['141100', '340600', '420800']
const known = cities([
  { region: { code: lvliang, name: '吕梁市', aliases: ['吕梁', '孝义'] } },
  { region: { code: huaibei, name: '淮北市', aliases: ['淮北'] } },
  { region: { code: jingmen, name: '荆门市', aliases: ['荆门'] } },
])

describe('what somebody says of themselves', () => {
  it.each([
    ['我是职工医保', { insurance: 'employee' }],
    ['我参加的是居民医保。', { insurance: 'resident' }],
    ['我在吕梁', { region: lvliang }],
    ['我住在孝义', { region: lvliang }],
    ['换成荆门', { region: jingmen }],
    ['请帮我切换到淮北市', { region: huaibei }],
    ['改成居民医保', { insurance: 'resident' }],
    ['我是吕梁的居民医保', { region: lvliang, insurance: 'resident' }],
    ['我在吕梁，居民医保', { region: lvliang, insurance: 'resident' }],
    ['我在呂梁', { region: lvliang }],
  ])('is remembered: %s', (text, scope) => {
    expect(scopeTold(text, known)).toEqual({ ...scope, rest: '' })
  })

  it.each([
    ['我在吕梁，新生儿怎么参保？', { region: lvliang, rest: '新生儿怎么参保？' }],
    ['住院能报多少？我是职工医保', { insurance: 'employee', rest: '住院能报多少？' }],
    ['我是职工医保异地就医怎么备案', { insurance: 'employee', rest: '我是职工医保异地就医怎么备案' }],
  ])('leaves the question beside it: %s', (text, told) => {
    expect(scopeTold(text, known)).toEqual(told)
  })

  it.each([
    '吕梁居民医保',
    '居民医保',
    '我是职工医保还是居民医保',
    '我是职工医保吗',
    '我是不是职工医保',
    '我是职工医保怎么转居民',
    '我在荆门住院怎么报销',
    '我想换成职工医保',
    '换城市要转医保吗',
    '居民医保换城市参保',
    '我在吕梁还是在荆门',
    '',
    '，，，',
  ])('is not read into a question: %s', (text) => {
    expect(scopeTold(text, known)).toBeUndefined()
  })

  it('is never read out of words without a city or an insurance', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const told = scopeTold(text, known)
        if (told) expect(/职工|居民|吕梁|孝义|淮北|荆门/.test(text)).toBe(true)
      }),
    )
  })
})

describe('an answer to our own question', () => {
  it.each([
    ['居民', 'insurance', { insurance: 'resident' }],
    ['是职工的', 'insurance', { insurance: 'employee' }],
    ['吕梁市', 'region', { region: lvliang }],
    ['在荆门', 'region', { region: jingmen }],
    ['我不知道', 'insurance', 'none'],
    ['其他地方', 'region', 'none'],
  ] as const)('is understood in words: %s', (text, fact, reply) => {
    expect(scopeReplied(text, fact, known)).toEqual(reply)
  })

  it.each(['住院能报多少', '吕梁怎么报', '职工', '好的'])('is not what asks something else: %s', (text) => {
    expect(scopeReplied(text, 'region', known)).toBeUndefined()
  })
})

describe('a city in a question', () => {
  it('is the asker’s, unless they only go there', () => {
    expect(cityNamed('吕梁居民住院能报多少', known)).toBe(lvliang)
    expect(cityNamed('去荆门住院怎么备案', known)).toBeUndefined()
    expect(cityNamed('从吕梁转到荆门怎么办', known)).toBeUndefined()
  })

  it.each(['荆门那边怎么报', '荆门的起付线是多少', '荆门居民住院能报多少', '在荆门参保怎么交'])(
    'is meant for that question alone: %s',
    (question) => expect(cityAlone(question, known)).toBe(jingmen),
  )

  it.each(['在荆门住院怎么报销', '去荆门的医院要备案吗', '淮北的医保能在荆门用吗', '住院怎么报'])(
    'is not clearly whose: %s',
    (question) => expect(cityAlone(question, known)).not.toBe(jingmen),
  )
})

describe('a few words after an answer', () => {
  it.each([
    ['需要什么材料', 'materials'],
    ['要带什么证件呢', 'materials'],
    ['材料呢', 'materials'],
    ['多久能办好', 'timeLimit'],
    ['大概要几天', 'timeLimit'],
    ['在网上能办吗', 'channels'],
    ['手机上可以办理吗', 'channels'],
    ['去哪办', 'channels'],
    ['去哪里办理', 'channels'],
    ['要多少钱', 'fee'],
    ['收费吗', 'fee'],
    ['要符合什么条件', 'conditions'],
    ['怎么办理', 'steps'],
    ['有什么流程', 'steps'],
  ])('ask for a field of the card: %s', (text, field) => {
    expect(followUp(text)).toEqual({ kind: 'field', field })
  })

  it.each([
    ['那退休的呢', '退休'],
    ['退休人员呢？', '退休人员'],
    ['那如果是居民呢', '居民'],
    ['荆门那边呢', '荆门'],
    ['那明年呢', '明年'],
    ['那门诊也一样吗', '门诊'],
  ])('put something in another’s place: %s', (text, words) => {
    expect(followUp(text)).toEqual({ kind: 'instead', words })
  })

  it.each([
    '新生儿参保需要什么材料',
    '异地备案多久能办好',
    '医保卡和医保码一样吗',
    '那怎么办呢',
    '备案到市可以吗',
    '？',
  ])('are not a question of its own: %s', (text) => expect(followUp(text)).not.toMatchObject({ kind: 'instead' }))

  it.each(['新生儿参保需要什么材料', '异地备案多久能办好', '居民医保要多少钱', '住院怎么报销'])(
    'are no question with a subject: %s',
    (text) => expect(followUp(text)).toBeUndefined(),
  )
})

describe('something named instead', () => {
  it.each([
    ['职工住院能报多少', '居民', '居民住院能报多少'],
    ['住院能报多少', '门诊的', '门诊能报多少'],
    ['住院能报多少', '退休人员', '退休住院能报多少'],
    ['2026年居民交多少', '2027年', '2027年居民交多少'],
    ['住院能报多少', '药店', undefined],
  ])('%s, %s', (question, words, whole) => {
    expect(withNamed(question, words)).toBe(whole)
  })
})

describe('several questions at once', () => {
  const told: Record<string, Answer> = {}
  const answerTo = (id: string): Answer => ({
    outcome: 'answer',
    entry: { id, revision: '0e5dd1f0-52d8-4a3a-8f61-1d1a3a0f3f11', question: id },
    score: 0.9,
  })
  told['新生儿怎么参保'] = answerTo('newborn')
  told['异地住院怎么报销'] = answerTo('away')
  told['医保码怎么激活'] = { outcome: 'ask-back', choices: [{ id: 'code', question: '医保码' }], score: 0.5 }
  const ask = (question: string): Answer => told[question.replace(/[？?]/g, '')] ?? { outcome: 'unknown', score: 0.1 }

  it.each([
    '新生儿怎么参保,还有异地住院怎么报销',
    '新生儿怎么参保？异地住院怎么报销？',
    '第一，新生儿怎么参保；第二，异地住院怎么报销',
    '新生儿怎么参保，另外再问一下异地住院怎么报销',
  ])('are taken apart: %s', (text) => {
    expect(questionsIn(text, ask).map((part) => part.replace(/[？?；]/g, ''))).toEqual([
      '新生儿怎么参保',
      '异地住院怎么报销',
    ])
  })

  it('may have one that is asked back', () => {
    expect(questionsIn('新生儿怎么参保？医保码怎么激活', ask)).toHaveLength(2)
  })

  it.each([
    '新生儿怎么参保，还有附近哪里好吃',
    '新生儿怎么参保？需要什么材料？',
    '我妈住院了。新生儿怎么参保？',
    '新生儿怎么参保？新生儿怎么参保？',
    '第二个孩子怎么参保',
    '我账户里还有多少钱',
  ])('are one when a part does not stand by itself: %s', (text) => {
    expect(questionsIn(text, ask)).toEqual([text])
  })

  it('are no more than three, and lose nothing that was asked', () => {
    expect(questionsIn(Array(4).fill('新生儿怎么参保').join('？'), ask)).toHaveLength(1)
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'医保怎么交？，还有另外第一二；住院多少'), maxLength: 40 }),
        (text) => {
          expect(partsOf(text).length).toBeLessThanOrEqual([...text].length)
          for (const part of partsOf(text)) expect(part.trim()).not.toBe('')
        },
      ),
    )
  })
})

it('does not split a question of the shipped packs, nor mistake one for words about another', async () => {
  const { packs } = await readPacks(fileURLToPath(new URL('../../knowledge/packs', import.meta.url)))
  let made = 0
  const shipped = packs.flatMap(({ entries }) =>
    entries.flatMap(({ id, wordings }) =>
      wordings.map((wording) => ({ id: String(++made), entryId: id, wording, example: true })),
    ),
  )
  const all = cities(packs)
  const bot = answerer(entryIndex(shipped, { cities: all }))
  const rows = shipped.flatMap(({ wording }) =>
    [wording.question, ...wording.similar].map((text) => ({ text, wording })),
  )
  const split = rows.filter(({ text, wording: { region, insurance } }) => {
    // As if nobody had written it down: word for word it would never be split.
    const ask = (part: string): Answer =>
      part === text
        ? { outcome: 'ask-back', score: 0.5 }
        : bot.answer({ question: part, region, insurance, on: '2026-11-22' })
    return questionsIn(text, ask).length > 1
  })
  expect(rows.length).toBeGreaterThan(1_000)
  expect(split.length / rows.length).toBeLessThanOrEqual(0.001)
  expect(
    rows.filter(({ text }) => followUp(text) ?? scopeTold(text, all)?.rest === '').map(({ text }) => text),
  ).toEqual([])
})
