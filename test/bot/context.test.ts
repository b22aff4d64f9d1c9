import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answers } from '../../bot/asking.ts'
import { contextWording } from '../../bot/context-wording.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import { wording } from '../../bot/wording.ts'
import type { Wording } from '../../contract/entry.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { staff } from '../../desk/staff.ts'
import { answerer } from '../../knowledge/answerer.ts'
import { cities } from '../../knowledge/cities.ts'
import { entriesStore } from '../../knowledge/entries.store.ts'
import { entryIndex } from '../../knowledge/search/entry-index.ts'
import { aBot } from '../support/bot.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aWording } from '../support/wording.ts'

const [lvliang, huaibei, jingmen] = ['141100', '340600', '420800']
const known = cities([
  { region: { code: lvliang, name: '吕梁市', aliases: ['吕梁'] } },
  { region: { code: huaibei, name: '淮北市', aliases: ['淮北'] } },
  { region: { code: jingmen, name: '荆门市', aliases: ['荆门'] } },
])
const today = new Date('2026-11-22T10:00:00+08:00')

const entries: [string, Partial<Wording>][] = [
  [
    'newborn',
    {
      question: '新生儿怎么参保',
      answer: '带户口簿办。',
      guide: { materials: ['户口簿', '监护人身份证（原件）'], channels: ['国家医保服务平台'] },
    },
  ],
  ['away', { question: '异地就医怎么备案', answer: '先备案。' }],
  ['away-ll', { question: '吕梁异地就医怎么备案', answer: '吕梁备案。', region: lvliang }],
  ['start-ll', { question: '大病保险起付线是多少', answer: '吕梁起付线。', region: lvliang }],
  ['start-jm', { question: '大病保险起付线是多少', answer: '荆门起付线。', region: jingmen }],
  ['clinic-emp', { question: '职工门诊报销比例是多少', answer: '职工比例。', insurance: 'employee' }],
  [
    'clinic-res',
    { question: '居民门诊报销比例是多少', answer: '居民比例。', insurance: 'resident', notToConfuse: ['clinic-emp'] },
  ],
  ['stay', { question: '住院报销比例是多少', answer: '住院比例。' }],
  ['stay-retired', { question: '退休住院报销比例是多少', answer: '退休住院比例。' }],
  ['fee', { question: '一年要交多少钱的医保费', answer: '旧标准。', spoken: '旧标准。', validUntil: '2026-12-31' }],
  ['fee', { question: '一年要交多少钱的医保费', answer: '新标准。', spoken: '新标准。', validFrom: '2027-01-01' }],
]

let database: TestDatabase
let answers: Answers
let agentId: string
beforeAll(async () => {
  database = await aDatabase()
  const store = entriesStore(database.db)
  await store.addEntries(
    [...new Set(entries.map(([id]) => id))].map((id) => ({ id, pack: null })),
    today,
  )
  const numbers = new Map<string, number>()
  await store.addRevisions(
    entries.map(([entryId, given]) => {
      const number = (numbers.get(entryId) ?? 0) + 1
      numbers.set(entryId, number)
      return { entryId, number, state: 'published', wording: aWording({ similar: [], ...given }), now: today }
    }),
  )
  answers = answerer(entryIndex(await store.published(), { cities: known }))
  const agent = await staff(database.db).create({ name: 'wang', password: 'Correct-Horse-9', roles: ['agent'] }, today)
  agentId = agent.staffId
})
afterAll(() => database.drop())

type Given = { now?: () => Date; channel?: 'web' | 'phone' }
const talk = (given: Given = {}) => aBot(database, { answers, now: () => today, ...given })
type Bot = Awaited<ReturnType<typeof talk>>
const choicesOf = (bot: Bot) =>
  bot
    .turns()
    .at(-1)
    ?.choices?.map(({ question }) => question)
const scopeOf = async (bot: Bot) => {
  const { region, insurance } = (await conversationsStore(database.db).find(bot.conversationId)) ?? {}
  return { region, insurance }
}
async function saidTo(bot: Bot, ...texts: string[]): Promise<string[]> {
  const before = bot.said().length
  for (const text of texts) await bot.say(text)
  return bot.said().slice(before)
}

