/** Who takes somebody that writes, by the hours of the web and of WeChat, with somebody at a desk and with nobody. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LineMode } from '../../contract/phone-events.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { aColleague, aConversation } from '../desk/rows.ts'
import { aBot } from '../support/bot.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
let staffId: string
const now = () => new Date('2026-11-23T10:00:00+08:00')
beforeAll(async () => {
  database = await aDatabase()
  staffId = (await aColleague(database.pool, 'agent')).staffId
})
afterAll(() => database.drop())

const modeOf = (mode: LineMode) => ({
  table: () =>
    Promise.resolve({
      lines: { '@web': [{ on: 'workdays', from: '09:00', to: '17:00', mode }] },
      otherLines: [{ on: 'every-day', from: '00:00', to: '24:00', mode: 'bot-first' }],
      moved: {},
      overflowAfterSeconds: 30,
    } as const),
})
async function askedOn(mode: LineMode, text: string, channel: 'web' | 'wechat' = 'web') {
  const bot = await aBot(database, { now, channel, chatLines: modeOf(mode) })
  await bot.say(text)
  return bot
}
const be = (state: 'online' | 'offline') => presenceStore(database.db).set(staffId, state, now())
const question = '新生儿怎么参保'

describe('with somebody at a desk', () => {
  beforeAll(() => be('online'))

  it.each([
    ['person-first', question, 'waiting'],
    ['overflow', question, 'waiting'],
    ['bot-first', question, undefined],
    ['after-hours', question, undefined],
    ['bot-first', '人工', 'waiting'],
    // Nobody is promised before the office opens, but whoever is in danger.
    ['after-hours', '人工', undefined],
    ['after-hours', '我不想活了', 'waiting'],
  ] as const)('%s: “%s” leads to %s', async (mode, text, state) => {
    expect((await askedOn(mode, text)).states().at(-1)).toBe(state)
  })

  it('offers a callback after hours, in words that are true', async () => {
    expect((await askedOn('after-hours', '人工')).said().join()).toContain('不是人工接待的时间')
  })

  it('lets the bot answer on an overflow line while nobody has room or somebody waits too long', async () => {
    const waiting = await aConversation(database.pool)
    await database.pool.query(`update conversation set state = 'waiting' where id = $1`, [waiting])
    await database.pool.query(
      `insert into handover (conversation_id, reason, priority, asked_at) values ($1, 'asked', 0, $2)`,
      [waiting, new Date(now().getTime() - 31_000)],
    )
    expect((await askedOn('overflow', question)).states()).toEqual([])
    await database.pool.query('update handover set left_at = $1', [now()])
    await database.pool.query('update seat_capacity set web = 0')
    expect((await askedOn('overflow', question)).states()).toEqual([])
    expect((await askedOn('person-first', question)).states()).toEqual([])
    expect((await askedOn('person-first', question, 'wechat')).states()).toEqual([])
    await database.pool.query('update seat_capacity set web = 8')
    expect((await askedOn('overflow', question)).states()).toEqual(['waiting'])
  })

  it('asks the hours of one’s own channel, and only at the beginning', async () => {
    expect((await askedOn('person-first', question, 'wechat')).states()).toEqual([])
    let asked = 0
    const chatLines = { table: () => modeOf(asked++ === 0 ? 'bot-first' : 'person-first').table() }
    const bot = await aBot(database, { now, chatLines })
    for (const text of ['你好', '谢谢']) await bot.say(text)
    expect([bot.states(), asked]).toEqual([[], 1])
  })
})

describe('with nobody at a desk', () => {
  beforeAll(() => be('offline'))

  it.each(['person-first', 'overflow'] as const)('%s leaves the question to the bot', async (mode) => {
    const bot = await askedOn(mode, question)
    expect(bot.states()).toEqual([])
    expect(bot.said().join()).not.toContain('没有同事')
  })
})
