/** Who works a callback, and what becomes of one that is not answered; on PostgreSQL. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Actor } from '../../contract/staff.ts'
import { callbackListStore } from '../../desk/callback-list.store.ts'
import { callbackWork } from '../../desk/callback-work.ts'
import { callbackWorkStore } from '../../desk/callback-work.store.ts'
import { callbacks } from '../../desk/callbacks.ts'
import { handoversStore } from '../../desk/handovers.store.ts'
import { seedHolidays } from '../../desk/holiday-seed.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aColleague, aConversation, aSealer } from './rows.ts'

const mostTries = 3
const monday = (time: string) => new Date(`2026-11-23T${time}:00+08:00`)
let database: TestDatabase
let agent: Actor
let other: Actor
let lead: Actor
beforeAll(async () => {
  database = await aDatabase()
  await seedHolidays(database.db)
  agent = await aColleague(database.pool, 'agent')
  other = await aColleague(database.pool, 'agent')
  lead = await aColleague(database.pool, 'supervisor')
})
afterAll(() => database.drop())
beforeEach(() => database.pool.query('delete from callback'))

type Work = ReturnType<typeof callbackWork>
const work = <T>(act: (desk: Work) => Promise<T>): Promise<T> =>
  database.db.transaction().execute((tx) => act(callbackWork(tx, mostTries)))
const seen = async (id: string) => (await callbackListStore(database.db).find(id)) ?? expect.unreachable(id)
async function aTicket(phone = '13800138000') {
  const conversationId = await aConversation(database.pool)
  const booked = await callbacks(database.db, aSealer).book({ conversationId, phone }, monday('09:00'))
  return { conversationId, id: booked.callbackId }
}

it('is in one hand: a second is told whose, until it is put back', async () => {
  const { id } = await aTicket()
  const claims = await Promise.allSettled(
    [agent, other].map(({ staffId }) => work((desk) => desk.claim(id, staffId, monday('09:01')))),
  )
  expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const holder = (await seen(id)).holder === agent.workNumber ? agent : other
  const late = holder === agent ? other : agent
  await expect(work((desk) => desk.claim(id, late.staffId, monday('09:02')))).rejects.toMatchObject({
    code: 'already_claimed',
    message: holder.workNumber,
  })
  await expect(work((desk) => desk.release(id, late))).rejects.toMatchObject({ code: 'already_claimed' })
  await expect(work((desk) => desk.reached(id, late.staffId, '已答复', monday('09:02')))).rejects.toMatchObject({
    code: 'already_claimed',
  })
  await work((desk) => desk.release(id, lead))
  await work((desk) => desk.claim(id, late.staffId, monday('09:03')))
})

it('comes again when it is not answered, and is given up after the last try with all that was tried', async () => {
  const { id } = await aTicket()
  await work((desk) => desk.claim(id, agent.staffId, monday('09:01')))
  const first = await work((desk) => desk.notReached(id, agent.staffId, '无人接听', monday('09:05')))
  expect(first).toMatchObject({ tries: 1, dueAt: monday('09:35') })
  expect(await seen(id)).toMatchObject({ state: 'waiting', tries: 1, dueAt: monday('09:35').toISOString() })
  expect((await seen(id)).holder).toBeUndefined()
  const soon = await work((desk) => desk.notReached(id, agent.staffId, '又打一次', monday('09:08')))
  expect(soon.tries).toBe(1)
  const second = await work((desk) => desk.notReached(id, other.staffId, '占线', monday('09:40')))
  expect(second).toMatchObject({ tries: 2, dueAt: monday('14:30') })
  const last = await work((desk) => desk.notReached(id, agent.staffId, '关机', monday('14:30')))
  expect(last.dueAt).toBeUndefined()
  expect(await seen(id)).toMatchObject({
    ...{ state: 'done', result: 'not_reached', doneBy: agent.workNumber },
    attempts: [
      { by: agent.workNumber, outcome: 'not_reached', note: '无人接听', at: monday('09:05').toISOString() },
      { note: '又打一次' },
      { by: other.workNumber, note: '占线' },
      { note: '关机' },
    ],
  })
  await expect(work((desk) => desk.claim(id, agent.staffId, monday('15:00')))).rejects.toMatchObject({
    code: 'conflict',
  })
  const closed = { list: 'closed', limit: 10, offset: 0 } as const
  expect((await callbackListStore(database.db).list(closed, agent.staffId, monday('12:00'))).callbacks).toMatchObject([
    { id, result: 'not_reached' },
  ])
})

it('is tried as often again once the citizen asks anew', async () => {
  const { id, conversationId } = await aTicket()
  await work((desk) => desk.notReached(id, agent.staffId, '无人接听', monday('09:05')))
  await work((desk) => desk.notReached(id, agent.staffId, '无人接听', monday('09:40')))
  await callbacks(database.db, aSealer).book({ conversationId, phone: '13800138000' }, monday('10:00'))
  const next = await work((desk) => desk.notReached(id, agent.staffId, '无人接听', monday('12:00')))
  expect(next).toMatchObject({ tries: 1, dueAt: monday('12:30') })
})

it('is settled by a call that was answered, and waits anew when the citizen names another time', async () => {
  const { id, conversationId } = await aTicket()
  await work((desk) => desk.claim(id, agent.staffId, monday('09:01')))
  expect(await callbackWorkStore(database.db).beginRinging(id, agent.staffId, conversationId, monday('09:02'))).toBe(
    true,
  )
  expect(await callbackWorkStore(database.db).beginRinging(id, agent.staffId, conversationId, monday('09:02'))).toBe(
    false,
  )
  await work((desk) => desk.answered(conversationId, monday('09:03')))
  expect(await seen(id)).toMatchObject({ state: 'done', result: 'reached', attempts: [{ outcome: 'reached' }] })
  expect(await work((desk) => desk.unanswered(conversationId, monday('09:04')))).toBeUndefined()

  const at = monday('15:00')
  expect(await work((desk) => desk.again(id, other.staffId, { at, note: '下午三点再打' }, monday('09:05')))).toEqual(at)
  expect(await seen(id)).toMatchObject({ state: 'waiting', dueAt: at.toISOString(), tries: 0 })
  expect((await seen(id)).result).toBeUndefined()
  await expect(
    work((desk) => desk.again(randomUUID(), other.staffId, { at, note: '下午' }, monday('09:05'))),
  ).rejects.toMatchObject({ code: 'not_found' })
})

it('goes back to all when whoever took it up is gone or forgot it, and not while it rings', async () => {
  const [{ id }, { id: rung, conversationId }] = [await aTicket(), await aTicket('13900139000')]
  await presenceStore(database.db).set(agent.staffId, 'online', monday('09:00'))
  await work((desk) => desk.claim(id, agent.staffId, monday('09:00')))
  await work((desk) => desk.claim(rung, agent.staffId, monday('09:00')))
  await callbackWorkStore(database.db).beginRinging(rung, agent.staffId, conversationId, monday('09:01'))
  expect(await work((desk) => desk.lookAfter(monday('09:01')))).toBe(false)
  expect(await work((desk) => desk.lookAfter(monday('09:03')))).toBe(true)
  expect([(await seen(id)).holder, (await seen(rung)).holder]).toEqual([undefined, agent.workNumber])

  await work((desk) => desk.claim(id, agent.staffId, monday('09:04')))
  await presenceStore(database.db).seen(agent.staffId, monday('09:33'))
  await work((desk) => desk.lookAfter(monday('09:33')))
  expect((await seen(id)).holder).toBe(agent.workNumber)
  await presenceStore(database.db).seen(agent.staffId, monday('09:34'))
  await work((desk) => desk.lookAfter(monday('09:34')))
  expect((await seen(id)).holder).toBeUndefined()
})

it('is done with for a caller who was missed, rang again and was taken', async () => {
  const conversationId = await aConversation(database.pool)
  const missed = { conversationId, phone: '13700137000', askedAt: monday('09:00'), priority: 0 }
  const id = (await callbacks(database.db, aSealer).owe(missed, monday('09:05'))) ?? expect.unreachable('not owed')
  const { id: asked } = await aTicket()
  const queue = handoversStore(database.db)
  await queue.ask({ conversationId, reason: 'asked' }, monday('09:10'))
  await work((desk) => desk.lookAfter(monday('09:10')))
  expect((await seen(id)).state).toBe('waiting')
  await queue.claim(conversationId, other.staffId, monday('09:11'))
  await work((desk) => desk.lookAfter(monday('09:12')))
  expect(await seen(id)).toMatchObject({ state: 'done', result: 'served', doneBy: other.workNumber })
  expect((await seen(asked)).state).toBe('waiting')

  // Promised another call after that, they are owed it, whoever took them before.
  const at = monday('15:00')
  await work((desk) => desk.again(id, other.staffId, { at, note: '下午三点再打' }, monday('09:30')))
  await work((desk) => desk.lookAfter(monday('09:31')))
  expect(await seen(id)).toMatchObject({ state: 'waiting', dueAt: at.toISOString() })
})

it('is found by matter, by region, by lateness and by hand, with how many there are beyond those shown', async () => {
  const [{ id: first }, { id: second, conversationId }] = [await aTicket(), await aTicket('13900139000')]
  await database.pool.query("update conversation set region = '340600' where id = $1", [conversationId])
  await work((desk) => desk.claim(second, agent.staffId, monday('11:30')))
  const list = async (given: object) =>
    callbackListStore(database.db).list(
      { list: 'waiting', limit: 50, offset: 0, ...given },
      agent.staffId,
      monday('12:00'),
    )
  const ids = async (given: object) => (await list(given)).callbacks.map(({ id }) => id)
  expect(await ids({ region: '340600' })).toEqual([second])
  expect(await ids({ list: 'mine' })).toEqual([second])
  expect(await ids({ list: 'free' })).toEqual([first])
  expect(await ids({ matter: randomUUID() })).toEqual([])
  const { callbacks: shown, total, counts, regions } = await list({ list: 'late', limit: 1 })
  expect([shown.length, total]).toEqual([1, 2])
  expect(counts).toEqual({ waiting: 2, late: 2, mine: 1, free: 1 })
  expect(regions).toEqual(['340600'])
})
