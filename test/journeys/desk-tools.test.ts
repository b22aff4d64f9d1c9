/**
 * What agents work with beside the conversation, over real sockets: notes that no citizen gets, mentions, who looks on,
 * approved text that was offered, one citizen on several channels, long conversations.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ConversationsView } from '../../contract/conversation-list.ts'
import type { Mention, NoteView, Viewer } from '../../contract/desk-notes.ts'
import type { BotDraft } from '../../contract/desk-tools.ts'
import type { SearchHit } from '../../contract/http.ts'
import type { SplitsView } from '../../contract/figure.ts'
import { businessDay } from '../../desk/working-days.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { aPhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { aPass, anAgent, aVisitor, until } from '../support/socket-clients.ts'

let hotline: TestHotline
const open: { close: () => unknown }[] = []

function opened<T extends { close: () => unknown }>(one: T): T {
  open.push(one)
  return one
}

beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
})
afterEach(() => {
  for (const one of open.splice(0).reverse()) one.close()
})
afterAll(() => hotline.close())

type News = {
  notes: NoteView[]
  mentions: Mention[]
  viewers: Viewer[]
  typing: { workNumber: string; what: string }[]
}

async function anAgentOnline() {
  const member = await hotline.aMember('agent')
  const agent = opened(await anAgent(hotline.url, member))
  const news: News = { notes: [], mentions: [], viewers: [], typing: [] }
  agent.socket.on('note:written', (note: NoteView) => news.notes.push(note))
  agent.socket.on('mentions:changed', ({ mentions }: { mentions: Mention[] }) => (news.mentions = mentions))
  agent.socket.on('viewers:changed', ({ viewers }: { viewers: Viewer[] }) => (news.viewers = viewers))
  agent.socket.on('colleague:typing', (who: News['typing'][number]) => news.typing.push(who))
  await agent.must('presence:set', { state: 'online' })
  return { ...agent, member, news }
}
type OnlineAgent = Awaited<ReturnType<typeof anAgentOnline>>

/** Every frame that reaches this citizen, whatever its name. */
async function aListening(given: Parameters<typeof aVisitor>[1] = {}) {
  const citizen = opened(await aVisitor(hotline.url, given))
  const frames: string[] = []
  citizen.socket.onAny((...frame: unknown[]) => frames.push(JSON.stringify(frame)))
  return { ...citizen, frames }
}

async function aTalk(question = '新生儿怎么参保') {
  const [agent, colleague, citizen] = [await anAgentOnline(), await anAgentOnline(), await aListening()]
  const { seq: askedSeq, conversationId } = await citizen.must('turn:say', { clientId: randomUUID(), text: question })
  await citizen.must('person:ask', {})
  await agent.must('conversation:claim', { conversationId })
  return { agent, colleague, citizen, conversationId, askedSeq }
}

const note = (agent: OnlineAgent, conversationId: string, text: string, mentions: string[] = []) =>
  agent.must('note:write', { conversationId, clientId: randomUUID(), text, mentions })