describe('the insurance', () => {
  it('is asked for once when it decides, remembered, and used from then on', async () => {
    const bot = await talk()
    expect(await saidTo(bot, '门诊报销比例是多少')).toEqual([contextWording.askInsurance])
    expect(choicesOf(bot)).toEqual(['职工医保', '居民医保', '不清楚'])
    expect(await saidTo(bot, '居民医保')).toEqual(['居民比例。'])
    expect(await scopeOf(bot)).toEqual({ insurance: 'resident' })
    expect(bot.news).toContainEqual({ kind: 'scope', conversationId: bot.conversationId })
    expect(await saidTo(bot, '门诊报销比例是多少')).toEqual(['居民比例。'])
  })

  it('may be told by number, by other words, or not at all', async () => {
    expect(await saidTo(await talk(), '门诊报销比例是多少', '1')).toEqual([contextWording.askInsurance, '职工比例。'])
    expect(await saidTo(await talk(), '门诊报销比例是多少', '我是居民')).toEqual([
      contextWording.askInsurance,
      '居民比例。',
    ])
    const unsure = await talk()
    expect(await saidTo(unsure, '门诊报销比例是多少', '不清楚')).toEqual([contextWording.askInsurance, wording.askBack])
    expect(choicesOf(unsure)).toEqual(['职工门诊报销比例是多少', '居民门诊报销比例是多少', '住院报销比例是多少'])
    expect(await saidTo(unsure, '门诊报销比例是多少')).toEqual([wording.askBack])
  })

  it('is let go with the next question', async () => {
    const bot = await talk()
    expect(await saidTo(bot, '门诊报销比例是多少', '新生儿怎么参保')).toEqual([
      contextWording.askInsurance,
      '带户口簿办。',
    ])
  })

  it('is what is meant by saying so, though a model takes the words for a wish', async () => {
    const bot = await aBot(database, {
      ...{ answers, now: () => today },
      recognise: (text) => Promise.resolve(/换成|多少钱/.test(text) ? { name: 'ask_person', score: 0.96 } : undefined),
    })
    expect(await saidTo(bot, '新生儿怎么参保', '换成居民医保')).toEqual([
      '带户口簿办。',
      '好的，以后按 居民医保 为您解答。',
    ])
    expect(await saidTo(bot, '要多少钱')).toEqual([contextWording.noField('新生儿怎么参保', '费用')])
  })

  it('is changed by saying so, and what was asked is answered anew', async () => {
    const bot = await talk()
    await saidTo(bot, '我是职工医保，门诊报销比例是多少')
    expect(bot.said().at(-1)).toBe('职工比例。')
    expect(await saidTo(bot, '换成居民医保')).toEqual(['好的，以后按 居民医保 为您解答。', '居民比例。'])
    expect(await scopeOf(bot)).toEqual({ insurance: 'resident' })
  })
})

describe('the city', () => {
  it('is asked for when only cities know, by all the cities there are', async () => {
    const bot = await talk()
    expect(await saidTo(bot, '大病保险起付线是多少')).toEqual([contextWording.askRegion])
    expect(choicesOf(bot)).toEqual(['荆门市', '吕梁市', '淮北市', '其他城市'])
    expect(await saidTo(bot, '荆门')).toEqual(['荆门起付线。'])
    expect(await scopeOf(bot)).toEqual({ region: jingmen })
  })

  it('is offered beside the country’s answer where it has one of its own, once', async () => {
    const bot = await talk()
    expect(await saidTo(bot, '异地就医怎么备案')).toEqual(['先备案。'])
    expect(choicesOf(bot)).toEqual(['我在吕梁市参保'])
    expect(await saidTo(bot, '我在吕梁市参保')).toEqual(['吕梁备案。'])
    const other = await talk()
    await saidTo(other, '异地就医怎么备案', '新生儿怎么参保', '异地就医怎么备案')
    expect(choicesOf(other)).toBeUndefined()
  })

  it('that is none of these gets what holds for the country alone', async () => {
    const bot = await talk()
    expect(await saidTo(bot, '大病保险起付线是多少', '其他城市')).toEqual([contextWording.askRegion, wording.unknown])
    expect(await saidTo(bot, '异地就医怎么备案')).toEqual(['先备案。'])
    expect(choicesOf(bot)).toBeUndefined()
  })

  it('is heard by telephone two at a time', async () => {
    const bot = await talk({ channel: 'phone' })
    await saidTo(bot, '大病保险起付线是多少')
    expect(choicesOf(bot)).toEqual(['荆门市', '吕梁市', '其他城市'])
    await saidTo(bot, '其他城市')
    expect(choicesOf(bot)).toEqual(['淮北市', '其他城市'])
    await saidTo(bot, '大病保险起付线是多少')
    expect(bot.said().at(-1)).toBe(wording.askBack)
  })

  it('named for one question is for that question alone', async () => {
    const bot = await talk()
    expect(await saidTo(bot, '我在吕梁，大病保险起付线是多少')).toEqual(['吕梁起付线。'])
    expect(await saidTo(bot, '荆门那边呢')).toEqual(['荆门起付线。'])
    expect(await saidTo(bot, '荆门的大病保险起付线是多少')).toEqual(['荆门起付线。'])
    expect(await scopeOf(bot)).toEqual({ region: lvliang })
    expect(await saidTo(bot, '大病保险起付线是多少')).toEqual(['吕梁起付线。'])
  })

  it('named by somebody who has none is theirs from then on', async () => {
    const bot = await talk()
    await saidTo(bot, '荆门大病保险起付线是多少')
    expect(await scopeOf(bot)).toEqual({ region: jingmen })
  })
})

