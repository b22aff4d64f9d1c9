/** Nobody is left waiting for a desk at which nobody sits. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { wording as dialogWording } from '../../bot/dialogs/wording.ts'
import { wording } from '../../bot/wording.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { anAgent, aVisitor, until, type Visitor } from '../support/socket-clients.ts'

const minuteMs = 60_000
let hotline: TestHotline
let clockShiftMs = 0
beforeAll(async () => {
  hotline = await aHotline({ env: { QUEUE_MODE: 'claim' }, now: () => new Date(Date.now() + clockShiftMs) })
})
afterEach(() => {
  clockShiftMs = 0
})
afterAll(() => hotline.close())

async function waitingForAnAgent() {
  const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'online' })
  const citizen = await aVisitor(hotline.url)
  await citizen.must('person:ask', {})
  return { agent, citizen }
}

it('asks whoever waits for a number when the last agent has gone off duty', async () => {
  const { agent, citizen } = await waitingForAnAgent()
  await agent.must('presence:set', { state: 'offline' })
  clockShiftMs = 3 * minuteMs
  await hotline.timekeeper.letGoTheWaiting()
  await citizen.hears(wording.nobodyThere)
  await citizen.hears(dialogWording.callback.askPhone)
  await until(() => citizen.standing()?.state === 'bot', 'the bot')
  await citizen.say('13800138000')
  await citizen.say('尽快')
  await citizen.hears('已登记回电')
  await until(() => agent.queue()?.waiting.length === 0, 'an empty queue')
})

it('keeps the queue of an agent who is away for a moment', async () => {
  const { agent, citizen } = await waitingForAnAgent()
  await agent.must('presence:set', { state: 'busy' })
  clockShiftMs = minuteMs
  await hotline.timekeeper.letGoTheWaiting()
  expect(citizen.turns.map((turn) => turn.text)).not.toContain(wording.nobodyThere)
  const conversationId = String(citizen.standing()?.conversationId)
  await agent.must('presence:set', { state: 'online' })
  // Longer than anybody is waited for, and shorter than a session without a word.
  clockShiftMs = 25 * minuteMs
  await hotline.timekeeper.letGoTheWaiting()
  await agent.must('conversation:claim', { conversationId })
})

it('asks whoever writes for a number by itself while those at their desks take calls alone', async () => {
  await presenceStore(hotline.db).offlineAll(new Date())
  const lead = await signedIn(hotline.url, await hotline.aMember('supervisor'))
  const member = await hotline.aMember('agent')
  const agent = await anAgent(hotline.url, member)
  await agent.must('presence:set', { state: 'online' })
  const before = await aVisitor(hotline.url)
  expect(await before.must('person:ask', {})).toMatchObject({ outcome: 'queued' })
  const callsAlone = { skills: [], regions: [], capacity: { phone: 1, web: 0, wechat: 0 } }
  expect((await lead.post(`/api/seats/${member.staffId}`, callsAlone)).status).toBe(200)

  const citizen = await aVisitor(hotline.url)
  await citizen.say('转人工')
  await citizen.hears(wording.nobodyThere)
  await citizen.hears(dialogWording.callback.askPhone)
  expect(citizen.standing()?.state).toBe('bot')
  clockShiftMs = 3 * minuteMs
  await hotline.timekeeper.letGoTheWaiting()
  await before.hears(wording.nobodyThere)
  expect((await agent.must('queue:list', {})).waiting).toEqual([])
  for (const one of [before, citizen, agent]) one.close()
})

it.each([
  ['says 人工', (citizen: Visitor) => citizen.say('转人工')],
  ['presses the button', (citizen: Visitor) => citizen.ask('person:ask', {})],
])('tells whoever %s in the middle of a complaint that it is not filed, and how to file it', async (_how, asks) => {
  await presenceStore(hotline.db).offlineAll(new Date())
  const citizen = await aVisitor(hotline.url)
  await citizen.say('我要投诉')
  await citizen.hears(dialogWording.complaint.askText)
  await citizen.say('昨天在窗口等了两小时没人理')
  await citizen.hears(dialogWording.complaint.askContact)
  await asks(citizen)
  await citizen.hears(wording.complaintUnfiled)
  await citizen.hears(dialogWording.callback.askPhone)
  const { rows } = await hotline.database.pool.query('select 1 from case_file')
  expect(rows).toEqual([])
  await citizen.say('取消')
  await citizen.say('我要投诉')
  await until(
    () => citizen.turns.filter(({ text }) => text === dialogWording.complaint.askText).length === 2,
    'the complaint again',
  )
  citizen.close()
})
