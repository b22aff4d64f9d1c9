/** A hotline with somebody at every desk, and what the doors are about: made one by one, each in the state that a door asks for. */
import { randomUUID } from 'node:crypto'
import { openKeyRing } from '../../server/key-ring.ts'
import { tencentStandIn } from '../../wechat/stand-in/tencent.ts'
import { everybody } from '../support/everybody.ts'
import { aHotline } from '../support/hotline.ts'
import { signedIn, type Answer, type HttpClient } from '../support/http-client.ts'
import { aPhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { anAgent, aVisitor, until, type Agent, type Visitor } from '../support/socket-clients.ts'
import { aWording } from '../support/wording.ts'
import { workingRoles } from '../support/everybody.ts'

export type Scene = Awaited<ReturnType<typeof aScene>>
export type Talk = { id: string; visitor: Visitor }

/** The hour of all of it: the days in the sound bodies lie after it. */
export const sceneAt = new Date('2026-11-22T11:00:00+08:00')
export const template = 'template-of-the-tests'
const wechatKeys = {
  token: 'ybhotline2026',
  aesKey: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU',
  id: 'wx1234567890abcdef',
}

export async function aScene() {
  const now = () => sceneAt
  const appSecret = 'a-secret-of-the-tests'
  let callback = ''
  const tencent = await tencentStandIn({ keys: wechatKeys, appSecret, mode: 'safe', callbackUrl: () => callback, now })
  const hotline = await aHotline({
    now,
    env: {
      ...{ PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim', PUBLIC_URL: 'http://hotline.test' },
      // What goes out unasked waits for the evening.
      QUIET_HOURS: '09:00-20:00',
      ...{ WECHAT_APP_ID: wechatKeys.id, WECHAT_APP_SECRET: appSecret, WECHAT_TOKEN: wechatKeys.token },
      ...{ WECHAT_AES_KEY: wechatKeys.aesKey, WECHAT_API_BASE: tencent.url, WECHAT_NOTICE_TEMPLATE_ID: template },
    },
  })
  callback = `${hotline.url}/wechat/oa`
  const staff = await everybody(hotline)
  const other = await hotline.aMember(...workingRoles)
  const colleague = await signedIn(hotline.url, other)
  const capacity = { phone: 5, web: 20, wechat: 20 }
  await staff.worker.post('/api/capacity', capacity)
  const agent = await anAgent(hotline.url, staff.member)
  const peer = await anAgent(hotline.url, other)
  for (const one of [agent, peer]) await one.must('presence:set', { state: 'online' })
  /** One agent who holds nothing of what is made here, and one about whom a citizen complained. */
  const stranger = await anAgent(hotline.url, await hotline.aMember('agent'))
  const rated = await anAgent(hotline.url, await hotline.aMember('agent', 'supervisor'))
  const phone = await aPhoneClient(hotline.url, phoneToken)
  phone.socket.on('callback:may', (_asked: unknown, answer: (may: string) => void) => answer('yes'))
  phone.socket.on('callback:dial', (_asked: unknown, answer: (done: string) => void) => answer('dialling'))
  const visitors: Visitor[] = []
  let made = 0

  async function rows<T extends object>(sql: string, ...given: unknown[]): Promise<T[]> {
    return (await hotline.database.pool.query<T>(sql, given)).rows
  }
  async function idOf(sql: string, ...given: unknown[]): Promise<string> {
    const [row] = await rows<{ id: string }>(sql, ...given)
    if (!row) throw new Error(`nothing of: ${sql}`)
    return row.id
  }
  async function done(client: HttpClient, path: string, body: object = {}) {
    const answer = await client.post(path, body)
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  /** A file, as a console sends it. */
  async function sent(path: string, file: Buffer, { cookie, csrf }: HttpClient = staff.worker): Promise<Answer> {
    const headers = { 'content-type': 'application/octet-stream', cookie, 'x-csrf-token': csrf }
    const response = await fetch(`${hotline.url}${path}`, { method: 'POST', headers, body: new Uint8Array(file) })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }

  /** Somebody who has said a word to the bot. */
  async function talk(text = '你好'): Promise<Talk> {
    const visitor = await aVisitor(hotline.url)
    visitors.push(visitor)
    const { conversationId } = await visitor.must('turn:say', { clientId: randomUUID(), text })
    return { id: conversationId, visitor }
  }
  async function waiting(): Promise<Talk> {
    const one = await talk()
    await one.visitor.must('person:ask', {})
    return one
  }
  async function held(by: Agent = agent): Promise<Talk> {
    const one = await waiting()
    await by.must('conversation:claim', { conversationId: one.id })
    return one
  }
  let kept: Talk | undefined

  async function aCase(): Promise<string> {
    const { visitor } = await talk()
    const { caseNumber } = await visitor.must('complaint:file', { text: '窗口没有人', contact: '13800138000' })
    return idOf('select id from case_file where number = $1', caseNumber)
  }
  let complained: Promise<string> | undefined
  async function complaint(): Promise<string> {
    const { id: conversationId, visitor } = await held(rated)
    const summary = { text: '反映窗口', tags: ['政策咨询'], solved: false }
    await rated.must('conversation:close', { conversationId, summary })
    const { token } = await until(() => visitor.ratings[0], 'a rating is asked for')
    const { caseNumber } = await visitor.must('rating:give', { token, level: 1, reasons: ['多次往返'] })
    return idOf('select id from case_file where number = $1', caseNumber)
  }
  async function moved(id: string, ...moves: object[]): Promise<string> {
    for (const move of moves) await done(staff.worker, `/api/cases/${id}/moves`, { note: '办理', ...move })
    return id
  }
  async function aCallback({ isMine = false } = {}): Promise<string> {
    const { id, visitor } = await talk()
    await visitor.must('callback:book', { phone: `138001380${String(++made).padStart(2, '0')}` })
    const callback = await idOf('select id from callback where conversation_id = $1', id)
    if (isMine) await done(staff.worker, `/api/callbacks/${callback}/claim`)
    return callback
  }

  /** Rung by somebody, and in the agent's hands. */
  async function call(): Promise<string> {
    await phone.hello()
    const { conversationId } = await phone.ring(`1390000${String(1_000 + ++made)}`)
    await phone.must('turn:say', {
      conversationId,
      clientId: randomUUID(),
      text: '你好',
      heardBy: 'speech',
      confidence: 0.9,
    })
    await phone.must('person:ask', { conversationId, reason: 'asked' })
    await agent.must('conversation:claim', { conversationId })
    return conversationId
  }

  async function draft(by: HttpClient = staff.worker): Promise<string> {
    const wording = aWording({ question: `直升机转运第 ${++made} 回怎么办`, similar: [] })
    const { revision } = await done(by, '/api/entries', { wording })
    return (revision as { id: string }).id
  }
  async function gap(): Promise<string> {
    return idOf(
      `insert into gap (question, opened_at, last_asked_at, moved_at) values ($1, $2, $2, $2) returning id`,
      ...[`没人答的第 ${++made} 问`, sceneAt],
    )
  }
  /** Asked within a gap: another question than the ones before it. */
  async function asked(gapId: string): Promise<{ conversationId: string; seq: number }> {
    const { id: conversationId } = await talk()
    await rows(
      `with served as (
         insert into served_answer (conversation_id, seq, question, outcome, score, served_at)
         values ($1, 1, $2, 'unknown', 0, $3) on conflict (conversation_id, seq) do nothing)
       insert into gap_question (conversation_id, seq, gap_id, contact_id, cause, question, compared, asked_at)
       select id, 1, $4, contact_id, 'unknown', $2, $2, $3 from conversation where id = $1`,
      ...[conversationId, `另一件第 ${++made} 问`, sceneAt, gapId],
    )
    return { conversationId, seq: 1 }
  }

  async function deadLetter(): Promise<string> {
    const key = randomUUID()
    const letter = { channel: 'sms', to: '13800138000', kind: 'case_notice', text: '一封没有发出的信', key } as const
    await hotline.db.transaction().execute((tx) => hotline.outbox.post(tx, letter, sceneAt))
    return idOf(
      `update outbox_message set state = 'dead', next_try_at = null, tries = 5, last_error = 'refused: status 400',
         delivered_at = null where idempotency_key = $1 returning id`,
      key,
    )
  }
  const keys = () => openKeyRing(hotline.config)

  return {
    ...{ hotline, staff, other, colleague, agent, peer, stranger, rated, phone, tencent, rows, idOf, done, sent, keys },
    ...{ talk, waiting, held, aCase, moved, aCallback, call, draft, gap, asked, deadLetter },
    /** In the agent's hands, for whatever leaves it there. */
    standing: async (): Promise<Talk> => (kept ??= await held()),
    /** The case about whoever is `rated`. */
    caseAboutThem: (): Promise<string> => (complained ??= complaint()),
    next: () => ++made,
    /** A colleague whose account may be changed. */
    member: async (): Promise<string> => (await hotline.aMember('agent')).staffId,
    lastAct: async (): Promise<number> =>
      (await rows<{ id: number }>('select coalesce(max(id), 0)::int as id from audit'))[0]?.id ?? 0,
    actsSince: async (id: number): Promise<string[]> =>
      (await rows<{ act: string }>('select act from audit where id > $1 order by id', id)).map(({ act }) => act),
    async close(): Promise<void> {
      for (const one of [agent, peer, stranger, rated, phone, ...visitors]) one.close()
      await hotline.close()
      await tencent.close()
    },
  }
}
