/** A citizen goes from one agent to a colleague: asked, accepted, declined, unanswered, taken back; in writing and by telephone. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { TransferView } from '../../contract/transfer.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { transferLimitMs } from '../../desk/transfer.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { aPhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { anAgent, aVisitor, until } from '../support/socket-clients.ts'

let hotline: TestHotline
let shiftMs = 0
const now = () => new Date(Date.now() + shiftMs)
const open: { close: () => unknown }[] = []
const reason = '涉及异地住院费用，您更熟悉'

function opened<T extends { close: () => unknown }>(one: T): T {
  open.push(one)
  return one
}

beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' }, now })
})
afterEach(async () => {
  for (const one of open.splice(0).reverse()) one.close()
  await presenceStore(hotline.db).offlineAll(now())
})
afterAll(() => hotline.close())

async function anOnlineAgent(url = hotline.url) {
  const member = await hotline.aMember('agent')
  const agent = opened(await anAgent(url, member))
  const settled: { conversationId: string; toNumber: string; state: TransferView['state']; note?: string }[] = []
  agent.socket.on('transfer:settled', (one: (typeof settled)[number]) => settled.push(one))
  await agent.must('presence:set', { state: 'online' })
  return { ...agent, member, settled }
}
type OnlineAgent = Awaited<ReturnType<typeof anOnlineAgent>>

/** A citizen with an agent, and a colleague beside. */
async function aTalk() {
  const [giver, colleague] = [await anOnlineAgent(), await anOnlineAgent()]
  const citizen = opened(await aVisitor(hotline.url))
  await citizen.say('我想找人工')
  const conversationId = await until(() => citizen.standing()?.conversationId, 'a conversation')
  await until(() => citizen.standing()?.state === 'waiting', 'the queue')
  await giver.must('conversation:claim', { conversationId })
  await giver.must('turn:say', { conversationId, clientId: randomUUID(), text: '您好，我看一下。' })
  return { giver, colleague, citizen, conversationId }
}

const give = (giver: OnlineAgent, conversationId: string, to: OnlineAgent) =>
  giver.must('conversation:transfer', { conversationId, toStaffId: to.member.staffId, reason })
const isAsked = (colleague: OnlineAgent) => until(() => colleague.queue()?.asked[0], 'the request at the colleague')
const viewOf = (agent: OnlineAgent, conversationId: string) => agent.must('conversation:open', { conversationId })
const say = (agent: OnlineAgent, conversationId: string, text: string) =>
  agent.ask('turn:say', { conversationId, clientId: randomUUID(), text })

async function episodesOf(conversationId: string): Promise<{ staff_id: string | null; ended_by: string | null }[]> {
  const { rows } = await hotline.database.pool.query<{ staff_id: string | null; ended_by: string | null }>(
    `select staff_id, ended_by from episode where conversation_id = $1 and kind = 'agent' order by started_at`,
    [conversationId],
  )
  return rows
}

