import { expect, it } from 'vitest'
import type { DeskConversation } from '../../../contract/agent-events.ts'
import type { KeptTurn } from '../../../contract/turn.ts'
import { emptyQueue, sameRows, titleWords, unreadOf, withThere, withTurn } from '../../../admin/desk/queue.ts'
import { lateMark, learnLimits, waitedSeconds, waitWords } from '../../../admin/desk/wait.ts'

function aRow(id: string, rest: Partial<DeskConversation> = {}): DeskConversation {
  const at = '2026-11-22T02:00:00.000Z'
  return {
    conversationId: id,
    channel: 'web',
    state: 'waiting',
    who: id,
    lastText: '',
    lastTurnAt: at,
    lastSeq: 1,
    ...rest,
  }
}
function aTurn(conversationId: string, seq: number): KeptTurn {
  return { conversationId, seq, speaker: 'customer', text: '在吗', saidAt: '2026-11-22T02:05:00.000Z' }
}

it('shows whether the citizen’s page is connected, in that row alone', () => {
  const queue = { ...emptyQueue, mine: [aRow('a', { isThere: true }), aRow('b', { isThere: true })] }
  expect(withThere(queue, 'b', false).mine.map(({ isThere }) => isThere)).toEqual([true, false])
})

it('shows the latest words in the row, and never goes back to older ones', () => {
  const queue = withTurn({ ...emptyQueue, mine: [aRow('a', { lastSeq: 4 })], online: 1 }, aTurn('a', 5))
  expect(queue.mine[0]).toMatchObject({ lastSeq: 5, lastText: '在吗' })
  expect(withTurn(queue, { ...aTurn('a', 3), text: '旧的' })).toBe(queue)
})

it('keeps the rows of a new list that say what they said before', () => {
  const [still, moved] = [aRow('still'), aRow('moved')]
  const [one, other] = sameRows([still, moved], [aRow('still'), aRow('moved', { lastSeq: 2 })])
  expect(one).toBe(still)
  expect(other).toMatchObject({ who: 'moved', lastSeq: 2 })
  expect(sameRows([still], [])).toEqual([])
})

it('counts as unread what came after the last seq read', () => {
  expect(unreadOf(aRow('a', { lastSeq: 7 }), 5)).toBe(2)
  expect(unreadOf(aRow('a', { lastSeq: 5 }), 5)).toBe(0)
  expect(unreadOf(aRow('a', { lastSeq: 7 }), undefined)).toBe(0)
})

it('says in the title how much is unread and how many wait', () => {
  expect(titleWords('坐席台', 0, 0)).toBe('坐席台')
  expect(titleWords('坐席台', 2, 0)).toBe('(2) 坐席台')
  expect(titleWords('知识', 2, 1)).toBe('(2) 1 人等待 · 知识')
})

it('counts the wait in words, never below nothing', () => {
  expect(waitWords(waitedSeconds('2026-11-22T02:00:00.000Z', Date.parse('2026-11-22T02:03:05.000Z')))).toBe(
    '3 分 05 秒',
  )
  expect(waitedSeconds('2026-11-22T02:00:00.000Z', Date.parse('2026-11-22T01:59:00.000Z'))).toBe(0)
  expect(waitWords(59)).toBe('59 秒')
  expect(waitWords(7_265)).toBe('2 小时 1 分')
  learnLimits({ amberSeconds: 60, redSeconds: 90 })
  expect([59, 60, 89, 90].map((seconds) => lateMark(seconds).class)).toEqual(['', 'amber', 'amber', 'red'])
  expect(new Set([59, 60, 90].map((seconds) => lateMark(seconds).shape)).size).toBe(3)
})
