/** Calls of a phone: begun once, and never left without an end. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aPhoneClient, type PhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'

let hotline: TestHotline
const closing: (() => unknown)[] = []
beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken } })
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => hotline.close())

async function aLinkedPhone(): Promise<PhoneClient> {
  const phone = await aPhoneClient(hotline.url, phoneToken)
  closing.push(phone.close)
  await phone.hello()
  return phone
}
async function kept(callRowId: string): Promise<{ ended_by: string | null; state: string }[]> {
  const { rows } = await hotline.database.pool.query<{ ended_by: string | null; state: string }>(
    'select ended_by, state from call join conversation c on c.id = conversation_id where call.id = $1',
    [callRowId],
  )
  return rows
}
/** Nobody can write a call down until the returned function is called. */
async function slowRecord(): Promise<() => Promise<void>> {
  const writer = await hotline.database.pool.connect()
  await writer.query('begin; lock table call in exclusive mode')
  return async () => {
    await writer.query('rollback')
    writer.release()
  }
}
async function untilEnded(callRowId: string): Promise<{ ended_by: string | null; state: string }[]> {
  for (let waited = 0; waited < 20_000; waited += 20) {
    const [row] = await kept(callRowId)
    if (row?.ended_by && row.state === 'closed') return [row]
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return kept(callRowId)
}
const ofCaller = (callRowId: string) => ({ callRowId, endedBy: 'caller', at: new Date().toISOString() })

it('begins a call once, however often its phone asks', async () => {
  const phone = await aLinkedPhone()
  const callRowId = randomUUID()
  const [first, second] = await Promise.all([
    phone.ring('13600136001', callRowId),
    phone.ring('13600136001', callRowId),
  ])
  expect(second).toEqual(first)
  expect(await phone.ring('13600136001', callRowId)).toEqual(first)
  expect(await kept(callRowId)).toEqual([{ ended_by: null, state: 'bot' }])
})

it('ends a call that is about to begin when it has begun', async () => {
  const phone = await aLinkedPhone()
  const callRowId = randomUUID()
  const goOn = await slowRecord()
  const begun = phone.ring('13600136002', callRowId)
  const ended = phone.must('call:end', ofCaller(callRowId))
  await goOn()
  await Promise.all([begun, ended])
  expect(await kept(callRowId)).toEqual([{ ended_by: 'caller', state: 'closed' }])
})

it('ends a call whose phone was gone before it had begun', async () => {
  const phone = await aLinkedPhone()
  const callRowId = randomUUID()
  const goOn = await slowRecord()
  const unheard = expect(phone.ring('13600136003', callRowId)).rejects.toThrow('disconnected')
  await phone.must('handset:changed', {}) // asks are taken in their order
  phone.close()
  await unheard
  const isGone = () => hotline.io.of('/phone').sockets.size === 0
  for (let waited = 0; !isGone() && waited < 20_000; waited += 20) await new Promise((wait) => setTimeout(wait, 20))
  await goOn()
  expect(await untilEnded(callRowId)).toEqual([{ ended_by: 'failed', state: 'closed' }])
})

it('takes the end of a call, and of its conversation, from the link that its phone has now', async () => {
  const before = await aLinkedPhone()
  const { callRowId } = await before.ring('13600136004')
  const now = await aLinkedPhone()
  await now.must('call:end', ofCaller(callRowId))
  await now.must('call:end', { ...ofCaller(callRowId), endedBy: 'hotline' })
  expect(await kept(callRowId)).toEqual([{ ended_by: 'caller', state: 'closed' }])
})

it('takes many callers back at once, however few connections the database gives', async () => {
  const phone = await aLinkedPhone()
  const callers = Array.from({ length: 30 }, (_, i) => `137001370${String(10 + i)}`)
  for (const { callRowId } of await Promise.all(callers.map((caller) => phone.ring(caller))))
    await phone.hangUp(callRowId)
  const again = await Promise.all(callers.map((caller) => phone.ring(caller)))
  expect(new Set(again.map(({ conversationId }) => conversationId)).size).toBe(callers.length)
}, 30_000)