describe('what follows an answer', () => {
  it('is answered from its card, word for word, with its source', async () => {
    const bot = await talk()
    await saidTo(bot, '新生儿怎么参保')
    expect(await saidTo(bot, '需要什么材料')).toEqual([
      '“新生儿怎么参保”的所需材料：\n1. 户口簿\n2. 监护人身份证（原件）',
    ])
    expect(bot.turns().at(-1)).toMatchObject({
      spoken: '所需材料：户口簿；监护人身份证，原件。',
      sources: aWording().sources,
      answer: { entryId: 'newborn' },
    })
    expect(await saidTo(bot, '在网上能办吗')).toEqual(['“新生儿怎么参保”的办理渠道：\n国家医保服务平台'])
  })

  it('and is not on the card is said not to be there, with a way on', async () => {
    const bot = await talk()
    await saidTo(bot, '新生儿怎么参保')
    expect(await saidTo(bot, '多久能办好')).toEqual([contextWording.noField('新生儿怎么参保', '办理时限')])
    expect(choicesOf(bot)).toEqual(['看完整答复', '转人工'])
    expect(await saidTo(bot, '1')).toEqual(['带户口簿办。'])
    await presenceStore(database.db).set(agentId, 'online', today)
    await saidTo(bot, '多久能办好', '2')
    expect(bot.states()).toEqual(['waiting'])
  })

  it('puts something else in the place of what was asked', async () => {
    const bot = await talk()
    expect(await saidTo(bot, '住院报销比例是多少', '那退休的呢')).toEqual(['住院比例。', '退休住院比例。'])
    expect(await saidTo(bot, '职工门诊报销比例是多少', '那居民呢')).toEqual(['职工比例。', '居民比例。'])
    expect(await scopeOf(bot)).toEqual({})
  })

  it('does not pass the same answer off as one about something else', async () => {
    const bot = await talk()
    await saidTo(bot, '新生儿怎么参保')
    expect(await saidTo(bot, '那双胞胎的呢')).toEqual([contextWording.noneFor('双胞胎', '新生儿怎么参保')])
  })

  it('is a question of its own when it is answered by itself', async () => {
    const bot = await talk()
    expect(await saidTo(bot, '新生儿怎么参保', '那住院报销比例是多少')).toEqual(['带户口簿办。', '住院比例。'])
  })

  it('is no longer understood after half an hour, nor when the bot begins anew', async () => {
    let at = today
    const bot = await talk({ now: () => at })
    await saidTo(bot, '新生儿怎么参保')
    at = new Date(today.getTime() + 31 * 60_000)
    expect(await saidTo(bot, '需要什么材料')).not.toEqual(expect.arrayContaining([expect.stringContaining('户口簿')]))
    await saidTo(bot, '新生儿怎么参保', '再见', '需要什么材料')
    expect(bot.said().at(-1)).not.toContain('监护人')
  })
})

describe('several questions', () => {
  it('are answered one by one, each with its source', async () => {
    const bot = await talk()
    expect(await saidTo(bot, '新生儿怎么参保，还有住院报销比例是多少')).toEqual(['带户口簿办。', '住院比例。'])
    expect(
      bot
        .turns()
        .slice(-2)
        .map(({ answer, sources }) => [answer?.entryId, sources?.length]),
    ).toEqual([
      ['newborn', 1],
      ['stay', 1],
    ])
  })

  it('are answered as far as they can be, before what one of them needs to know is asked', async () => {
    const bot = await talk()
    expect(await saidTo(bot, '门诊报销比例是多少？新生儿怎么参保？', '居民')).toEqual([
      '带户口簿办。',
      contextWording.askInsurance,
      '居民比例。',
    ])
  })
})

it('tells of what changes soon, and of the text of the day that was asked about', async () => {
  const bot = await talk()
  expect(await saidTo(bot, '一年要交多少钱的医保费')).toEqual(['旧标准。\n\n自2027年1月1日起：新标准。'])
  expect(await saidTo(bot, '那明年呢')).toEqual(['以下规定自2027年1月1日起施行。\n\n新标准。'])
  expect(await saidTo(bot, '2027年一年要交多少钱的医保费')).toEqual(['以下规定自2027年1月1日起施行。\n\n新标准。'])
})

it('keeps no ID number in what is counted, nor in what is remembered', async () => {
  const bot = await talk()
  await bot.say('我的身份证11010519491231002X，新生儿怎么参保')
  const { rows } = await database.pool.query<{ question: string }>(
    'select question from served_answer where conversation_id = $1',
    [bot.conversationId],
  )
  expect(rows).toEqual([{ question: '我的身份证110105********002X，新生儿怎么参保' }])
  const { rows: kept } = await database.pool.query<{ context: string }>(
    'select context::text from conversation_context where conversation_id = $1',
    [bot.conversationId],
  )
  expect(kept[0]?.context).toContain('110105********002X')
})
