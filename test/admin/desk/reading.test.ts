import { expect, it } from 'vitest'
import { lastRead, readUpTo } from '../../../admin/desk/reading.ts'

const now = new Date('2026-11-22T02:00:00Z')
const told = (conversationId: string, seq: number, arrivedAt?: string) => ({
  ...{ conversationId, seq, entryId: 'a', question: '问', toldAt: '2026-11-22T01:00:00Z', time: 1, arrivedAt },
})
const view = {
  conversation: { conversationId: 'mine' },
  readSeq: 2,
  tellings: [told('mine', 5), told('mine', 3), told('mine', 2, '2026-11-22T01:30:00Z'), told('other', 1)],
}

it('proves what had been told up to there, and nothing of another conversation', () => {
  const read = readUpTo(view, 4, now)
  expect(read.readSeq).toBe(4)
  expect(read.tellings.map(({ arrivedAt }) => arrivedAt)).toEqual([
    undefined,
    now.toISOString(),
    '2026-11-22T01:30:00Z',
    undefined,
  ])
  expect(readUpTo(read, 1, now).readSeq).toBe(4)
})

it('marks the last of our own words that was read', () => {
  const turn = (seq: number, speaker: 'customer' | 'agent' | 'bot' | 'system') => ({
    ...{ conversationId: 'mine', seq, speaker, text: '', saidAt: '' },
  })
  const turns = [turn(1, 'customer'), turn(2, 'bot'), turn(3, 'customer'), turn(4, 'agent')]
  expect([0, 1, 2, 3, 4].map((seq) => lastRead(turns, seq))).toEqual([undefined, undefined, 2, 2, 4])
})
