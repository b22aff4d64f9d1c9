import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../contract/answer.ts'
import { contactsStore } from '../../bot/contacts.store.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import { wording as dialogWording } from '../../bot/dialogs/wording.ts'
import { samePerson } from '../../bot/same-person.ts'
import { wording } from '../../bot/wording.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { staff } from '../../desk/staff.ts'
import { aBot, offer, unknown } from '../support/bot.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
let agentId: string
beforeAll(async () => {
  database = await aDatabase()
  const agent = await staff(database.db).create(
    { name: 'wang', password: 'Correct-Horse-9', roles: ['agent'] },
    new Date(),
  )
  agentId = agent.staffId
})
afterAll(() => database.drop())

const onDuty = (is: boolean) => presenceStore(database.db).set(agentId, is ? 'online' : 'offline', new Date())
const wanted = (text: string): Answer => ({
  outcome: 'answer',
  entry: { id: 'nat-x', revision: '0e5dd1f0-52d8-4a3a-8f61-1d1a3a0f3f11', question: '标准问题' },
  answer: { text, spoken: text, sources: [{ title: '文件' }], validFrom: '2026-01-01', example: false },
  score: 0.9,
})
const boom = () => {
  throw new Error('boom')
}

describe('when something breaks', () => {
  it('hands over to a person when the answerer throws, and keeps what was said', async () => {
    await onDuty(true)
    const bot = await aBot(database, { answer: boom })
    await bot.say('住院能报多少')
    expect(bot.turns()[0]).toMatchObject({ speaker: 'customer', text: '住院能报多少', seq: 1 })
    expect(bot.said()[0]).toContain(wording.handedOver.bot_failed)
    expect(bot.states()).toEqual(['waiting'])
    expect(bot.logged).toHaveLength(1)
  })

  it('takes a number for a callback when the answerer throws and nobody is there', async () => {
    await onDuty(false)
    const bot = await aBot(database, { answer: boom })
    await bot.say('住院能报多少')
    expect(bot.said()).toEqual([wording.nobodyThere, dialogWording.callback.askPhone])
  })

  it('still says where to leave a number when the dialogs are what broke', async () => {
    await onDuty(false)
    const broken = {
      begin: () => Promise.reject(new Error('no dialogs')),
      hear: () => Promise.reject(new Error('no dialogs')),
    }
    const bot = await aBot(database, { dialogs: broken })
    await bot.say('转人工')
    expect(bot.said()).toEqual([wording.nobodyPlain])
  })

  it('drops a dialog that fails instead of failing at it for ever', async () => {
    await onDuty(false)
    let fails = false
    const working = await (await import('../../bot/dialogs/botkit-engine.ts')).botkitDialogs()
    const moody = {
      ...working,
      hear: (...given: Parameters<typeof working.hear>) =>
        fails ? Promise.reject(new Error('lost')) : working.hear(...given),
    }
    const bot = await aBot(database, { dialogs: moody })
    await bot.say('我要投诉')
    fails = true
    await bot.say('窗口没有人')
    expect(bot.said().at(-1)).toBe(dialogWording.callback.askPhone)
  })

  it('gives a turn that never ends to a person after its time, and lets it say nothing later', async () => {
    await onDuty(true)
    let wake = (): void => {}
    const bot = await aBot(database, {
      recognise: () => new Promise((resolve) => (wake = () => resolve({ name: 'greeting', score: 1 }))),
    })
    await bot.say('在吗')
    expect(bot.said()[0]).toContain(wording.handedOver.bot_failed)
    const before = bot.said().length
    wake()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(bot.said()).toHaveLength(before)
  }, 15_000)
})

