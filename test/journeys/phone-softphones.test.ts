/**
 * Whole calls by telephones that others wrote: baresip goes from the greeting to a case, sipp rings and hangs up.
 * Both come once over UDP and once over TCP. What baresip hears lies in its own recording.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { keys, type Key } from '../../telephony/rtp/key-press.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aCaller, aPhone, phoneToken, voiceHertz, type TestPhone } from '../support/phone-peers.ts'
import { anAgent, until, type Agent } from '../support/socket-clients.ts'
import { aTone, shareOf } from '../telephony/rtp/tone.ts'
import { plainCall } from '../telephony/sip/sipp-scenes.ts'
import { baresip, hasBaresip } from './softphone.ts'

const hasSipp = existsSync('/usr/bin/sipp')
const frameBytes = 160
const question = '跨省异地就医怎么备案'

let hotline: TestHotline
let phone: TestPhone
const closing: (() => unknown)[] = []
beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
})
beforeEach(async () => {
  phone = await aPhone(hotline.url)
  closing.push(() => phone.close())
  await until(() => phone.isLinked(), 'the link')
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => hotline.close())

it.skipIf(!hasBaresip).each([
  ['UDP', '', '13600138011', '13600138012'],
  ['TCP', ';transport=tcp', '13600138013', '13600138014'],
])(
  'takes a call of baresip over %s from the greeting to the case of a bad rating (needs baresip-core)',
  async (transport, parameter, first, number) => {
    const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
    closing.push(() => agent.close())
    await agent.must('presence:set', { state: 'online' })

    const code = await codeOf(question)
    await untilTitlesAreRead(first, code)
    const caller = await baresip(number)
    closing.push(() => caller.close())
    caller.dial(`${phone.uri}${parameter}`)
    await until(() => caller.hears(voiceHertz), 'the greeting')
    expect(caller.told()).toContain(`Via: SIP/2.0/${transport} `)
    expect(caller.told()).not.toContain(`Via: SIP/2.0/${transport === 'UDP' ? 'TCP' : 'UDP'} `)

    await caller.press(...code)
    const { conversation_id: conversationId } = await callOf(caller.callId())
    const said = await untilKept(conversationId)
    expect(said.map(({ speaker }) => speaker)).toEqual(['customer', 'bot'])
    expect(said[0]?.text).toBe(question)

    await caller.press('0')
    const waiting = await until(() => agent.queue()?.waiting[0], 'the caller in the queue')
    expect(waiting.conversationId).toBe(conversationId)
    await agent.must('conversation:claim', { conversationId })
    const heardByAgent: Uint8Array[] = []
    agent.socket.on('audio:frame', (_: string, frame: Uint8Array) => heardByAgent.push(new Uint8Array(frame)))
    await agent.must('audio:open', { conversationId })
    const hush = speaks(agent, conversationId, 700)
    await until(() => caller.hears(700), 'the voice of the agent at the caller')
    await until(() => shareOf(700, heardByAgent.slice(-10)) > 0.8, 'the same voice given back to the agent')
    hush()

    await agent.must('conversation:close', { conversationId, summary: '异地就医备案' })
    await until(() => phone.said.some((words) => words.includes('非常满意请按')), 'the rating asked for')
    await pause(300)
    await caller.press('1')
    await until(() => caller.told().includes('CALL_CLOSED'), 'goodbye to the softphone')
    await until(() => phone.calls() === 0, 'nothing left')

    const row = await callOf(caller.callId())
    expect(row.ended_by).toBe('hotline')
    expect([row.picked_up_at, row.person_asked_at, row.person_at].every((at) => at !== null)).toBe(true)
    const rated = await hotline.database.pool.query('select 1 from case_file where conversation_id = $1', [
      conversationId,
    ])
    expect(rated.rowCount).toBe(1)
    await agent.must('presence:set', { state: 'offline' })
  },
)

it.skipIf(!hasSipp).each([
  ['UDP', 'u1'],
  ['TCP', 't1'],
])('records a call of sipp over %s as ended by the caller (needs sip-tester)', async (_, mode) => {
  const callId = `sipp-${mode}`
  const folder = await mkdtemp(join(tmpdir(), 'budayang-sipp-'))
  closing.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const scene = join(folder, 'call.xml')
  await writeFile(scene, plainCall.replace('milliseconds="50"', 'milliseconds="1500"'))
  const once = '-i 127.0.0.1 -m 1 -nostdin -timeout 15s -timeout_error'.split(' ')
  const failure = await new Promise<string | undefined>((resolve) => {
    const args = [...once, '-sf', scene, '-cid_str', callId, '-t', mode, '-s', 'hotline', `127.0.0.1:${phone.port}`]
    execFile('/usr/bin/sipp', args, { cwd: folder, timeout: 20_000 }, (error, stdout, stderr) =>
      resolve(error ? `${error.message} ${stdout.slice(-2_000)} ${stderr}` : undefined),
    )
  })
  expect(failure).toBeUndefined()
  await until(() => phone.calls() === 0, 'nothing left')
  const row = await callOf(callId)
  expect(row.picked_up_at).not.toBeNull()
  expect(row.ended_by).toBe('caller')
})

type CallRow = {
  picked_up_at: Date | null
  person_asked_at: Date | null
  person_at: Date | null
  ended_by: string | null
  conversation_id: string
}
async function callOf(callId: string): Promise<CallRow> {
  const { rows } = await hotline.database.pool.query<CallRow>('select * from call where sip_call_id = $1', [callId])
  if (!rows[0] || rows.length > 1) throw new Error(`${rows.length} calls with ${callId}`)
  return rows[0]
}

async function turnsOf(conversationId: string): Promise<{ speaker: string; text: string }[]> {
  const found = await hotline.database.pool.query<{ speaker: string; text: string }>(
    'select speaker, text from turn where conversation_id = $1 order by seq',
    [conversationId],
  )
  return found.rows
}

/** A question and its answer. */
async function untilKept(conversationId: string, patienceMs = 20_000): Promise<{ speaker: string; text: string }[]> {
  for (let waited = 0; waited < patienceMs; waited += 100) {
    const kept = await turnsOf(conversationId)
    if (kept.length >= 2) return kept
    await pause(100)
  }
  return []
}

