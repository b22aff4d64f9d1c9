import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { callbackListStore } from '../../desk/callback-list.store.ts'
import { callbacks, type Callbacks } from '../../desk/callbacks.ts'
import { handoversStore } from '../../desk/handovers.store.ts'
import { seedHolidays } from '../../desk/holiday-seed.ts'
import { skillsStore } from '../../desk/skills.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aConversation, aSealer, hoursAfter, sundayNoon } from './rows.ts'

let database: TestDatabase
let desk: Callbacks
const waiting = async () => {
  const asked = { list: 'waiting', limit: 50, offset: 0 } as const
  return (await callbackListStore(database.db).list(asked, randomUUID(), sundayNoon)).callbacks
}
beforeAll(async () => {
  database = await aDatabase()
  await seedHolidays(database.db)
  desk = callbacks(database.db, aSealer)
})
afterAll(() => database.drop())
beforeEach(() => database.pool.query('delete from callback'))

const mondayMorning = new Date('2026-11-23T10:00:00+08:00')

it('is due on the next working morning, shown masked, and its number kept sealed', async () => {
  const conversationId = await aConversation(database.pool)
  const { callbackId, dueAt } = await desk.book({ conversationId, phone: '13800138000' }, sundayNoon)
  expect(dueAt).toEqual(mondayMorning)
  expect(await waiting()).toEqual([
    {
      id: callbackId,
      conversationId,
      phone: '138****8000',
      dueAt: mondayMorning.toISOString(),
      askedAt: sundayNoon.toISOString(),
      state: 'waiting',
      origin: 'asked',
      tries: 0,
      hasRecording: false,
    },
  ])
  expect(await desk.phoneOf(callbackId)).toBe('13800138000')
  const { rows } = await database.pool.query<{ row: string }>('select c::text as row from callback c')
  expect(rows[0]?.row).not.toContain('13800138000')
})

it('is never doubled: booked again, it takes the new number and time and keeps when it was asked for', async () => {
  const conversationId = await aConversation(database.pool)
  const first = await desk.book({ conversationId, phone: '13800138000' }, sundayNoon)
  const at = hoursAfter(sundayNoon, 28)
  const again = await desk.book({ conversationId, phone: '13900139000', at }, hoursAfter(sundayNoon, 1))
  expect(again).toEqual({ callbackId: first.callbackId, dueAt: at, isMoved: false })
  expect(await waiting()).toMatchObject([
    { phone: '139****9000', dueAt: at.toISOString(), askedAt: sundayNoon.toISOString() },
  ])
  expect(await desk.phoneOf(first.callbackId)).toBe('13900139000')
})

it('makes one of five booked at the same moment', async () => {
  const conversationId = await aConversation(database.pool)
  const booked = await Promise.all(
    [0, 1, 2, 3, 4].map((n) => desk.book({ conversationId, phone: `1380013800${n}` }, sundayNoon)),
  )
  expect(new Set(booked.map(({ callbackId }) => callbackId)).size).toBe(1)
  expect(await waiting()).toHaveLength(1)
})

it('is moved when nobody is there at the wanted time, and says so', async () => {
  const conversationId = await aConversation(database.pool)
  const at = new Date('2026-11-23T03:00:00+08:00')
  const booked = await desk.book({ conversationId, phone: '13800138000', at }, sundayNoon)
  expect(booked).toMatchObject({ dueAt: mondayMorning, isMoved: true })
})

it('is one for a number and matter, wherever it was asked for, and stands with who asked last', async () => {
  const [web, phone, other] = [
    await aConversation(database.pool),
    await aConversation(database.pool),
    await aConversation(database.pool),
  ]
  const skillId = await skillsStore(database.db).keepSkill({ name: '生育', words: ['产检'] })
  const first = await desk.book({ conversationId: web, phone: '13800138000' }, sundayNoon)
  const again = await desk.book({ conversationId: phone, phone: '13800138000' }, hoursAfter(sundayNoon, 1))
  expect(again.callbackId).toBe(first.callbackId)
  const matter = await desk.book({ conversationId: other, phone: '13800138000', skillId }, hoursAfter(sundayNoon, 1))
  expect(matter.callbackId).not.toBe(first.callbackId)
  expect(await waiting()).toMatchObject([
    { id: first.callbackId, conversationId: phone, askedAt: sundayNoon.toISOString() },
    { id: matter.callbackId, conversationId: other },
  ])
})

