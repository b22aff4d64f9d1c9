/**
 * What people write travels as text: kept and delivered sign by sign, never cleaned, escaped or understood. That no
 * browser runs it is proved where the pages are tested.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maskText } from '../../desk/masking.ts'
import { aHotline, aPassword, root, type TestHotline } from '../support/hotline.ts'
import { signedIn, setUp } from '../support/http-client.ts'
import { anAgent, aVisitor, until, type Agent, type Visitor } from '../support/socket-clients.ts'
import { aWording } from '../support/wording.ts'

const collected = join(root, '..', 'shared', 'data', 'xss', 'xss-all.json')
const sampled = 200

const own = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  "';alert(String.fromCharCode(88,83,83))//",
  '<a href="javascript:alert(1)">点我</a>',
  '&lt;b&gt;&#x41;&amp;amp;',
  '{{constructor.constructor("alert(1)")()}}',
  '<iframe srcdoc="<script>parent.alert(1)</script>">',
  '\u202e<b>反着写</b>\u202c',
  '<!--<textarea>--><style>*{display:none}</style>',
  '${7*7} #{7*7} <%= 7*7 %>',
  '<p>第一行\n第二行\t制表</p>',
]

/** Every so many of the collected ones; what would be trimmed, cut or masked on its way is another test's matter. */
function payloads(): string[] {
  if (!existsSync(collected)) return own
  const all = (JSON.parse(readFileSync(collected, 'utf8')) as string[]).filter(
    (one) => one.trim() === one && one.length > 0 && one.length <= 2_000 && maskText(one) === one && !/\0/.test(one),
  )
  const step = Math.max(1, Math.floor(all.length / sampled))
  return [...own, ...all.filter((one, i) => i % step === 0 && one.isWellFormed())]
}

const texts = payloads()

let hotline: TestHotline
let agent: Agent
let citizen: Visitor
let conversationId: string
beforeAll(async () => {
  hotline = await aHotline({ env: { QUEUE_MODE: 'claim' } })
  agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'online' })
  citizen = await aVisitor(hotline.url)
  ;({ conversationId } = await citizen.must('person:ask', { reason: own[0] }))
  await agent.must('conversation:claim', { conversationId })
})
afterAll(async () => {
  citizen.close()
  agent.close()
  await hotline.close()
})

const saidBy = (turns: readonly { speaker: string; text: string }[], speaker: string) =>
  turns.filter((turn) => turn.speaker === speaker).map((turn) => turn.text)

describe('between a citizen and an agent', () => {
  it('every sign arrives on both sides as it was typed', async () => {
    for (const text of texts) {
      await citizen.must('turn:say', { clientId: randomUUID(), text })
      await agent.must('turn:say', { conversationId, clientId: randomUUID(), text })
    }
    await until(() => saidBy(citizen.turns, 'agent').length === texts.length, 'all of it at the citizen')
    await until(() => saidBy(agent.turns, 'agent').length === texts.length, 'all of it at the desk')
    for (const turns of [citizen.turns, agent.turns]) {
      expect(saidBy(turns, 'customer')).toEqual(texts)
      expect(saidBy(turns, 'agent')).toEqual(texts)
    }
  })

  it('every sign is kept, and comes back from what was kept', async () => {
    const { rows } = await hotline.database.pool.query<{ speaker: string; text: string }>(
      'select speaker, text from turn where conversation_id = $1 order by seq',
      [conversationId],
    )
    const { turns } = await citizen.must('turns:since', { seq: 0 })
    const desk = [...(await agent.must('conversation:open', { conversationId })).turns]
    while (desk[0] && desk[0].seq > 1)
      desk.unshift(...(await agent.must('turns:before', { conversationId, beforeSeq: desk[0].seq })).turns)
    const { body } = await agent.http.get(`/api/conversations/${conversationId}`)
    for (const kept of [rows, turns, desk, body.turns as typeof rows]) {
      expect(saidBy(kept, 'customer')).toEqual(texts)
      expect(saidBy(kept, 'agent')).toEqual(texts)
    }
  })
})

it('the bot repeats nothing of it', async () => {
  const other = await aVisitor(hotline.url)
  for (const text of own) await other.must('turn:say', { clientId: randomUUID(), text })
  expect(saidBy(other.turns, 'customer')).toEqual(own)
  const rest = other.turns.filter((turn) => turn.speaker !== 'customer')
  expect(rest.length).toBeGreaterThanOrEqual(own.length)
  expect(rest.filter((turn) => /<|javascript:|\{\{/.test(JSON.stringify(turn)))).toEqual([])
  other.close()
})

describe('on paper', () => {
  it('a complaint, a case’s notes and a 小结 are kept as they were written', async () => {
    const [complaint, note, remedy, evidence, summary] = own.map((text, i) => `${text}${i}`)
    const { caseNumber } = await citizen.must('complaint:file', { text: complaint })
    await agent.must('conversation:close', { conversationId, summary: { text: summary, tags: ['<b>参保</b>'] } })
    const kept = await hotline.database.pool.query(
      'select text, tags, solved from summary where conversation_id = $1',
      [conversationId],
    )
    expect(kept.rows).toEqual([{ text: summary, tags: ['<b>参保</b>'], solved: true }])

    const admin = await signedIn(hotline.url, { name: 'admin', password: aPassword })
    const cases = (await admin.get('/api/cases')).body.cases as { id: string; number: string; text: string }[]
    const file = cases.find((one) => one.number === caseNumber)
    expect(file?.text).toBe(complaint)
    for (const move of [
      { to: 'contacted', note },
      { to: 'rectifying', note },
      { to: 'to_review', note, remedy, evidence },
    ])
      expect(await admin.post(`/api/cases/${file?.id}/moves`, move)).toMatchObject({ status: 200 })
    const { events } = (await admin.get(`/api/cases/${file?.id}`)).body
    expect(events).toMatchObject([{}, { note }, { note }, { note, remedy, evidence }])
  })

  it('an entry and a colleague’s name are kept as they were written', async () => {
    const admin = await signedIn(hotline.url, { name: 'admin', password: aPassword })
    const displayName = '<b onmouseover=alert(1)>王芳</b>'
    const made = await admin.post('/api/staff', { name: '王芳', roles: ['editor'], displayName })
    expect(made.body).toMatchObject({ displayName })
    await setUp(hotline.url, made.body, aPassword)
    const editor = await signedIn(hotline.url, { name: '王芳', password: aPassword })
    expect((await editor.get('/api/session')).body).toMatchObject({ displayName })

    const wording = aWording({
      question: '<svg onload=alert(1)>',
      answer: own.join('\n'),
      similar: own,
      topic: '<i>参保</i>',
    })
    const { body } = await editor.post('/api/entries', { id: 'test-markup', wording })
    expect(body.revision).toMatchObject({ wording })
    expect((await editor.get('/api/entries/test-markup')).body).toMatchObject({ revisions: [{ wording }] })
  })

  it('is served as JSON, which no browser takes for a page', async () => {
    for (const path of ['/api/session', '/api/no-such', '/api/entries/%3Cscript%3E']) {
      const { headers } = await fetch(hotline.url + path)
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })
})
