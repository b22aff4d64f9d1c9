import { expect, it } from 'vitest'
import type { KeptTurn } from '../../contract/turn.ts'
import * as told from '../../web-widget/conversation.ts'

const id = '0b6f7d4e-1111-4222-8333-444455556666'
const other = '0b6f7d4e-7777-4222-8333-444455556666'
const aTurn = (seq: number, turn: Partial<KeptTurn> = {}): KeptTurn => ({
  conversationId: id,
  seq,
  speaker: 'bot',
  text: `第 ${seq} 句`,
  saidAt: '2026-11-22T01:00:00.000Z',
  ...turn,
})
const aMessage = (clientId: string, text = '异地就医怎么备案？') => ({
  clientId,
  text,
  writtenAt: '2026-11-22T01:00:00.000Z',
})
const seqs = (c: told.Conversation) => c.turns.map((turn) => turn.seq)

it('shows turns by number, once each, whatever order they come in', () => {
  const c = told.heard(told.begin(), [aTurn(3), aTurn(1), aTurn(3), aTurn(2), aTurn(1)])
  expect(seqs(c)).toEqual([1, 2, 3])
})

it('notices a missing turn and asks from the last one before the gap', () => {
  const c = told.heard(told.begin(), [aTurn(1), aTurn(2), aTurn(5)])
  expect(told.isMissingTurns(c)).toBe(true)
  expect(told.wholeSeq(c)).toBe(2)
  const filled = told.heard(c, [aTurn(3), aTurn(4), aTurn(5)])
  expect(told.isMissingTurns(filled)).toBe(false)
  expect(told.wholeSeq(filled)).toBe(5)
})

it('notices turns that it has only been told of', () => {
  const c = told.stood(told.begin(), { conversationId: id, state: 'bot', lastSeq: 4 })
  expect(told.isMissingTurns(c)).toBe(true)
  expect(told.wholeSeq(c)).toBe(0)
})

it('keeps what was written until the server acknowledges it, and shows it in its place at once', () => {
  const written = told.written(told.begin(), aMessage('client-01'))
  expect(told.nextToSend(written)?.clientId).toBe('client-01')
  const sent = told.sent(written, 'client-01', { seq: 1, conversationId: id })
  expect(sent.outgoing).toEqual([])
  expect(sent.turns).toMatchObject([{ seq: 1, speaker: 'customer', text: '异地就医怎么备案？' }])
})

it('takes the news of a message for its acknowledgement when the acknowledgement was lost', () => {
  const written = told.written(told.begin(), aMessage('client-01'))
  const c = told.heard(written, [aTurn(1, { speaker: 'customer', clientId: 'client-01' })])
  expect(c.outgoing).toEqual([])
  expect(told.sent(c, 'client-01', { seq: 1, conversationId: id })).toBe(c)
})

it("keeps the server's own words when the acknowledgement comes after the news", () => {
  const masked = aTurn(1, { speaker: 'customer', text: '我的身份证 340602********1234' })
  const c = told.heard(told.written(told.begin(), aMessage('client-01', '我的身份证 340602199001011234')), [masked])
  expect(told.sent(c, 'client-01', { seq: 1, conversationId: id }).turns).toEqual([masked])
})

it('lets a refused message wait for its writer and sends the ones behind it', () => {
  const two = told.written(told.written(told.begin(), aMessage('client-01')), aMessage('client-02'))
  const refused = told.refused(two, 'client-01', '内容太长，请分几次发。')
  expect(told.nextToSend(refused)?.clientId).toBe('client-02')
  expect(told.nextToSend(told.refused(refused, 'client-01', undefined))?.clientId).toBe('client-01')
  expect(told.discarded(refused, 'client-01').outgoing).toMatchObject([{ clientId: 'client-02' }])
})

it('begins a new conversation under the old one and files late news of the old one there', () => {
  const first = told.heard(told.begin(), [aTurn(1), aTurn(2)])
  const next = told.heard(first, [aTurn(1, { conversationId: other })])
  expect(next.id).toBe(other)
  expect(next.earlier.map((turn) => turn.seq)).toEqual([1, 2])
  const late = told.heard(next, [aTurn(3)])
  expect(late.id).toBe(other)
  expect(late.earlier.map((turn) => turn.seq)).toEqual([1, 2, 3])
})

it('goes back to an earlier conversation when the server says that it goes on', () => {
  const next = told.heard(told.heard(told.begin(), [aTurn(1)]), [aTurn(1, { conversationId: other })])
  const back = told.stood(next, { conversationId: id, state: 'bot', lastSeq: 1 })
  expect(seqs(back)).toEqual([1])
  expect(back.earlier).toMatchObject([{ conversationId: other }])
})

it('counts what the other side said since the citizen last looked', () => {
  const seen = told.read(told.heard(told.begin(), [aTurn(1), aTurn(2, { speaker: 'customer' })]))
  expect(told.unread(seen)).toBe(0)
  const spoken = told.heard(seen, [aTurn(3, { speaker: 'agent' }), aTurn(4, { speaker: 'system' })])
  expect(told.unread(spoken)).toBe(1)
  expect(told.unread(told.read(spoken))).toBe(0)
})

it('calls a citizen who was waiting, even before the agent has said a word', () => {
  const waiting = told.stood(told.begin(), { conversationId: id, state: 'waiting', lastSeq: 0 })
  const placed = told.placed(waiting, { place: 2, range: { from: 2, to: 5 } })
  const called = told.stood(placed, { conversationId: id, state: 'agent', lastSeq: 0, agentNumber: '1001' })
  expect(told.unread(called)).toBe(1)
  expect(called.place).toBeUndefined()
})

it('keeps what was rated when the same rating is asked for again', () => {
  const asked = { ratingId: id, token: 'a'.repeat(43), about: 'agent' } as const
  const given = told.rated(told.ratingAsked(told.begin(), asked), id, { kind: 'given', level: 2 })
  expect(told.ratingAsked(given, asked).ratings).toMatchObject([{ outcome: { kind: 'given', level: 2 } }])
})

it('tells a rating that no card asks for from one that is asked, and keeps it so when it is given', () => {
  const asked = { ratingId: id, token: 'a'.repeat(43), about: 'agent' } as const
  const quiet = { ratingId: 'quiet-1', token: 'b'.repeat(43), about: 'bot', quiet: true } as const
  const both = told.ratingAsked(told.ratingAsked(told.begin(), asked), quiet)
  expect(told.quietRatings(both)).toMatchObject([{ ratingId: 'quiet-1' }])
  const given = told.ratingAsked(told.rated(both, 'quiet-1', { kind: 'given', level: 5 }), quiet)
  expect(told.quietRatings(given)).toMatchObject([{ outcome: { kind: 'given', level: 5 } }])
})

it('forgets everything of a visitor that the server does not know, but not what is still to be sent', () => {
  const c = told.forgotten(told.written(told.heard(told.begin(), [aTurn(1)]), aMessage('client-01')))
  expect(c.id).toBeUndefined()
  expect(c.turns).toEqual([])
  expect(c.outgoing).toHaveLength(1)
})
