import { describe, expect, it } from 'vitest'
import { noticeButtons, roomShown, undeliveredOf, undeliveredWords } from '../../../admin/desk/wechat-words.ts'
import type { KeptTurn } from '../../../contract/turn.ts'
import { messagesFor, sendableNow, type WechatStanding } from '../../../contract/wechat-desk.ts'

const wrote = Date.parse('2026-11-22T02:00:00.000Z')
const hour = 3_600_000
const at = (ms: number) => new Date(ms).toISOString()

function aStanding(rest: Partial<WechatStanding> = {}): WechatStanding {
  return {
    conversationId: 'c',
    readAt: at(wrote),
    follows: true,
    message: { left: 4, of: 5, until: at(wrote + 48 * hour) },
    usual: { perMessage: 5, messageHours: 48 },
    undelivered: [],
    notice: { state: 'ready' },
    ...rest,
  }
}

describe('how much may be sent', () => {
  it('stands with how many are left and how long', () => {
    const shown = roomShown(aStanding(), wrote + 90 * 60_000)
    expect(shown).toMatchObject({ tone: 'calm', count: '4/5', rest: '46 小时 30 分内有效' })
  })

  it('is marked when one is left, and when there is little time', () => {
    const one = aStanding({ message: { left: 1, of: 5, until: at(wrote + 48 * hour) } })
    expect(roomShown(one, wrote).tone).toBe('soon')
    expect(roomShown(aStanding(), wrote + 46.5 * hour).tone).toBe('soon')
  })

  it('is over when all are used, and is told apart from a citizen who is silent for two days', () => {
    const used = aStanding({ message: { left: 0, of: 5, until: at(wrote + 48 * hour) } })
    expect(roomShown(used, wrote)).toMatchObject({ tone: 'over', count: '0/5' })
    const silent = roomShown(aStanding(), wrote + 48 * hour + 1_000)
    expect(silent).toMatchObject({ tone: 'over', rest: '市民 48 小时内没有发过消息，现在发不出去' })
    expect(silent.count).toBeUndefined()
  })

  it('counts what a tap of the menu allows beside it, by the second', () => {
    const used = aStanding({
      message: { left: 0, of: 5, until: at(wrote + 48 * hour) },
      moment: { left: 2, of: 3, until: at(wrote + 60_000) },
    })
    expect(sendableNow(used, wrote + 20_000)).toBe(2)
    expect(roomShown(used, wrote + 20_000).moment).toBe('另有 2 条，40 秒内有效')
    expect(sendableNow(used, wrote + 60_000)).toBe(0)
  })

  it('is nothing for somebody who does not follow any more', () => {
    expect(sendableNow(aStanding({ follows: false }), wrote)).toBe(0)
    expect(roomShown(aStanding({ follows: false }), wrote)).toMatchObject({ tone: 'over' })
  })

  it('counts long words as the messages they are at most', () => {
    expect([messagesFor(''), messagesFor('好'), messagesFor('医'.repeat(666)), messagesFor('医'.repeat(700))]).toEqual([
      1, 1, 1, 3,
    ])
  })
})

it('tells why words did not arrive, beside our own words alone', () => {
  const list = [{ fromSeq: 4, toSeq: 6, why: 'quota', isPartly: false, code: 45_047 }] as const
  const turn = (seq: number, speaker: KeptTurn['speaker']): KeptTurn => ({
    ...{ conversationId: 'c', seq, speaker, text: 'x', saidAt: at(wrote) },
  })
  expect(undeliveredOf(list, turn(5, 'customer'))).toBeUndefined()
  expect(undeliveredOf(list, turn(7, 'agent'))).toBeUndefined()
  const found = undeliveredOf(list, turn(5, 'agent')) ?? expect.unreachable('these words did not arrive')
  expect(undeliveredWords(found)).toBe('没有送达：微信许发的条数用完了，市民再发消息时会一并送到（45047）')
  expect(undeliveredWords({ ...found, isPartly: true })).toMatch(/^只送到一部分/)
  expect(undeliveredWords({ ...found, why: 'unknown', isPartly: true })).toMatch(/^不知道有没有送达/)
  // What goes again by itself nobody is asked to write again.
  for (const why of ['busy', 'set-up'] as const)
    expect(undeliveredWords({ ...found, why })).toMatch(/^还没有送达：.*自动补发，不用重发/)
})

it('has a button that does nothing without consent, and says so', () => {
  for (const { does, why, words } of Object.values(noticeButtons))
    expect(does || why || words.endsWith('已发')).toBeTruthy()
})