describe('a private note', () => {
  const secret = '此人上月投诉过两次，请按新口径答复'

  it('reaches colleagues, and neither the citizen’s socket nor history nor the conversation’s turns', async () => {
    const { agent, colleague, citizen, conversationId } = await aTalk()
    await colleague.must('conversation:open', { conversationId })
    await note(agent, conversationId, secret)
    await until(() => colleague.news.notes[0], 'the note at the colleague')
    // What comes after it over the same way has arrived, so it would have come before.
    await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '您好，马上为您查。' })
    await citizen.hears('马上为您查')
    const again = await aListening({ token: citizen.token, conversationId, lastSeq: 0 })
    await again.hears('马上为您查')
    const { turns } = await again.must('turns:since', { seq: 0 })
    expect(turns.length).toBeGreaterThan(3)
    expect(JSON.stringify([citizen.frames, again.frames, turns])).not.toContain('口径')

    const view = await colleague.must('conversation:open', { conversationId })
    expect(view.notes).toMatchObject([{ text: secret, byNumber: agent.member.workNumber }])
    expect(view.turns.some(({ text }) => text.includes('口径'))).toBe(false)
    const asOfficer = await signedIn(hotline.url, await hotline.aMember('officer'))
    expect((await asOfficer.get(`/api/conversations/${conversationId}`)).body).toMatchObject({
      notes: [{ text: secret }],
    })
  })

  it('is not read to a caller', async () => {
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    const agent = await anAgentOnline()
    const frames: string[] = []
    phone.socket.onAny((...frame: unknown[]) => frames.push(JSON.stringify(frame)))
    const { conversationId } = await phone.ring('13700137001')
    await phone.must('person:ask', { conversationId, reason: 'asked' })
    await agent.must('conversation:claim', { conversationId })
    await note(agent, conversationId, secret)
    await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '您好，请讲。' })
    await until(() => frames.some((frame) => frame.includes('请讲')), 'the words at the phone')
    expect(frames.join()).not.toContain('口径')
  })

  it('is one note when it is written twice, and stays where it was written', async () => {
    const { agent, conversationId } = await aTalk()
    const { conversation } = await agent.must('conversation:open', { conversationId })
    const words = { conversationId, clientId: randomUUID(), text: '先核实参保地', mentions: [] }
    expect(await agent.must('note:write', words)).toEqual(await agent.must('note:write', words))
    await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '好的。' })
    const { notes } = await agent.must('conversation:open', { conversationId })
    expect(notes).toMatchObject([{ text: '先核实参保地', afterSeq: conversation.lastSeq }])
  })

  it('tells a mentioned colleague, also when they come later, until they have seen it', async () => {
    const { agent, colleague, conversationId } = await aTalk()
    const { team } = await agent.must('team:list', {})
    expect(team).toContainEqual(expect.objectContaining({ staffId: colleague.member.staffId }))
    const written = await note(agent, conversationId, '请您看一下异地部分', [colleague.member.staffId])
    const mention = await until(() => colleague.news.mentions[0], 'the mention')
    expect(mention).toMatchObject({ noteId: written.noteId, conversationId, byNumber: agent.member.workNumber })

    const later = opened(await anAgent(hotline.url, colleague.member))
    expect((await later.must('mentions:list', {})).mentions).toEqual([mention])
    await later.must('mention:seen', { noteId: mention.noteId })
    await until(() => colleague.news.mentions.length === 0, 'the mention seen')
    expect((await later.must('mentions:list', {})).mentions).toEqual([])
  })

  it('mentions nobody who cannot open the desk', async () => {
    const { agent, conversationId } = await aTalk()
    const editor = await hotline.aMember('editor')
    const words = { conversationId, clientId: randomUUID(), text: '请补一条', mentions: [editor.staffId] }
    const reply = await agent.ask('note:write', words)
    expect(reply).toMatchObject({ ok: false, code: 'invalid_input', fields: [{ path: 'mentions' }] })
    expect((await agent.must('conversation:open', { conversationId })).notes).toEqual([])
  })
})

describe('colleagues at one conversation', () => {
  it('see who looks and who writes; the citizen learns of the holder’s typing alone', async () => {
    const { agent, colleague, citizen, conversationId } = await aTalk()
    await agent.must('viewing:set', { conversationId })
    const { viewers } = await colleague.must('viewing:set', { conversationId })
    expect(viewers.map(({ staffId }) => staffId).sort()).toEqual(
      [agent.member.staffId, colleague.member.staffId].sort(),
    )
    await until(() => agent.news.viewers.length === 2, 'the colleague at the agent')
    await colleague.must('typing:tell', { conversationId, what: 'note' })
    await colleague.must('typing:tell', { conversationId, what: 'reply' })
    await until(() => agent.news.typing.length === 2, 'the colleague writing')
    expect(agent.news.typing).toMatchObject([{ workNumber: colleague.member.workNumber, what: 'note' }, {}])
    expect(citizen.frames.filter((frame) => frame.startsWith('["typing"'))).toEqual([])
    await agent.must('typing:tell', { conversationId })
    await until(() => citizen.frames.some((frame) => frame.startsWith('["typing"')), 'the holder writing')
    colleague.close()
    await until(() => agent.news.viewers.length === 1, 'the colleague gone')
  })

  it('are not answered over: words written before a colleague’s are refused', async () => {
    const { agent, colleague, conversationId } = await aTalk()
    await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '我先答一句。' })
    const before = await colleague.must('conversation:open', { conversationId })
    await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '再补一句。' })
    const { transferId } = await agent.must('conversation:transfer', {
      ...{ conversationId, toStaffId: colleague.member.staffId, reason: '换您来' },
    })
    await colleague.must('transfer:accept', { transferId })
    const words = {
      conversationId,
      clientId: randomUUID(),
      text: '我也答一句',
      expectedSeq: before.conversation.lastSeq,
    }
    expect(await colleague.ask('turn:say', words)).toMatchObject({ ok: false, code: 'conversation_moved_on' })
    const { conversation } = await colleague.must('conversation:open', { conversationId })
    await colleague.must('turn:say', { ...words, expectedSeq: conversation.lastSeq })
  })
})

