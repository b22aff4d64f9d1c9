/** What a citizen meets in a conversation, over real sockets: offers, misses, persons, tabs, losses, silence. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { wording as dialogWording } from '../../bot/dialogs/wording.ts'
import { wording } from '../../bot/wording.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { anAgent, aVisitor, until, type Agent, type Visitor } from '../support/socket-clients.ts'

const nonsense = ['今天晚上吃什么菜比较好', '哪支球队拿了冠军']
let hotline: TestHotline
let clockShiftMs = 0
const open: (Agent | Visitor)[] = []

beforeAll(async () => {
  hotline = await aHotline({ env: { QUEUE_MODE: 'claim' }, now: () => new Date(Date.now() + clockShiftMs) })
})
afterEach(async () => {
  for (const one of open.splice(0)) one.close()
  clockShiftMs = 0
  await presenceStore(hotline.db).offlineAll(new Date())
})
afterAll(() => hotline.close())

async function visitor(
  ...given: Parameters<typeof aVisitor> extends [string, ...infer R] ? R : never
): Promise<Visitor> {
  const one = await aVisitor(hotline.url, ...given)
  open.push(one)
  return one
}

async function agentOnline(): Promise<Agent & { member: Awaited<ReturnType<TestHotline['aMember']>> }> {
  const member = await hotline.aMember('agent')
  const agent = await anAgent(hotline.url, member)
  open.push(agent)
  await agent.must('presence:set', { state: 'online' })
  return { ...agent, member }
}

const texts = (of: Visitor) => of.turns.filter((turn) => turn.speaker !== 'customer').map((turn) => turn.text)

describe('the bot', () => {
  it('says honestly that it does not know, and hands over at the second miss in a row', async () => {
    const agent = await agentOnline()
    const citizen = await visitor()
    await citizen.say(nonsense[0] ?? '')
    expect(texts(citizen)).toEqual([wording.unknown])
    await citizen.say(nonsense[1] ?? '')
    await until(() => citizen.standing()?.state === 'waiting', 'waiting')
    await until(
      () => agent.queue()?.waiting.some((one) => one.reason === 'bot_stuck'),
      'the stuck conversation in the queue',
    )
  })

  it('books a callback when nobody is there', async () => {
    const citizen = await visitor()
    await citizen.say('转人工')
    expect(texts(citizen)).toEqual([wording.nobodyThere, dialogWording.callback.askPhone])
    await citizen.say('13800138000')
    await citizen.say('尽快')
    await citizen.hears('已登记回电')
    const agent = await agentOnline()
    const { callbacks } = (await agent.http.get('/api/callbacks')).body as {
      callbacks: { phone: string; conversationId: string }[]
    }
    expect(callbacks.find((one) => one.conversationId === citizen.standing()?.conversationId)?.phone).toBe(
      '138****8000',
    )
  })

  it('takes a complaint step by step and opens a case with a deadline', async () => {
    const citizen = await visitor()
    await citizen.say('我要投诉')
    await citizen.say('昨天在窗口排队两个小时没有人处理')
    await citizen.say('不留电话')
    await citizen.say('确认提交')
    expect((await citizen.hears('您的投诉已登记')).text).toMatch(/ZG\d{8}-\d+/)
  })

  it('says the last answer again when asked to', async () => {
    const citizen = await visitor()
    await citizen.say('新生儿怎么参保')
    await citizen.say('再说一遍')
    const answers = citizen.turns.filter((turn) => turn.answer)
    expect(answers).toHaveLength(2)
    expect(answers[1]?.text).toBe(answers[0]?.text)
  })

  it('counts an answer that did not help as a miss', async () => {
    await agentOnline()
    const citizen = await visitor()
    for (const question of ['新生儿怎么参保', '生育津贴怎么领']) {
      await citizen.say(question)
      const seq = citizen.turns.filter((turn) => turn.answer).at(-1)?.seq
      await citizen.must('answer:judge', { seq, solved: false })
    }
    expect(texts(citizen)).toContain(wording.notHelped)
  })

  it('puts somebody in danger first in the queue', async () => {
    const agent = await agentOnline()
    const calm = await visitor()
    await calm.say('转人工')
    const pressed = await visitor()
    await pressed.say('我不想活了')
    await pressed.hears('120')
    const waiting = await until(() => {
      const all = agent.queue()?.waiting.map((one) => one.conversationId) ?? []
      return all.includes(String(pressed.standing()?.conversationId)) && all
    }, 'both in the queue')
    expect(waiting.indexOf(String(pressed.standing()?.conversationId))).toBeLessThan(
      waiting.indexOf(String(calm.standing()?.conversationId)),
    )
  })
})

describe('a conversation', () => {
  it('answers two messages that come at once one after the other', async () => {
    const citizen = await visitor()
    await Promise.all([citizen.say('新生儿怎么参保'), citizen.say('生育津贴怎么领')])
    await until(() => citizen.turns.length >= 4 && citizen.turns, 'both answers')
    expect(citizen.turns.map((turn) => turn.seq)).toEqual([1, 2, 3, 4])
    expect(citizen.turns.map((turn) => turn.speaker)).toEqual(['customer', 'bot', 'customer', 'bot'])
  })

  it('keeps one turn for one client id, however often and at once it comes', async () => {
    const citizen = await visitor()
    const clientId = randomUUID()
    const replies = await Promise.all(Array.from({ length: 10 }, () => citizen.say('新生儿怎么参保', clientId)))
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1)
    expect(citizen.turns.filter((turn) => turn.speaker === 'customer')).toHaveLength(1)
  })

  it('brings what was missed on coming back, once and in order', async () => {
    const before = await visitor()
    await before.say('新生儿怎么参保')
    await until(() => before.turns.length === 2, 'the answer')
    before.close()
    const away = await visitor({ token: before.token })
    await away.say('生育津贴怎么领')
    away.close()

    const back = await visitor({ token: before.token, conversationId: before.standing()?.conversationId, lastSeq: 2 })
    await until(() => back.turns.length >= 2, 'the missed turns')
    expect(back.turns.map((turn) => turn.seq)).toEqual([3, 4])
    const reloaded = await visitor({ token: before.token })
    await until(() => reloaded.turns.length >= 4, 'the whole history')
    expect(reloaded.turns.map((turn) => turn.seq)).toEqual([1, 2, 3, 4])
  })

  it('shows the same in two tabs, also when it began in the other one', async () => {
    const one = await visitor()
    const two = await visitor({ token: one.token })
    await one.say('新生儿怎么参保')
    await until(() => two.turns.length === 2, 'the other tab')
    expect(two.turns).toEqual(one.turns)
  })

  it('begins once when two tabs speak first at the same moment', async () => {
    const one = await visitor()
    const two = await visitor({ token: one.token })
    const [a, b] = await Promise.all([
      one.must('turn:say', { clientId: randomUUID(), text: '你好' }),
      two.must('turn:say', { clientId: randomUUID(), text: '在吗' }),
    ])
    expect(a.conversationId).toBe(b.conversationId)
  })

  it('is closed to everybody else: a foreign conversation id opens nothing', async () => {
    const mine = await visitor()
    await mine.say('新生儿怎么参保')
    const stranger = await visitor({ conversationId: mine.standing()?.conversationId, lastSeq: 0 })
    expect(await stranger.ask('turns:since', { seq: 0 })).toMatchObject({ ok: false, code: 'not_found' })
    expect(stranger.turns).toEqual([])
  })

  it('ends after half an hour of silence, asks for a rating, and goes on when the citizen comes back', async () => {
    const citizen = await visitor()
    await citizen.say('新生儿怎么参保')
    clockShiftMs = 31 * 60_000
    await hotline.timekeeper.endSilentOnes()
    await citizen.hears(wording.endedBySilence)
    expect((await until(() => citizen.ratings[0], 'a rating')).about).toBe('bot')
    await citizen.say('生育津贴怎么领')
    await until(() => citizen.turns.at(-1)?.answer, 'another answer')
    await until(() => citizen.standing()?.state === 'bot', 'the bot taking over again')
  })

  it('takes a rating that is typed instead of pressed', async () => {
    const citizen = await visitor()
    await citizen.say('新生儿怎么参保')
    await citizen.say('再见')
    await citizen.say('不满意')
    await citizen.say('答非所问')
    await citizen.hears('已立案核实')
  })
})

describe('the desk', () => {
  it('gives a waiting conversation to one of two agents who claim it at once, and tells the other who has it', async () => {
    const [first, second] = [await agentOnline(), await agentOnline()]
    const citizen = await visitor()
    const { conversationId } = await citizen.must('person:ask', {})
    const replies = await Promise.all([
      first.ask('conversation:claim', { conversationId }),
      second.ask('conversation:claim', { conversationId }),
    ])
    const winner = replies.findIndex((reply) => reply.ok)
    expect(replies.filter((reply) => reply.ok)).toHaveLength(1)
    const lost = replies[1 - winner]
    const number = [first, second][winner]?.member.workNumber
    expect(lost).toMatchObject({
      ok: false,
      code: 'already_claimed',
      message: expect.stringContaining(String(number)) as string,
    })
  })

  it('refuses words written before the citizen spoke again', async () => {
    const agent = await agentOnline()
    const citizen = await visitor()
    const { conversationId } = await citizen.must('person:ask', {})
    const { conversation } = await agent.must('conversation:claim', { conversationId })
    await citizen.say('等一下，我说错了')
    const stale = { conversationId, clientId: randomUUID(), text: '可以的', expectedSeq: conversation.lastSeq }
    expect(await agent.ask('turn:say', stale)).toMatchObject({ ok: false, code: 'conversation_moved_on' })
    expect(texts(citizen)).not.toContain('可以的')
  })

  it('lets nobody speak in a conversation that is in other hands', async () => {
    const [holder, other] = [await agentOnline(), await agentOnline()]
    const citizen = await visitor()
    const { conversationId } = await citizen.must('person:ask', {})
    await holder.must('conversation:claim', { conversationId })
    const words = { conversationId, clientId: randomUUID(), text: '我来说' }
    expect(await other.ask('turn:say', words)).toMatchObject({ ok: false, code: 'not_your_conversation' })
    expect(await other.ask('conversation:close', { conversationId, summary: '抢关' })).toMatchObject({
      ok: false,
      code: 'not_your_conversation',
    })
  })

  it('gives the citizen back to the queue, at the front, when the agent is gone for a minute', async () => {
    const [agent, colleague] = [await agentOnline(), await agentOnline()]
    const citizen = await visitor()
    const { conversationId } = await citizen.must('person:ask', {})
    await agent.must('conversation:claim', { conversationId })
    agent.close()
    clockShiftMs = 61_000
    await presenceStore(hotline.db).seen(colleague.member.staffId, new Date(Date.now() + clockShiftMs))
    await hotline.timekeeper.takeBackFromTheGone()
    await citizen.hears(wording.handedOver.agent_gone)
    const view = await colleague.must('conversation:claim', { conversationId })
    expect(view.conversation.firstAskedNumber).toBe(agent.member.workNumber)
  })

  it('gives back what an agent held who went offline and closed the console', async () => {
    const [agent, colleague] = [await agentOnline(), await agentOnline()]
    const citizen = await visitor()
    const { conversationId } = await citizen.must('person:ask', {})
    await agent.must('conversation:claim', { conversationId })
    await agent.must('presence:set', { state: 'offline' })
    agent.close()
    await hotline.timekeeper.takeBackFromTheGone()
    expect(texts(citizen)).not.toContain(wording.handedOver.agent_gone)
    clockShiftMs = 61_000
    await presenceStore(hotline.db).seen(colleague.member.staffId, new Date(Date.now() + clockShiftMs))
    await hotline.timekeeper.takeBackFromTheGone()
    await citizen.hears(wording.handedOver.agent_gone)
  })

  it('shows what a citizen typed with the numbers of a person masked', async () => {
    const agent = await agentOnline()
    const citizen = await visitor()
    await citizen.say('我的电话是13800138000')
    const { conversationId } = await citizen.must('person:ask', {})
    const view = await agent.must('conversation:claim', { conversationId })
    expect(JSON.stringify(view)).not.toContain('13800138000')
    expect(JSON.stringify(view)).toContain('138****8000')
  })
})

it('says an edited text within ten seconds of its publication, and no draft before', async () => {
  const [editor, reviewer] = [await hotline.aMember('editor'), await hotline.aMember('reviewer')]
  const [writes, reads] = [await signedIn(hotline.url, editor), await signedIn(hotline.url, reviewer)]
  const asked = await fetchAnswer('新生儿怎么参保')
  const id = String(asked.entry?.id)
  const view = (await writes.get(`/api/entries/${id}`)).body as { revisions: { wording: Record<string, unknown> }[] }
  const wordingOf = { ...view.revisions[0]?.wording, answer: '新生儿参保，新的说法。' }
  const made = (await writes.post(`/api/entries/${id}/revisions`, { wording: wordingOf })).body as {
    revision: { id: string }
  }
  const move = (who: typeof writes, step: string) => who.post(`/api/revisions/${made.revision.id}/${step}`)
  expect(await move(writes, 'submit')).toMatchObject({ status: 200 })
  expect(await move(writes, 'publish')).toMatchObject({ status: 409, body: { code: 'illegal_move' } })
  expect(await move(reads, 'approve')).toMatchObject({ status: 200 })
  expect((await fetchAnswer('新生儿怎么参保')).answer?.text).not.toContain('新的说法')
  expect(await move(reads, 'publish')).toMatchObject({ status: 200 })
  expect((await fetchAnswer('新生儿怎么参保')).answer?.text).toBe('新生儿参保，新的说法。')
})

async function fetchAnswer(question: string) {
  const response = await fetch(`${hotline.url}/api/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question }),
  })
  return (await response.json()) as { entry?: { id: string }; answer?: { text: string } }
}
