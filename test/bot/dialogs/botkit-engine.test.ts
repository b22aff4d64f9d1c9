import { describe, expect, it } from 'vitest'
import { botkitDialogs } from '../../../bot/dialogs/botkit-engine.ts'
import { wording } from '../../../bot/dialogs/wording.ts'
import type { DialogState, DialogTurn } from '../../../bot/dialogs/script.ts'

const now = new Date('2026-11-23T02:00:00Z') // Monday 10:00 in Shanghai
const dialogs = await botkitDialogs()

/** Stored as JSON and read back between any two turns, as the database does. */
const stored = (state: DialogState | undefined) => JSON.parse(JSON.stringify(state ?? null)) as DialogState

async function talk(first: DialogTurn, texts: string[]): Promise<DialogTurn> {
  let turn = first
  for (const text of texts) turn = await dialogs.hear(stored(turn.state), { text, now })
  return turn
}

describe('the complaint dialog', () => {
  it('takes what happened, a telephone number and a yes', async () => {
    const begun = await dialogs.begin('complaint', {}, now)
    expect(begun.said.map((s) => s.text)).toEqual([wording.cancelHint, wording.complaint.askText])
    const done = await talk(begun, ['昨天在窗口等了两小时没人理', '138 0013 8000', '确认提交'])
    expect(done.outcome).toEqual({ kind: 'complaint', text: '昨天在窗口等了两小时没人理', contact: '13800138000' })
    expect(done.state).toBeUndefined()
  })

  it('asks again for a number that is none, and goes on without one when the citizen declines', async () => {
    const asked = await talk(await dialogs.begin('complaint', {}, now), ['窗口态度不好', '12345'])
    expect(asked.said.map((s) => s.text)).toEqual([wording.complaint.badContact, wording.complaint.askContact])
    const done = await talk(asked, ['不留电话', '是的'])
    expect(done.outcome).toEqual({ kind: 'complaint', text: '窗口态度不好' })
  })

  it('keeps template marks and markup in a story as they were said', async () => {
    const story = '{{vars.contact}} <b>等了</b> & "两小时"'
    const done = await talk(await dialogs.begin('complaint', {}, now), [story, '不留', '确认'])
    expect(done.outcome).toMatchObject({ kind: 'complaint', text: story })
  })

  it('marks what each question is answered with, also when it is asked again', async () => {
    const asked = await talk(await dialogs.begin('complaint', {}, now), ['窗口态度不好'])
    expect(asked.said.at(-1)).toMatchObject({ expects: 'number' })
    const again = await talk(asked, ['12345'])
    expect(again.said.map(({ expects }) => expects)).toEqual([undefined, 'number'])
    const heard = await dialogs.hear(stored(again.state), { text: '再说一遍', intent: 'repeat', now })
    expect(heard.said.at(-1)).toMatchObject({ expects: 'number' })
    expect((await talk(again, ['不留电话'])).said.at(-1)).toMatchObject({ expects: 'yes-no' })
  })

  it('offers its choices as buttons', async () => {
    const asked = await talk(await dialogs.begin('complaint', {}, now), ['窗口态度不好'])
    expect(asked.said[0]?.choices?.map((c) => c.question)).toEqual([wording.complaint.noContact])
  })
})

describe('the interrupts', () => {
  it('drop the dialog at any question when the citizen says 取消', async () => {
    const asked = await talk(await dialogs.begin('complaint', {}, now), ['窗口态度不好'])
    const dropped = await dialogs.hear(stored(asked.state), { text: '取消', now })
    expect(dropped).toEqual({ said: [{ text: wording.cancelled }], state: undefined, outcome: { kind: 'cancelled' } })
  })

  it('lead to a person at any question', async () => {
    const begun = await dialogs.begin('callback', {}, now)
    const left = await dialogs.hear(stored(begun.state), { text: '转人工', intent: 'ask_person', now })
    expect(left).toEqual({ said: [], state: undefined, outcome: { kind: 'person' } })
  })

  it('say the open question again and stay at it', async () => {
    const asked = await talk(await dialogs.begin('callback', {}, now), ['13800138000'])
    const again = await dialogs.hear(stored(asked.state), { text: '没听清', intent: 'repeat', now })
    expect(again.said).toEqual(asked.said)
    const done = await talk(again, ['尽快'])
    expect(done.outcome).toEqual({ kind: 'callback', phone: '13800138000' })
  })
})

describe('the callback dialog', () => {
  it('reads a wanted time out of plain words', async () => {
    const done = await talk(await dialogs.begin('callback', {}, now), ['我的电话是0561-3051234', '明天下午三点'])
    expect(done.outcome).toEqual({ kind: 'callback', phone: '05613051234', at: '2026-11-24T07:00:00.000Z' })
  })
})

describe('the rating dialog', () => {
  const ratingId = '0e5dd1f0-52d8-4a3a-8f61-1d1a3a0f3f11'

  it('ends at once with a good level', async () => {
    const done = await talk(await dialogs.begin('rating', { ratingId }, now), ['非常满意'])
    expect(done.outcome).toEqual({ kind: 'rating', ratingId, level: 5, reasons: [] })
    expect(done.state).toBeUndefined()
  })

  it('asks what went wrong after a bad level', async () => {
    const asked = await talk(await dialogs.begin('rating', { ratingId }, now), ['1分'])
    expect(asked.said[0]?.text).toBe(wording.rating.askReasons)
    const done = await talk(asked, ['等候太久'])
    expect(done.outcome).toEqual({ kind: 'rating', ratingId, level: 1, reasons: ['等候太久'] })
  })

  it('gives way to words that are no level', async () => {
    const left = await talk(await dialogs.begin('rating', { ratingId }, now), ['门诊能报销吗'])
    expect(left).toEqual({ said: [], state: undefined, outcome: { kind: 'left' } })
  })
})

it('runs two dialogs at the same moment without mixing them', async () => {
  const [complaint, callback] = await Promise.all([
    dialogs.begin('complaint', {}, now),
    dialogs.begin('callback', {}, now),
  ])
  const [told, phoned] = await Promise.all([
    dialogs.hear(stored(complaint.state), { text: '窗口态度不好', now }),
    dialogs.hear(stored(callback.state), { text: '13800138000', now }),
  ])
  expect(told.said[0]?.text).toBe(wording.complaint.askContact)
  expect(phoned.said[0]?.text).toBe(wording.callback.askTime)
})

it('refuses a state that it does not know instead of hanging', async () => {
  await expect(
    dialogs.hear({ dialogState: { dialogStack: [{ id: 'gone@0', state: {} }] } }, { text: '你好', now }),
  ).rejects.toThrow()
  await expect(dialogs.hear({}, { text: '你好', now })).rejects.toThrow()
})