describe('a 小结', () => {
  it('has at least one tag; bare words are filed under 其他', async () => {
    const { agent, conversationId } = await aTalk()
    for (const summary of [{ text: '已答复' }, { text: '已答复', tags: [] }])
      expect(await agent.ask('conversation:close', { conversationId, summary })).toMatchObject({
        ok: false,
        fields: [{ path: 'summary.tags', message: '请至少选一个标签' }],
      })
    await agent.must('conversation:close', { conversationId, summary: '已答复' })
    const { rows } = await hotline.database.pool.query(
      'select text, tags, solved from summary where conversation_id = $1',
      [conversationId],
    )
    expect(rows).toEqual([{ text: '已答复', tags: ['其他'], solved: true }])
  })

  it('stays beside the next one when the citizen comes back, in the thread, the history and for whoever handles a case', async () => {
    const { agent, colleague, citizen, conversationId } = await aTalk()
    const first = { text: '先说了材料，回拨 13812345678', tags: ['办事指引', '办事指引'], solved: false }
    await agent.must('conversation:close', { conversationId, summary: first })
    await citizen.must('turn:say', { clientId: randomUUID(), text: '还有一件事，转人工' })
    await until(() => citizen.standing()?.state === 'waiting', 'the queue')
    await colleague.must('conversation:claim', { conversationId })
    await colleague.must('conversation:close', { conversationId, summary: { text: '办完了', tags: ['进度查询'] } })

    const { summaries, turns } = await agent.must('conversation:open', { conversationId })
    const both = [
      { text: '先说了材料，回拨 138****5678', tags: ['办事指引'], solved: false, byNumber: agent.member.workNumber },
      { text: '办完了', tags: ['进度查询'], solved: true, byNumber: colleague.member.workNumber },
    ]
    expect(summaries).toMatchObject(both)
    const cameBack = turns.find(({ text }) => text.startsWith('还有一件事'))?.seq ?? 0
    expect(summaries.map(({ afterSeq }) => afterSeq < cameBack)).toEqual([true, false])
    const officer = await signedIn(hotline.url, await hotline.aMember('officer'))
    expect((await officer.get(`/api/conversations/${conversationId}/summaries`)).body).toMatchObject({
      summaries: both,
    })

    await hotline.database.pool.query(
      `update conversation set last_turn_at = last_turn_at - interval '3 days' where id = $1`,
      [conversationId],
    )
    const again = await aListening({ token: citizen.token })
    const later = await again.must('turn:say', { clientId: randomUUID(), text: '新的问题' })
    const { history } = await agent.must('conversation:open', { conversationId: later.conversationId })
    expect(history).toMatchObject([{ conversationId, summaries: both }])
  })

  it('is still asked of an agent whose citizen was quicker, once, and of nobody else', async () => {
    const { agent, colleague, citizen, conversationId } = await aTalk()
    await citizen.must('conversation:end', {})
    const owing = async () => (await agent.must('conversation:open', { conversationId })).unsummedBy
    expect(await owing()).toEqual([agent.member.workNumber])
    const write = (by: OnlineAgent) =>
      by.ask('summary:write', { conversationId, summary: { text: '已说明', tags: ['其他'] } })
    expect(await write(colleague)).toMatchObject({ ok: false, code: 'conflict' })
    expect(await write(agent)).toMatchObject({ ok: true })
    expect(await write(agent)).toMatchObject({ ok: false, code: 'conflict' })
    expect(await owing()).toEqual([])
  })

  it('is asked for before a caller goes back to the bot, and counted by its tags', async () => {
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    const agent = await anAgentOnline()
    const { conversationId } = await phone.ring('13700137002')
    await phone.must('person:ask', { conversationId, reason: 'asked' })
    await agent.must('conversation:claim', { conversationId })
    expect(await agent.ask('call:to-bot', { conversationId })).toMatchObject({ ok: false, code: 'invalid_input' })
    const summary = { text: '转回自助查询', tags: ['进度查询', '其他'], solved: false }
    await agent.must('call:to-bot', { conversationId, summary })
    expect((await agent.must('conversation:open', { conversationId })).summaries).toMatchObject([summary])

    const lead = await signedIn(hotline.url, await hotline.aMember('supervisor'))
    const { groups } = (await lead.get('/api/figures-split?by=tag')).body as unknown as SplitsView
    const { rows } = await hotline.database.pool.query<{ key: string; count: number }>(
      'select tag as key, count(*) from summary, unnest(tags) tag group by 1 order by 1',
    )
    const counted = groups.map(({ key, figures }) => ({ key, count: figures[0]?.value }))
    expect(counted.sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(rows.sort((a, b) => (a.key < b.key ? -1 : 1)))
    const behind = await lead.get(
      `/api/figures/tagged/rows?tag=${encodeURIComponent('进度查询')}&agent=${agent.member.staffId}`,
    )
    expect(behind.body).toMatchObject({ total: 1, rows: [{ opens: { page: 'conversation', id: conversationId } }] })
  })

  it('is filed under tags that a supervisor keeps; the last one stays', async () => {
    const supervisor = await signedIn(hotline.url, await hotline.aMember('supervisor'))
    const list = async () => (await supervisor.get('/api/tags')).body.tags as { name: string; isUsed: boolean }[]
    await supervisor.post('/api/tags', { name: '异地就医', isUsed: true })
    const all = await list()
    expect(all.at(-1)).toEqual({ name: '异地就医', isUsed: true })
    for (const { name } of all.slice(0, -1))
      expect((await supervisor.post('/api/tags', { name, isUsed: false })).status).toBe(200)
    const refused = await supervisor.post('/api/tags', { name: '异地就医', isUsed: false })
    expect(refused).toMatchObject({ status: 409, body: { fields: [{ path: 'isUsed' }] } })
    for (const { name } of all) await supervisor.post('/api/tags', { name, isUsed: true })
    expect((await list()).map(({ name }) => name)).toEqual(all.map(({ name }) => name))
  })
})

describe('canned replies', () => {
  it('are everybody’s by a supervisor, and one’s own for nobody else', async () => {
    const boss = await signedIn(hotline.url, await hotline.aMember('supervisor'))
    const [one, other] = [await anAgentOnline(), await anAgentOnline()]
    const shared = { shared: true, name: '问候', text: '{{问候}}，我是工号 {{工号}}。' }
    const { id } = (await boss.post('/api/canned', shared)).body
    expect((await one.http.post('/api/canned', shared)).status).toBe(403)
    await one.http.post('/api/canned', { shared: false, name: '问候', text: '{{称呼}}好' })
    const names = async (agent: OnlineAgent) =>
      ((await agent.http.get('/api/canned')).body.replies as { text: string }[]).map(({ text }) => text).sort()
    expect(await names(one)).toEqual([shared.text, '{{称呼}}好'].sort())
    expect(await names(other)).toEqual([shared.text])

    const twice = await boss.post('/api/canned', shared)
    expect(twice).toMatchObject({ status: 409, body: { fields: [{ path: 'name' }] } })
    expect((await boss.post('/api/canned', { ...shared, id, text: '您好' })).status).toBe(200)
    const mine = ((await one.http.get('/api/canned')).body.replies as { id: string; shared: boolean }[]).find(
      (reply) => !reply.shared,
    )
    expect((await other.http.post(`/api/canned/${mine?.id}/remove`)).status).toBe(404)
    expect((await other.http.post(`/api/canned/${String(id)}/remove`)).status).toBe(403)
    await one.http.post(`/api/canned/${mine?.id}/remove`)
    expect(await names(one)).toEqual(['您好'])
  })

  it('hold no variable that nobody knows', async () => {
    const { http } = await anAgentOnline()
    const answer = await http.post('/api/canned', { shared: false, name: '坏', text: '{{身份证}}' })
    expect(answer).toMatchObject({ status: 400, body: { fields: [{ path: 'text' }] } })
  })
})

describe('the bot’s draft', () => {
  const fates = async (conversationId: string) =>
    (
      await hotline.database.pool.query<{ offered_by: string; fate: string }>(
        'select offered_by, fate from offered_answer where conversation_id = $1 order by at',
        [conversationId],
      )
    ).rows

  it('is approved text for the one who has the conversation, and what became of it is kept', async () => {
    const { agent, colleague, citizen, conversationId, askedSeq } = await aTalk()
    const path = `/api/drafts?conversation=${conversationId}&seq=${askedSeq}`
    const draft = (await agent.http.get(path)).body.draft as BotDraft
    expect(draft.sources.length).toBeGreaterThan(0)
    expect((await colleague.http.get(path)).body.code).toBe('not_your_conversation')

    const { revisionId } = draft
    const say = (text: string, from: 'bot' | 'search', more = {}) =>
      agent.must('turn:say', {
        ...{ conversationId, clientId: randomUUID(), text, offered: { revisionId, from, askedSeq } },
        ...more,
      })
    await say(draft.text, 'bot', { revisionId })
    await citizen.hears(draft.text)
    await say('简单说，出生后带户口本来办。', 'bot')
    await say(draft.text, 'search', { revisionId })
    for (const reason of ['问的是另一件事', '再说一次'])
      await agent.http.post('/api/drafts/rejected', { conversationId, askedSeq, revisionId, reason })
    expect(await fates(conversationId)).toEqual([
      { offered_by: 'bot', fate: 'accepted' },
      { offered_by: 'bot', fate: 'edited' },
      { offered_by: 'search', fate: 'accepted' },
      { offered_by: 'bot', fate: 'rejected' },
    ])
    expect((await agent.http.get(path)).body).toEqual({})
  })

  it('knows what a short question goes on with, as the search beside it does', async () => {
    const { agent, citizen, conversationId, askedSeq } = await aTalk()
    const asked = '新生儿怎么参保'
    const { seq } = await citizen.must('turn:say', { clientId: randomUUID(), text: '那要什么材料' })
    const draftOf = async (at: number) =>
      (await agent.http.get(`/api/drafts?conversation=${conversationId}&seq=${at}`)).body.draft as BotDraft | undefined
    const first = await draftOf(askedSeq)
    expect(first?.revisionId).toBeDefined()
    expect((await draftOf(seq))?.revisionId).toBe(first?.revisionId)

    const search = async (query: Record<string, string>) =>
      ((await agent.http.get(`/api/search?${new URLSearchParams(query).toString()}`)).body as { hits: SearchHit[] })
        .hits
    const alone = await search({ question: '那要什么材料' })
    expect(alone[0]?.revisionId).not.toBe(first?.revisionId)
    expect((await search({ question: '那要什么材料', earlier: asked }))[0]?.revisionId).toBe(first?.revisionId)
  })

  it('is none where the bot would not answer, and an offer that was never made is refused', async () => {
    const { agent, conversationId, askedSeq } = await aTalk('今天晚上吃什么菜比较好')
    const draft = await agent.http.get(`/api/drafts?conversation=${conversationId}&seq=${askedSeq}`)
    expect(draft).toMatchObject({ status: 200, body: {} })
    const offered = { revisionId: randomUUID(), from: 'bot', askedSeq }
    const words = { conversationId, clientId: randomUUID(), text: '可以', offered }
    expect(await agent.ask('turn:say', words)).toMatchObject({ ok: false, fields: [{ path: 'offered.revisionId' }] })
  })
})

describe('past conversations', () => {
  type Asked = Record<string, string>
  const listed = async (by: { get: (path: string) => Promise<{ body: unknown }> }, query: Asked = {}) =>
    (await by.get(`/api/conversations?${new URLSearchParams(query).toString()}`)).body as ConversationsView
  const ids = (view: ConversationsView) => view.conversations.map((row) => row.conversationId)

  it('are found by the agent who had them once they are over, and by a supervisor whoever had them', async () => {
    const { agent, colleague, conversationId } = await aTalk()
    expect(ids(await listed(agent.http))).toEqual([])
    const summary = { text: '说明了材料', tags: ['办事指引'] }
    await agent.must('conversation:close', { conversationId, summary })
    const [row] = (await listed(agent.http)).conversations
    expect(row).toMatchObject({
      ...{ conversationId, state: 'closed', agentNumbers: [agent.member.workNumber], caseNumbers: [] },
      summaries: [summary],
    })
    expect(ids(await listed(colleague.http))).toEqual([])
    expect(ids(await listed(colleague.http, { agent: agent.member.staffId }))).toEqual([])

    const lead = await signedIn(hotline.url, await hotline.aMember('supervisor'))
    const mine = { agent: agent.member.staffId }
    expect(ids(await listed(lead, mine))).toEqual([conversationId])
    expect(ids(await listed(lead, { ...mine, tag: '办事指引', channel: 'web' }))).toEqual([conversationId])
    expect(ids(await listed(lead, { ...mine, tag: '进度查询' }))).toEqual([])
    expect(ids(await listed(lead, { ...mine, channel: 'phone' }))).toEqual([])
    const today = businessDay(new Date())
    expect(ids(await listed(lead, { ...mine, from: today, to: today }))).toEqual([conversationId])
    expect(ids(await listed(lead, { ...mine, to: '2020-01-01' }))).toEqual([])
    const { total } = await listed(lead, { limit: '1', offset: '1' })
    const { rows } = await hotline.database.pool.query<{ count: number }>('select count(*) from conversation')
    expect(total).toBe(rows[0]?.count)
  })

  it('are found by the number of the case that came of them', async () => {
    const { agent, citizen, conversationId } = await aTalk()
    await agent.must('conversation:close', { conversationId, summary: '听了投诉' })
    await citizen.must('complaint:file', { text: '窗口没有人' })
    const { rows } = await hotline.database.pool.query<{ number: string }>(
      'select number from case_file where conversation_id = $1',
      [conversationId],
    )
    const number = rows[0]?.number ?? expect.unreachable('no case')
    const [row] = (await listed(agent.http, { number })).conversations
    expect(row).toMatchObject({ conversationId, caseNumbers: [number] })
  })

  it('are found by a whole number by a supervisor alone, with a reason that is kept and a number that is not', async () => {
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    const call = await phone.ring('13700137031')
    const agent = await anAgentOnline()
    const lead = await signedIn(hotline.url, await hotline.aMember('supervisor'))
    const asked = { phone: '137 0013 7031', reason: '核实投诉内容' }
    expect((await agent.http.post('/api/conversations/by-phone', asked)).status).toBe(403)
    expect(await lead.post('/api/conversations/by-phone', { ...asked, reason: '' })).toMatchObject({
      ...{ status: 400, body: { fields: [{ path: 'reason' }] } },
    })
    const found = await lead.post('/api/conversations/by-phone', asked)
    expect(ids(found.body as unknown as ConversationsView)).toEqual([call.conversationId])
    const nobody = await lead.post('/api/conversations/by-phone', { ...asked, phone: '13700137032' })
    expect(nobody.body).toMatchObject({ total: 0 })
    const { rows } = await hotline.database.pool.query<{ detail: object; all: string }>(
      `select detail, audit::text as all from audit where act = 'conversation.find' order by id`,
    )
    expect(rows.map(({ detail }) => detail)).toEqual([
      { reason: asked.reason, results: 1 },
      { reason: asked.reason, results: 0 },
    ])
    expect(JSON.stringify(rows)).not.toContain('13700137031')
  })
})

describe('one citizen on several channels', () => {
  it('has one history once an agent has verified the number, and never by what they typed', async () => {
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    const call = await phone.ring('13700137009')
    const { agent, conversationId } = await aTalk()
    const other = await aListening({ token: await aPass(hotline.url) })
    await other.say('我叫王芳，电话 13700137009，新生儿怎么参保')
    const otherId = await until(() => other.standing()?.conversationId, 'the namesake')
    const ids = async (id: string) =>
      (await agent.must('conversation:open', { conversationId: id })).history.map((one) => one.conversationId)
    expect(await ids(conversationId)).toEqual([])

    const path = `/api/conversations/${conversationId}/person`
    expect((await agent.http.post(path, { phone: '13700137009', how: 'rang_back' })).status).toBe(200)
    expect(await ids(conversationId)).toEqual([call.conversationId])
    expect(await ids(call.conversationId)).toEqual([conversationId])
    expect(await ids(otherId)).toEqual([])
    const { rows: made } = await hotline.database.pool.query<{ id: string }>(
      `insert into conversation (contact_id, channel, state, started_at, last_turn_at, closed_at)
       select contact_id, 'web', 'closed', at, at, at from conversation,
         lateral (select $2::timestamptz - n * interval '1 day' as at from generate_series(1, 24) n) days
       where id = $1 returning id`,
      [conversationId, new Date()],
    )
    const { history, historyTotal } = await agent.must('conversation:open', { conversationId })
    expect([history.length, historyTotal]).toEqual([20, 25])
    const { earlier } = (await agent.http.get(`/api/conversations/${conversationId}/earlier?offset=20`))
      .body as unknown as { earlier: { conversationId: string }[] }
    const all = [...history, ...earlier].map((one) => one.conversationId)
    expect(all.sort()).toEqual([call.conversationId, ...made.map(({ id }) => id)].sort())
    await hotline.database.pool.query('delete from conversation where id = any($1)', [made.map(({ id }) => id)])
    const { verified } = await agent.must('conversation:open', { conversationId })
    expect(verified).toMatchObject({ how: 'rang_back', byNumber: agent.member.workNumber })

    expect((await agent.http.post(`${path}/undo`)).status).toBe(200)
    expect(await ids(conversationId)).toEqual([])
    expect((await agent.http.post(`${path}/undo`)).status).toBe(404)
  })

  it('is taken apart at the very finding that was a mistake: those who were joined before it stay together', async () => {
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    // Two citizens, each known on two channels by a number of their own.
    const calls = [await phone.ring('13700137041'), await phone.ring('13700137042')] as const
    const [one, other] = [await aTalk(), await aTalk()]
    const verify = ({ agent, conversationId }: typeof one, number: string) =>
      agent.http.post(`/api/conversations/${conversationId}/person`, { phone: number, how: 'rang_back' })
    await verify(one, '13700137041')
    await verify(other, '13700137042')
    const view = (id: string) => one.agent.must('conversation:open', { conversationId: id })
    const known = async (id: string) => (await view(id)).history.map(({ conversationId }) => conversationId).sort()
    expect(await known(one.conversationId)).toEqual([calls[0].conversationId])

    await verify(one, '13700137042')
    const all = [one.conversationId, other.conversationId, ...calls.map(({ conversationId }) => conversationId)]
    for (const id of all) expect(await known(id)).toEqual(all.filter((each) => each !== id).sort())
    const { joins } = await view(one.conversationId)
    expect(joins.map(({ isHere }) => isHere)).toEqual([true, false, true])
    const [mistake] = joins
    expect(mistake).toMatchObject({ how: 'rang_back', byNumber: one.agent.member.workNumber })

    const undo = (by: typeof one, joinId?: string) =>
      by.agent.http.post(`/api/conversations/${by.conversationId}/person/undo`, joinId ? { joinId } : undefined)
    expect((await undo(one, mistake?.joinId)).status).toBe(200)
    expect(await known(one.conversationId)).toEqual([calls[0].conversationId])
    expect(await known(calls[0].conversationId)).toEqual([one.conversationId])
    expect(await known(other.conversationId)).toEqual([calls[1].conversationId])
    expect(await known(calls[1].conversationId)).toEqual([other.conversationId])
    expect((await undo(other, mistake?.joinId)).status).toBe(404)
    const { rows } = await hotline.database.pool.query(
      'select undone_by from person_join where undone_by is not null and id = $1',
      [mistake?.joinId],
    )
    expect(rows).toEqual([{ undone_by: one.agent.member.staffId }])
  })
})

describe('a code by short message', () => {
  /** What was sent last, read as only the outbox can. */
  async function codeSent(): Promise<string> {
    const { rows } = await hotline.database.pool.query<{ text_sealed: string }>(
      `select text_sealed from outbox_message where kind = 'verify_code' order by queued_at desc limit 1`,
    )
    return /\d{6}/.exec(openKeyRing(hotline.config).open(rows[0]?.text_sealed ?? ''))?.[0] ?? ''
  }
  const wrong = (code: string) => (code === '000000' ? '111111' : '000000')
  const forget = () => hotline.database.pool.query(`update phone_code set sent_at = sent_at - interval '20 minutes'`)

  it('joins the channels of one person when its digits come back, once, and not when others do', async () => {
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    const call = await phone.ring('13700137011')
    const { agent, conversationId } = await aTalk()
    const path = `/api/conversations/${conversationId}/person`
    const proof = (code: string) => agent.http.post(path, { phone: '13700137011', how: 'sms_code', code })
    expect(await proof('123456')).toMatchObject({ status: 400, body: { fields: [{ path: 'code' }] } })
    expect(await agent.http.post(path, { phone: '13700137011', how: 'sms_code' })).toMatchObject({
      ...{ status: 400, body: { fields: [{ path: 'code' }] } },
    })
    expect(await agent.http.post(`${path}/code`, { phone: '13700137011' })).toMatchObject({
      ...{ status: 200, body: { isSent: false } },
    })
    const code = await codeSent()
    expect(await proof(wrong(code))).toMatchObject({ body: { fields: [{ message: '验证码不对' }] } })
    // Of another number, the same digits prove nothing.
    expect((await agent.http.post(path, { phone: '13700137012', how: 'sms_code', code })).status).toBe(400)
    expect((await proof(code)).status).toBe(200)
    const { history, verified } = await agent.must('conversation:open', { conversationId })
    expect(history.map((one) => one.conversationId)).toEqual([call.conversationId])
    expect(verified).toMatchObject({ how: 'sms_code' })
    expect(await proof(code)).toMatchObject({ body: { fields: [{ message: '验证码已失效，请重新发送' }] } })
  })

  it('ends after five tries, is not sent twice in a minute nor four times here, and stands in no list', async () => {
    const { agent, conversationId } = await aTalk()
    const path = `/api/conversations/${conversationId}/person`
    const send = async () => (await agent.http.post(`${path}/code`, { phone: '13700137013' })).status
    expect([await send(), await send()]).toEqual([200, 429])
    const code = await codeSent()
    const proof = (given: string) => agent.http.post(path, { phone: '13700137013', how: 'sms_code', code: given })
    for (let tries = 0; tries < 5; tries++) expect((await proof(wrong(code))).status).toBe(400)
    expect((await proof(code)).status).toBe(400)
    await forget()
    expect(await send()).toBe(200)
    const lead = await signedIn(hotline.url, await hotline.aMember('supervisor'))
    const listed = JSON.stringify((await lead.get('/api/outbox')).body)
    expect(listed).toContain('verify_code')
    expect(listed).not.toContain(await codeSent())
    const { rows } = await hotline.database.pool.query(
      `select detail from audit where act in ('person.code', 'person.verify') and subject = $1`,
      [conversationId],
    )
    expect(rows).toEqual([{ detail: {} }, { detail: {} }])
  })

  it('is sent by whoever has the conversation alone', async () => {
    const { conversationId } = await aTalk()
    const other = await anAgentOnline()
    const sent = await other.http.post(`/api/conversations/${conversationId}/person/code`, { phone: '13700137014' })
    expect(sent).toMatchObject({ status: 403, body: { code: 'not_your_conversation' } })
  })
})

describe('a long conversation', () => {
  it('comes to the desk by its newest turns, and the others in their order', async () => {
    const { agent, conversationId } = await aTalk()
    await hotline.database.pool.query(
      `with grown as (
         insert into turn (conversation_id, seq, speaker, text, said_at)
         select $1, last_seq + n, 'customer', '第 ' || n || ' 句', now() from conversation, generate_series(1, 300) n where id = $1
         returning seq
       ) update conversation set last_seq = (select max(seq) from grown) where id = $1`,
      [conversationId],
    )
    const { turns, conversation } = await agent.must('conversation:open', { conversationId })
    let seqs = turns.map(({ seq }) => seq)
    expect(seqs.length).toBeLessThan(100)
    expect(seqs.at(-1)).toBe(conversation.lastSeq)
    while ((seqs[0] ?? 1) > 1) {
      const older = await agent.must('turns:before', { conversationId, beforeSeq: seqs[0] })
      seqs = [...older.turns.map(({ seq }) => seq), ...seqs]
    }
    expect(seqs).toEqual(Array.from({ length: conversation.lastSeq }, (_, i) => i + 1))
    expect(await agent.must('turns:before', { conversationId, beforeSeq: 1 })).toEqual({ turns: [] })
  })
})
