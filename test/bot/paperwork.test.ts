import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { staff } from '../../desk/staff.ts'
import { aBot } from '../support/bot.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await aDatabase()
  await staff(database.db).create({ name: 'zhao', password: 'Correct-Horse-9', roles: ['officer'] }, new Date())
})
afterAll(() => database.drop())

it('names the day by which a complaint is dealt with as people write days', async () => {
  const bot = await aBot(database)
  for (const words of ['我要投诉', `窗口让我多跑了三趟 ${randomUUID()}`, '不留电话', '确认提交']) await bot.say(words)
  expect(bot.said().at(-1)).toMatch(/专人将在 \d{4}年\d{1,2}月\d{1,2}日 前办结/)
})