it('becomes one when a number given anew is one that is to be rung already', async () => {
  const [one, other] = [await aConversation(database.pool), await aConversation(database.pool)]
  await desk.book({ conversationId: one, phone: '13900139000' }, sundayNoon)
  const theirs = await desk.book({ conversationId: other, phone: '13800138000' }, hoursAfter(sundayNoon, 1))
  const again = await desk.book({ conversationId: one, phone: '13800138000' }, hoursAfter(sundayNoon, 2))
  expect(again.callbackId).toBe(theirs.callbackId)
  expect(await waiting()).toMatchObject([
    { id: theirs.callbackId, conversationId: one, askedAt: sundayNoon.toISOString() },
  ])
})

it('keeps the place of whoever gave up waiting for it', async () => {
  const conversationId = await aConversation(database.pool)
  const [earlier, patient] = [hoursAfter(sundayNoon, -1), await aConversation(database.pool)]
  await desk.book({ conversationId: patient, phone: '13700137000' }, hoursAfter(sundayNoon, -0.5))
  const queue = handoversStore(database.db)
  await queue.ask({ conversationId, reason: 'asked' }, earlier)
  await queue.leave(conversationId, sundayNoon)
  await desk.book({ conversationId, phone: '13800138000' }, sundayNoon)
  expect((await waiting()).map((one) => one.conversationId)).toEqual([conversationId, patient])
})

it('is listed with the oldest due first', async () => {
  const book = async (hours: number) => {
    const conversationId = await aConversation(database.pool)
    return (
      await desk.book({ conversationId, phone: `0551623456${hours}`, at: hoursAfter(sundayNoon, hours) }, sundayNoon)
    ).callbackId
  }
  const [late, soon] = [await book(28), await book(23)]
  expect((await waiting()).map(({ id }) => id)).toEqual([soon, late])
})

it('is owed to a caller who was missed, from when they began to wait, until they ask for one themselves', async () => {
  const [call, web] = [await aConversation(database.pool), await aConversation(database.pool)]
  const askedAt = hoursAfter(sundayNoon, -0.25)
  const missed = await desk.owe({ conversationId: call, phone: '13800138000', askedAt, priority: 2 }, sundayNoon)
  expect(await waiting()).toMatchObject([
    { id: missed, origin: 'missed', askedAt: askedAt.toISOString(), dueAt: mondayMorning.toISOString() },
  ])
  const skillId = await skillsStore(database.db).keepSkill({ name: '异地', words: ['异地'] })
  const asked = await desk.book({ conversationId: web, phone: '13800138000', skillId }, hoursAfter(sundayNoon, 1))
  expect(await waiting()).toMatchObject([{ id: asked.callbackId, origin: 'asked', matter: '异地' }])
})

it('is owed once: nothing to a number that is to be rung already, whatever about', async () => {
  const [call, web] = [await aConversation(database.pool), await aConversation(database.pool)]
  await desk.book({ conversationId: web, phone: '13800138000' }, sundayNoon)
  const missed = { conversationId: call, phone: '13800138000', askedAt: sundayNoon, priority: 0 }
  expect(await desk.owe(missed, sundayNoon)).toBeUndefined()
  const [first, second] = await Promise.all([
    desk.owe({ ...missed, phone: '13900139000' }, sundayNoon),
    desk.owe({ ...missed, conversationId: await aConversation(database.pool), phone: '13900139000' }, sundayNoon),
  ])
  expect([first, second].filter((id) => id !== undefined)).toHaveLength(1)
  expect((await waiting()).map(({ phone }) => phone).sort()).toEqual(['138****8000', '139****9000'])
})
