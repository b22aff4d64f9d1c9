/** Whose turn it is in a chat that an agent has, and what is done about a citizen who has fallen silent. */
import { describe, expect, it } from 'vitest'
import { needsAnswer, owedSince, silenceStep, type Held } from '../../bot/answer-owed.ts'

const minute = (n: number) => new Date(Date.parse('2026-11-23T10:00:00+08:00') + n * 60_000)
const agent = (at: number, text = '凭诊断证明就可以办。') =>
  ({ speaker: 'agent', text, seq: 10, at: minute(at) }) as const
const said = (at: number, text: string, seq = 11) => ({ text, seq, at: minute(at) })
const held = (about: Partial<Held>): Held => ({ conversationId: 'c', agentId: 'a', said: [], ...about })
const limits = { askMinutes: 15, endMinutes: 5 }

describe('a citizen waits for an answer', () => {
  it.each<[string, Partial<Held>, number | undefined]>([
    ['since they asked, while nobody of the desk has spoken', { askedAt: minute(0), said: [said(2, '在吗')] }, 0],
    ['since they asked, though somebody spoke another day', { askedAt: minute(0), last: agent(-900) }, 0],
    ['no more once the agent has spoken', { askedAt: minute(0), last: agent(1) }, undefined],
    ['again since what they said next', { askedAt: minute(0), last: agent(1), said: [said(4, '那要带什么')] }, 4],
    ['not with thanks', { askedAt: minute(0), last: agent(1), said: [said(4, '好的，谢谢您！')] }, undefined],
    ['with a question after thanks', { last: agent(1), said: [said(4, '谢谢'), said(5, '还要身份证吗', 12)] }, 5],
    ['for whoever took them over from the bot', { last: { ...agent(1), speaker: 'bot' }, said: [said(3, '不对')] }, 3],
  ])('%s', (_what, about, since) => {
    expect(owedSince(held(about))).toEqual(since === undefined ? undefined : minute(since))
  })

  it.each(['好的', '嗯嗯', '知道了，谢谢', '没有了', '再见'])('needs none for “%s”', (text) => {
    expect(needsAnswer(text)).toBe(false)
  })
  it.each(['好的，那我什么时候去', '谢谢，还有一个问题', '不好', '没有身份证怎么办'])('needs one for “%s”', (text) => {
    expect(needsAnswer(text)).toBe(true)
  })
})

it.each(['嗯', '哦', '好的谢谢', '嗯谢谢您', '多谢谢', '明白了解'])(
  'reads “%s” two hundred times over at once',
  (piece) => {
    // Read in more ways than one, no test would live to see the end of it.
    expect(needsAnswer(`${piece.repeat(200)}？还要什么`)).toBe(true)
    expect(needsAnswer(piece.repeat(200))).toBe(false)
  },
)

describe('a silent citizen', () => {
  const answered = held({ askedAt: minute(0), last: agent(1) })

  it('is asked when the time has come, and let go when the next has', () => {
    expect(silenceStep(answered, limits, minute(15))).toBeUndefined()
    expect(silenceStep(answered, limits, minute(16))).toBe('ask')
    const asked = { ...answered, stillThere: { seq: 12, at: minute(16) } }
    expect(silenceStep(asked, limits, minute(20))).toBeUndefined()
    expect(silenceStep(asked, limits, minute(21))).toBe('end')
  })

  it('who only thanked counts from then, and is asked anew after whatever is said', () => {
    const thanked = { ...answered, said: [said(10, '好的')] }
    expect(silenceStep(thanked, limits, minute(24))).toBeUndefined()
    expect(silenceStep(thanked, limits, minute(25))).toBe('ask')
    const before = { ...thanked, stillThere: { seq: 9, at: minute(0) } }
    expect(silenceStep(before, limits, minute(25))).toBe('ask')
  })

  it.each<[string, Partial<Held>]>([
    ['they wait for an answer', { said: [said(2, '那要带什么')] }],
    ['the agent looks something up', { last: agent(1, '请稍等，我帮您查一下。') }],
    ['nobody of the desk has spoken', { last: undefined }],
    ['the bot spoke last', { last: { ...agent(1), speaker: 'bot' } }],
  ])('is left alone while %s', (_what, about) => {
    const waits = { ...answered, ...about }
    expect(silenceStep(waits, limits, minute(600))).toBeUndefined()
    expect(silenceStep({ ...waits, stillThere: { seq: 5, at: minute(1) } }, limits, minute(600))).toBeUndefined()
  })
})