describe('a chat', () => {
  it('stays with its giver until the colleague accepts, then has moved whole, and each part is rated by itself', async () => {
    const { giver, colleague, citizen, conversationId } = await aTalk()
    const { transferId } = await give(giver, conversationId, colleague)
    expect(await isAsked(colleague)).toMatchObject({
      ...{ transferId, conversationId, channel: 'web', reason, fromNumber: giver.member.workNumber },
    })
    expect((await viewOf(giver, conversationId)).transfer).toMatchObject({ state: 'asked', reason })
    expect(await say(giver, conversationId, '请稍等，我请一位同事来。')).toMatchObject({ ok: true })
    expect(await say(colleague, conversationId, '我来')).toMatchObject({ ok: false, code: 'not_your_conversation' })

    const view = await colleague.must('transfer:accept', { transferId })
    expect(view.conversation).toMatchObject({
      agentNumber: colleague.member.workNumber,
      firstAskedNumber: giver.member.workNumber,
    })
    const told = await citizen.hears(`工号 ${colleague.member.workNumber}`)
    expect(told.speaker).toBe('system')
    expect(await until(() => giver.settled[0], 'the news at the giver')).toMatchObject({ state: 'accepted' })
    expect(await say(giver, conversationId, '还是我')).toMatchObject({ ok: false, code: 'not_your_conversation' })
    expect(await say(colleague, conversationId, '您好，我接着为您办。')).toMatchObject({ ok: true })
    await until(() => colleague.queue()?.asked.length === 0, 'no request left')

    await colleague.must('conversation:close', { conversationId, summary: '异地住院' })
    expect(await episodesOf(conversationId)).toEqual([
      { staff_id: giver.member.staffId, ended_by: 'transfer' },
      { staff_id: colleague.member.staffId, ended_by: 'agent' },
    ])
    const rated = await until(() => citizen.ratings.length >= 2 && citizen.ratings, 'what can be rated')
    expect(rated.find(({ quiet }) => !quiet)).toMatchObject({ agentNumber: colleague.member.workNumber })
    expect(rated.filter(({ quiet }) => quiet).map(({ agentNumber }) => agentNumber)).toContain(giver.member.workNumber)
    expect(JSON.stringify(citizen.turns)).not.toContain(reason)
  })

  it('returns with a word when the colleague declines', async () => {
    const { giver, colleague, citizen, conversationId } = await aTalk()
    const { transferId } = await give(giver, conversationId, colleague)
    await colleague.must('transfer:decline', { transferId, note: '手上有急事' })
    const toNumber = colleague.member.workNumber
    expect(await until(() => giver.settled[0], 'the news')).toEqual({
      ...{ conversationId, toNumber, state: 'declined', note: '手上有急事' },
    })
    expect((await viewOf(giver, conversationId)).transfer).toMatchObject({ state: 'declined', note: '手上有急事' })
    expect(await say(giver, conversationId, '我接着办')).toMatchObject({ ok: true })
    expect(await colleague.ask('transfer:accept', { transferId })).toMatchObject({ ok: false, code: 'transfer_over' })
    expect(citizen.turns.filter(({ text }) => text.includes('转给'))).toEqual([])
  })

  it('returns when nobody answers within a minute, also after a restart in between', async () => {
    const { giver, colleague, conversationId } = await aTalk()
    const { transferId } = await give(giver, conversationId, colleague)
    const restarted = await aHotline({
      env: { DATABASE_URL: hotline.database.url, QUEUE_MODE: 'claim' },
      now,
      administrator: false,
    })
    const again = await anAgent(restarted.url, giver.member)
    expect((await again.must('conversation:open', { conversationId })).transfer).toMatchObject({ state: 'asked' })
    shiftMs += transferLimitMs + 1_000
    await restarted.timekeeper.endUnansweredTransfers()
    expect((await again.must('conversation:open', { conversationId })).transfer).toMatchObject({ state: 'expired' })
    again.close()
    await restarted.close()
    expect(await colleague.ask('transfer:accept', { transferId })).toMatchObject({ ok: false, code: 'transfer_over' })
    expect(await say(giver, conversationId, '我接着办')).toMatchObject({ ok: true })
  })

  it('can be taken back, and given to somebody else', async () => {
    const { giver, colleague, conversationId } = await aTalk()
    const other = await anOnlineAgent()
    const { transferId } = await give(giver, conversationId, colleague)
    await isAsked(colleague)
    expect(
      await giver.ask('conversation:transfer', { conversationId, toStaffId: other.member.staffId, reason }),
    ).toMatchObject({ ok: false, code: 'conflict' })
    await giver.must('transfer:take-back', { transferId })
    await until(() => colleague.queue()?.asked.length === 0, 'the request is gone')
    await give(giver, conversationId, other)
    expect(await isAsked(other)).toMatchObject({ conversationId })
  })

  it('goes back to the front of the queue, with the reason for the next agent alone', async () => {
    const { giver, colleague, citizen, conversationId } = await aTalk()
    await giver.must('conversation:transfer', { conversationId, toQueue: true, reason })
    await citizen.hears('您已排到队伍前面')
    // The queue is told a moment after what was said: until then it may still stand as at the first time.
    const row = await until(
      () =>
        colleague.queue()?.waiting.find((one) => one.conversationId === conversationId && one.reason === 'transfer'),
      'the queue',
    )
    expect(row).toMatchObject({ note: reason })
    await colleague.must('conversation:claim', { conversationId })
    expect(JSON.stringify(citizen.turns)).not.toContain(reason)
    expect((await episodesOf(conversationId))[0]).toMatchObject({ ended_by: 'transfer' })
  })

  it('is asked of nobody any more once the giver has closed it', async () => {
    const { giver, colleague, conversationId } = await aTalk()
    const { transferId } = await give(giver, conversationId, colleague)
    await isAsked(colleague)
    await giver.must('conversation:close', { conversationId, summary: '办完了' })
    await until(() => colleague.queue()?.asked.length === 0, 'the request is gone')
    expect(await colleague.ask('transfer:accept', { transferId })).toMatchObject({ ok: false, code: 'transfer_over' })
  })

  it('is offered to colleagues who are at their desk and free alone', async () => {
    const { giver, colleague, conversationId } = await aTalk()
    const busy = await anOnlineAgent()
    await busy.must('presence:set', { state: 'busy' })
    const { colleagues } = await giver.must('colleagues:list', { conversationId })
    expect(colleagues).toEqual([
      {
        staffId: colleague.member.staffId,
        workNumber: colleague.member.workNumber,
        displayName: expect.any(String) as string,
        held: 0,
      },
    ])
    expect(
      await giver.ask('conversation:transfer', { conversationId, toStaffId: busy.member.staffId, reason }),
    ).toMatchObject({ ok: false, code: 'invalid_input', fields: [{ path: 'toStaffId' }] })
    expect(await giver.ask('conversation:transfer', { conversationId, reason })).toMatchObject({
      ...{ ok: false, fields: [{ path: 'toStaffId' }] },
    })
    expect(await colleague.ask('colleagues:list', { conversationId })).toMatchObject({ code: 'not_your_conversation' })
  })

  it('is accepted, declined and taken back by those alone whose move it is, and all of it is in the audit', async () => {
    const { giver, colleague, conversationId } = await aTalk()
    const stranger = await anOnlineAgent()
    const { transferId } = await give(giver, conversationId, colleague)
    for (const move of ['transfer:accept', 'transfer:decline', 'transfer:take-back'] as const)
      expect(await stranger.ask(move, { transferId })).toMatchObject({ ok: false, code: 'not_allowed' })
    expect(await giver.ask('transfer:accept', { transferId })).toMatchObject({ ok: false, code: 'not_allowed' })
    await colleague.must('transfer:accept', { transferId })
    const auditor = await signedIn(hotline.url, await hotline.aMember('auditor'))
    const { body } = await auditor.get('/api/audit?limit=20')
    expect(JSON.stringify(body)).toMatch(/conversation\.transfer/)
    expect(JSON.stringify(body)).toMatch(/transfer\.accept/)
    expect(JSON.stringify(body)).not.toContain(reason)
  })
})

