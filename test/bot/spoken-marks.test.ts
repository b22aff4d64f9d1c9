/** What a question awaits is the bot's to say. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SaidBy } from '../../contract/line.ts'
import { openLines } from '../../bot/open-lines.ts'
import { begin } from '../../bot/begun.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { staff } from '../../desk/staff.ts'
import { aPassword } from '../support/hotline.ts'

let database: TestDatabase
const now = new Date('2026-11-22T02:00:00Z')
beforeAll(async () => {
  database = await aDatabase()
})
afterAll(() => database.drop())

it('is kept with a turn of the bot, and with no other', async () => {
  const { db } = database
  const lines = openLines({ db, now: () => now, publish: () => undefined, log: { error: () => undefined } })
  const { id } = await begin(db, { kind: 'visitor', lookupHash: Buffer.alloc(32, 1), channel: 'web' }, now)
  const agent = await staff(db).create({ name: 'agent', password: aPassword, roles: ['agent'] }, now)
  const sides: SaidBy[] = [
    { speaker: 'bot' },
    { speaker: 'system' },
    { speaker: 'agent', staffId: agent.staffId, agentNumber: agent.workNumber, clientId: 'client-id-1' },
  ]
  const kept = await lines.hold(id, async (talk) => {
    const said = []
    for (const side of sides) said.push(await talk.line.say({ text: '请留一个电话。', expects: 'number' }, side))
    return said
  })
  expect(kept.map(({ expects }) => expects)).toEqual(['number', undefined, undefined])
})