/** The digits that the website prints beside this question. */
async function codeOf(wanted: string): Promise<Key[]> {
  const { rows } = await hotline.database.pool.query<{ code: string }>(
    'select code from topic_code c join revision r on r.entry_id = c.entry_id where r.question = $1 limit 1',
    [wanted],
  )
  return [...(rows[0]?.code ?? '')].flatMap((digit) => keys.find((key) => key === digit) ?? [])
}

/** A phone that has just come up takes calls before it has read the titles: somebody rings until a code finds one. */
async function untilTitlesAreRead(number: string, code: readonly Key[]): Promise<void> {
  const asker = await aCaller(number)
  closing.push(() => asker.close())
  for (let tries = 0; tries < 10; tries++) {
    const call = await asker.ring(phone.uri)
    await until(() => call.hears(voiceHertz), 'the greeting')
    call.press(...code)
    const { conversation_id: conversationId } = await callOf(call.id)
    const found = await untilKept(conversationId, 2_500)
    call.hangUp()
    await until(() => phone.calls() === 0, 'nothing left')
    if (found.length > 0) return
  }
  throw new Error('the titles were never read')
}

/** As many frames as the time that has passed holds: a timer alone falls behind. @returns what ends it. */
function speaks(agent: Agent, conversationId: string, hertz: number): () => void {
  const tone = aTone(hertz, 1_000)
  const begun = Date.now()
  let sent = 0
  const sending = setInterval(() => {
    for (; sent < (Date.now() - begun) / 20; sent++) {
      const from = (sent * frameBytes) % tone.length
      agent.socket.emit('audio:frame', conversationId, Buffer.from(tone.subarray(from, from + frameBytes)))
    }
  }, 20)
  closing.push(() => clearInterval(sending))
  return () => clearInterval(sending)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
