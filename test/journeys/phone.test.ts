/** A citizen's story by telephone, over real SIP, RTP, sockets and a real database; the voice is a tone whose words can be read. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { azureRecogniser } from '../../telephony/speech/azure-recogniser.ts'
import { espeakSynthesiser } from '../../telephony/speech/espeak-synthesiser.ts'
import { azureStandIn, goodKey } from '../telephony/speech/azure-stand-in.ts'
import { hasEspeak } from '../telephony/speech/installed.ts'
import { aTone, isSounding, shareOf } from '../telephony/rtp/tone.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aCaller, aPhone, phoneToken, voiceHertz, type Caller, type TestPhone } from '../support/phone-peers.ts'
import { anAgent, until } from '../support/socket-clients.ts'

let hotline: TestHotline
let phone: TestPhone
let caller: Caller
const closing: (() => unknown)[] = []
beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
  phone = await aPhone(hotline.url)
  caller = await aCaller()
  await until(() => phone.isLinked(), 'the link')
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(async () => {
  await caller.close()
  await phone.close()
  await hotline.close()
})

type CallRow = {
  picked_up_at: Date | null
  person_asked_at: Date | null
  person_at: Date | null
  ended_by: string | null
  conversation_id: string
}
async function lastCall(): Promise<CallRow> {
  const { rows } = await hotline.database.pool.query<CallRow>('select * from call order by offered_at desc limit 1')
  if (!rows[0]) throw new Error('no call')
  return rows[0]
}
async function turnsOf(conversationId: string): Promise<{ speaker: string; text: string }[]> {
  const found = await hotline.database.pool.query<{ speaker: string; text: string }>(
    'select speaker, text from turn where conversation_id = $1 order by seq',
    [conversationId],
  )
  return found.rows
}
/** The titles that are read out say the same words as the answer: only what was kept tells that it was given. */
async function untilKept(conversationId: string, count: number): Promise<{ speaker: string; text: string }[]> {
  for (let waited = 0; waited < 20_000; waited += 100) {
    const kept = await turnsOf(conversationId)
    if (kept.length >= count) return kept
    await pause(100)
  }
  throw new Error(`never kept: ${count} turns`)
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('greets, finds a topic by initials, answers, passes to a person with sound both ways, is rated, opens a case', async () => {
  const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  closing.push(() => agent.close())
  await agent.must('presence:set', { state: 'online' })

  const call = await caller.ring(phone.uri)
  expect(call.outcome.answered).toBe(true)
  await until(() => call.hears(voiceHertz), 'the greeting')
  expect(phone.said.join('')).toContain('智能客服')

  call.press('9', '3', '5', '9', '#')
  await until(() => phone.said.some((words) => words.includes('您问的是哪一个')), 'titles')
  await pause(300)
  call.press('1')
  const { conversation_id: conversationId } = await lastCall()
  const said = await untilKept(conversationId, 2)
  expect(said.map(({ speaker }) => speaker).slice(0, 2)).toEqual(['customer', 'bot'])
  expect(said[0]?.text).toContain('异地')

  call.press('0')
  const waiting = await until(() => agent.queue()?.waiting[0], 'the caller in the queue')
  expect(waiting.conversationId).toBe(conversationId)
  await agent.must('conversation:claim', { conversationId })
  const heardByAgent: Uint8Array[] = []
  agent.socket.on('audio:frame', (_: string, frame: Uint8Array) => heardByAgent.push(new Uint8Array(frame)))
  await agent.must('audio:open', { conversationId })
  await pause(200)
  call.heard()
  void call.tone(1_000, 1_500)
  const tone = aTone(700, 2_000)
  for (let at = 0; at < tone.length; at += 160) {
    agent.socket.emit('audio:frame', conversationId, Buffer.from(tone.subarray(at, at + 160)))
    await pause(18)
  }
  const clearest = Math.max(...[10, 20, 30, 40].map((from) => shareOf(1_000, heardByAgent.slice(from, from + 20))))
  expect(clearest).toBeGreaterThan(0.8)
  const heard = call.heard()
  expect(Math.max(...[20, 30, 40, 50, 60].map((from) => shareOf(700, heard.slice(from, from + 6))))).toBeGreaterThan(
    0.8,
  )

  await agent.must('conversation:close', { conversationId, summary: '异地就医备案' })
  await until(() => phone.said.some((words) => words.includes('非常满意请按')), 'the rating asked for')
  await pause(300)
  call.press('1')
  await until(() => call.ending(), 'the end')
  expect(call.ending()).toBe('remote-bye')
  await until(() => phone.calls() === 0, 'nothing left')

  const row = await lastCall()
  expect(row).toMatchObject({ ended_by: 'hotline' })
  expect([row.picked_up_at, row.person_asked_at, row.person_at].every((at) => at !== null)).toBe(true)
  await agent.must('presence:set', { state: 'offline' })
  const cases = await hotline.database.pool.query('select 1 from case_file where conversation_id = $1', [
    conversationId,
  ])
  expect(cases.rowCount).toBe(1)
})

it('takes an open question by ear, answers it, and keeps what was heard of the answer', async () => {
  const azure = await azureStandIn({ transcripts: ['新生儿怎么参保'] })
  closing.push(() => azure.close())
  const recognisers = [azureRecogniser({ key: goodKey, sttHost: azure.host })]
  const open = await aPhone(hotline.url, { recognisers, msOfCharacter: 50 })
  closing.push(() => open.close())
  await until(() => open.isLinked(), 'the link')

  const call = await (await aNewCaller('13700137004')).ring(open.uri)
  await until(() => open.said.some((words) => words.includes('请说出您的问题')), 'an open question')
  await pause(1_000)
  await call.speak(1_500)
  await until(() => open.said.some((words) => words.includes('新生儿')), 'the answer said')
  await until(() => call.hears(voiceHertz), 'the answer heard')
  await pause(1_000)
  call.hangUp()
  await until(() => open.calls() === 0, 'nothing left')

  const { conversation_id: conversationId, ended_by } = await lastCall()
  expect(ended_by).toBe('caller')
  const said = await turnsOf(conversationId)
  expect(said[0]).toEqual({ speaker: 'customer', text: '新生儿怎么参保' })
  const { rows } = await hotline.database.pool.query<{ heard: string; heard_ms: number; of_ms: number }>(
    'select heard, heard_ms, of_ms from turn_heard where conversation_id = $1 order by seq',
    [conversationId],
  )
  expect(rows[0]?.heard.length).toBeGreaterThan(0)
  expect(rows[0]?.heard_ms).toBeGreaterThan(500)
  expect(rows[0]?.heard_ms).toBeLessThan(rows[0]?.of_ms ?? 0)
}, 30_000)

it('books a callback when nobody is on duty: the number is typed, the time is chosen by key', async () => {
  const call = await (await aNewCaller('13700137001')).ring(phone.uri)
  await until(() => call.hears(voiceHertz), 'the greeting')
  call.press('0')
  await until(() => phone.said.some((words) => words.includes('能打通的电话')), 'the number asked for')
  await pause(300)
  for (const key of ['1', '3', '9', '1', '2', '3', '4', '5', '6', '7', '8'] as const) {
    call.press(key)
    await pause(260)
  }
  await until(() => phone.said.some((words) => words.includes('希望什么时候回电')), 'the time asked for')
  await pause(300)
  call.press('1')
  await until(() => phone.said.some((words) => words.includes('已登记回电')), 'the booking told')
  call.hangUp()
  await until(() => phone.calls() === 0, 'nothing left')
  const { conversation_id: conversationId } = await lastCall()
  const booked = await hotline.database.pool.query('select 1 from callback where conversation_id = $1', [
    conversationId,
  ])
  expect(booked.rowCount).toBe(1)
  const { rows } = await hotline.database.pool.query<{ detail: string | null }>(
    "select detail from call_event e join call c on c.id = e.call_id where c.conversation_id = $1 and kind = 'key'",
    [conversationId],
  )
  expect(rows.map(({ detail }) => detail)).toEqual(['0', ...Array.from({ length: 11 }, () => null), '1'])
}, 30_000)

it('keeps a question that was spoken for the desk, with a callback to the number that rang', async () => {
  const call = await (await aNewCaller('13700137002')).ring(phone.uri)
  await until(() => call.hears(voiceHertz), 'the greeting')
  call.press('1', '#')
  await until(() => phone.said.some((words) => words.includes('请在提示后留下问题')), 'the invitation')
  await pause(1_500)
  await call.speak(1_500)
  call.press('#')
  await until(() => phone.said.some((words) => words.includes('您的问题已留下')), 'the receipt')
  call.hangUp()
  await until(() => phone.calls() === 0, 'nothing left')
  const { conversation_id: conversationId } = await lastCall()
  const left = await hotline.database.pool.query(
    'select 1 from left_question q join callback c on c.id = q.callback_id where c.conversation_id = $1',
    [conversationId],
  )
  expect(left.rowCount).toBe(1)
}, 30_000)

it.skipIf(!hasEspeak)('greets in the real voice (needs espeak-ng)', async () => {
  const real = await aPhone(hotline.url, { voices: [espeakSynthesiser()] })
  closing.push(() => real.close())
  await until(() => real.isLinked(), 'the link')
  const call = await (await aNewCaller('13700137003')).ring(real.uri)
  const heard: Uint8Array[] = []
  const isEnough = () => {
    heard.push(...call.heard())
    return heard.filter(isSounding).length > 40
  }
  await until(isEnough, 'a second of the voice')
  expect(shareOf(voiceHertz, heard)).toBeLessThan(0.2)
  call.hangUp()
  await until(() => real.calls() === 0, 'nothing left')
})

async function aNewCaller(number: string): Promise<Caller> {
  const made = await aCaller(number)
  closing.push(() => made.close())
  return made
}