describe('退订 and 恢复', () => {
  it('are no question, and concern WeChat where the citizen is known there', async () => {
    const bot = await aBot(database, { channel: 'wechat', answer: boom })
    const hash = randomBytes(32)
    const optOuts = async () =>
      (await database.pool.query('select 1 from outbox_opt_out where recipient_hash = $1', [hash])).rowCount
    await bot.say('退订')
    expect(bot.said()).toEqual([wording.nowhereToOptOut])
    const here = await conversationsStore(database.db).find(bot.conversationId)
    const known = await contactsStore(database.db).known('openid', hash, new Date())
    await samePerson(database.db).joinByConsent([here?.contactId ?? '', known], new Date())

    for (const word of ['td', 'TD']) await bot.say(word)
    expect(bot.said().at(-1)).toMatch(/^好的，以后不再主动给您发通知（微信）.*短信通知另算/)
    expect(await optOuts()).toBe(1)
    await bot.say('恢复')
    expect(bot.said().at(-1)).toMatch(/^好的，已恢复接收通知（微信）/)
    expect(await optOuts()).toBe(0)
    expect({ states: bot.states(), logged: bot.logged }).toEqual({ states: [], logged: [] })
  })
})

describe('misses', () => {
  it('lead to a person at the second in a row', async () => {
    await onDuty(true)
    const bot = await aBot(database)
    await bot.say('甲')
    expect(bot.said()).toEqual([wording.unknown])
    await bot.say('乙')
    expect(bot.said()[1]).toContain(wording.handedOver.bot_stuck)
  })

  it('begin again after an answer in between', async () => {
    await onDuty(true)
    const revision = await aPublishedRevision()
    const found = wanted('答案')
    const bot = await aBot(database, {
      answer: (question) =>
        question === '懂' ? { ...found, entry: { id: 'nat-x', question: '标准问题', revision } } : unknown,
    })
    for (const text of ['甲', '懂', '乙']) await bot.say(text)
    expect(bot.said()).toEqual([wording.unknown, '答案', wording.unknown])
  })

  it('count a no to everything that was offered', async () => {
    await onDuty(true)
    const bot = await aBot(database, { answer: () => offer('甲', '乙') })
    await bot.say('含糊的问题')
    await bot.say('都不是')
    expect(bot.said().at(-1)).toBe(wording.noneOfThese)
    expect(bot.states()).toEqual([])
  })
})

describe('an offer', () => {
  it('is taken by its number or its words, once', async () => {
    const revision = await aPublishedRevision()
    const picked: string[] = []
    const bot = await aBot(database, {
      answer: () => offer('居民医保怎么交', '职工医保怎么交'),
      answerEntry: (id) => {
        picked.push(id)
        return { ...wanted(`答 ${id}`), entry: { id, question: '标准问题', revision } }
      },
    })
    await bot.say('医保怎么交')
    await bot.say('2')
    await bot.say('医保怎么交')
    await bot.say('居民医保怎么交。')
    expect(picked).toEqual(['e-1', 'e-0'])
    await bot.say('1')
    expect(picked).toHaveLength(2)
  })
})

it('treats a guess at a complaint as a question when there is an approved answer to it', async () => {
  const revision = await aPublishedRevision()
  const bot = await aBot(database, {
    recognise: () => Promise.resolve({ name: 'complain', score: 0.9 }),
    answer: () => ({ ...wanted('向监管部门反映'), entry: { id: 'nat-x', question: '标准问题', revision } }),
  })
  await bot.say('怎么投诉医院乱收费')
  expect(bot.said()).toEqual(['向监管部门反映'])
})

it('answers a greeting, thanks and goodbye in words of its own and asks for a rating at the end', async () => {
  const bot = await aBot(database)
  for (const text of ['你好', '谢谢', '再见']) await bot.say(text)
  expect(bot.said()).toEqual([wording.greeting, wording.thanks, wording.goodbye, wording.rateHint])
  expect(bot.news.find((one) => one.kind === 'rating-asked')).toMatchObject({ about: 'bot' })
  await bot.say('谢谢')
  expect(bot.said().at(-1)).toBe(wording.thanks)
  expect(bot.states()).toEqual(['closed'])
})

/** A revision row to point at: what was served is kept with the revision it came from. */
async function aPublishedRevision(): Promise<string> {
  const id = `e-${Math.random().toString(36).slice(2, 10)}`
  await database.pool.query('insert into entry (id, created_at) values ($1, now())', [id])
  const { rows } = await database.pool.query<{ id: string }>(
    `insert into revision (entry_id, number, state, origin, wording, question, topic, valid_from, created_at, published_at)
     values ($1, 1, 'published', 'pack', '{}', '标准问题', '参保', '2026-01-01', now(), now()) returning id`,
    [id],
  )
  return rows[0]?.id ?? ''
}