describe('a call', () => {
  it('is put down at the giver, waits, and is heard by the colleague who takes it up', async () => {
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    const [giver, colleague] = [await anOnlineAgent(), await anOnlineAgent()]
    const { conversationId } = await phone.ring('13700135001')
    await phone.must('person:ask', { conversationId, reason: 'asked' })
    await giver.must('conversation:claim', { conversationId })
    await giver.must('audio:open', { conversationId })
    await until(() => phone.heard('audio:opened').length === 1, 'the giver on the line')

    const { transferId } = await give(giver, conversationId, colleague)
    expect((await isAsked(colleague)).channel).toBe('phone')
    expect(phone.heard('audio:closed')).toEqual([])
    const view = await colleague.must('transfer:accept', { transferId })
    expect(view.call).toBe('live')
    await until(() => phone.heard('audio:closed').length === 1, 'the giver put down')
    expect(phone.heard('turn:said').at(-1)?.text).toContain(`工号 ${colleague.member.workNumber}`)
    expect(phone.heard('conversation:standing').at(-1)).toMatchObject({
      ...{ state: 'agent', agentNumber: colleague.member.workNumber },
    })

    const frame = new Uint8Array(160).fill(0x55)
    const heard = { giver: 0, colleague: 0 }
    giver.socket.on('audio:frame', () => heard.giver++)
    colleague.socket.on('audio:frame', () => heard.colleague++)
    await colleague.must('audio:open', { conversationId })
    expect(await giver.ask('audio:open', { conversationId })).toMatchObject({ code: 'not_your_conversation' })
    await until(() => {
      phone.socket.emit('audio:frame', conversationId, frame)
      return heard.colleague > 3
    }, 'the caller at the colleague')
    expect(heard.giver).toBe(0)

    // Another window of the colleague, or an answer that was lost, asks once more.
    await colleague.must('transfer:accept', { transferId })
    const before = heard.colleague
    await until(() => {
      phone.socket.emit('audio:frame', conversationId, frame)
      return heard.colleague > before + 3
    }, 'the caller still at the colleague')
    expect(phone.heard('audio:closed')).toHaveLength(1)
  })

  it('is not offered to a colleague who is on the line with somebody else', async () => {
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    const [giver, colleague] = [await anOnlineAgent(), await anOnlineAgent()]
    const talk = async (number: string, agent: OnlineAgent) => {
      const { conversationId } = await phone.ring(number)
      await phone.must('person:ask', { conversationId, reason: 'asked' })
      await agent.must('conversation:claim', { conversationId })
      return conversationId
    }
    await talk('13700135002', colleague)
    const conversationId = await talk('13700135003', giver)
    expect((await giver.must('colleagues:list', { conversationId })).colleagues).toEqual([])
  })

  it('shows as ended to a console that is loaded anew after the caller has gone', async () => {
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    const agent = await anOnlineAgent()
    const { conversationId, callRowId } = await phone.ring('13700135004')
    await phone.must('person:ask', { conversationId, reason: 'asked' })
    await agent.must('conversation:claim', { conversationId })
    expect((await viewOf(agent, conversationId)).call).toBe('live')
    await phone.hangUp(callRowId)
    expect((await viewOf(agent, conversationId)).call).toBe('ended')
  })
})
