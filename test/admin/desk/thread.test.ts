import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NoteView } from '../../../contract/desk-notes.ts'
import type { SummaryView } from '../../../contract/summary.ts'
import type { KeptTurn } from '../../../contract/turn.ts'
import {
  acknowledged,
  emptyThread,
  hasGap,
  isAnswered,
  keyOf,
  lastAsked,
  lastSeen,
  merge,
  newerThan,
  newestRun,
  refused,
  saying,
  takenBack,
  trimmed,
  withAsides,
} from '../../../admin/desk/thread.ts'

const conversationId = '11111111-1111-4111-8111-111111111111'

function aTurn(seq: number, rest: Partial<KeptTurn> = {}): KeptTurn {
  return { conversationId, seq, speaker: 'customer', text: `第 ${seq} 句`, saidAt: '2026-11-22T02:00:00.000Z', ...rest }
}
const seqs = (turns: readonly KeptTurn[]) => turns.map((turn) => turn.seq)
const aConversation = (length: number) => Array.from({ length }, (_, i) => aTurn(i + 1))

/** A conversation of some length, delivered in batches that repeat and shuffle its turns. */
const deliveries = fc.integer({ min: 1, max: 30 }).chain((length) =>
  fc.record({
    length: fc.constant(length),
    batches: fc.array(fc.array(fc.integer({ min: 1, max: length }), { maxLength: 12 }), { maxLength: 12 }),
  }),
)

describe('merging turns', () => {
  it('holds each seq once and in order, however the turns arrive', () => {
    fc.assert(
      fc.property(deliveries, ({ batches }) => {
        const thread = batches.reduce(
          (so, batch) =>
            merge(
              so,
              batch.map((seq) => aTurn(seq)),
            ),
          emptyThread,
        )
        expect(seqs(thread.turns)).toEqual([...new Set(batches.flat())].sort((a, b) => a - b))
      }),
    )
  })

  it('has lost nothing once the conversation is opened again', () => {
    fc.assert(
      fc.property(deliveries, fc.nat(), ({ length, batches }, at) => {
        const opened = aConversation(length)
        const arrivals = batches.map((batch) => batch.map((seq) => aTurn(seq)))
        arrivals.splice(at % (arrivals.length + 1), 0, opened)
        const thread = arrivals.reduce((so, batch) => merge(so, batch), emptyThread)
        expect(thread.turns).toEqual(opened)
        expect(hasGap(thread)).toBe(false)
        expect(lastSeen(thread)).toBe(length)
      }),
    )
  })

  it('sees a gap exactly when a turn between two shown ones is missing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (arrived) => {
        const thread = merge(
          emptyThread,
          arrived.map((seq) => aTurn(seq)),
        )
        const span = Math.max(...arrived) - Math.min(...arrived) + 1
        expect(hasGap(thread)).toBe(span !== arrived.length)
      }),
    )
  })

  it('counts as seen only what stands before the first gap', () => {
    expect(lastSeen(emptyThread)).toBe(0)
    expect(lastSeen(merge(emptyThread, [aTurn(1), aTurn(2), aTurn(4)]))).toBe(2)
  })

  it('lets the server’s turn take the place of the one shown at once', () => {
    const own = aTurn(3, { speaker: 'agent', clientId: 'c1234567' })
    const thread = merge(merge(emptyThread, [own]), [{ ...own, sources: [{ title: '某办法' }] }])
    expect(thread.turns).toHaveLength(1)
    expect(thread.turns[0]?.sources).toHaveLength(1)
  })
})

describe('words that are not yet kept', () => {
  const clientId = fc.stringMatching(/^[a-z0-9]{8}$/)

  it('shows what was said either as pending or as kept, never as both and never as neither', () => {
    fc.assert(
      fc.property(fc.uniqueArray(clientId, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 8 }), (said, keptAt) => {
        let thread = merge(emptyThread, [aTurn(1)])
        for (const id of said) thread = saying(thread, { clientId: id, text: '您好' })
        const kept = [
          ...new Set(keptAt.map((n) => said[n % Math.max(1, said.length)]).filter((id) => id !== undefined)),
        ]
        kept.forEach((id, i) => (thread = merge(thread, [aTurn(i + 2, { speaker: 'agent', clientId: id })])))
        const shown = [...thread.turns.map((turn) => turn.clientId), ...thread.pending.map((words) => words.clientId)]
        expect(shown.filter((id) => id !== undefined).sort()).toEqual([...said].sort())
      }),
    )
  })

  it('says them with the last seq the agent had before them', () => {
    const thread = saying(merge(emptyThread, [aTurn(1), aTurn(2)]), { clientId: 'c1234567', text: '您好' })
    expect(thread.pending[0]?.expectedSeq).toBe(2)
  })

  it('keeps a refused saying, with the reason, until it is taken back', () => {
    const thread = refused(saying(emptyThread, { clientId: 'c1234567', text: '您好' }), 'c1234567', '操作太频繁')
    expect(thread.pending[0]?.refused).toBe('操作太频繁')
    expect(takenBack(thread, 'c1234567').pending).toEqual([])
  })
})

describe('an acknowledgement', () => {
  const own = { ...aTurn(2, { speaker: 'agent', text: '您好' }), clientId: 'c1234567' }
  const said = saying(merge(emptyThread, [aTurn(1)]), { clientId: 'c1234567', text: '您好' })

  it('turns the pending words into a turn', () => {
    expect(acknowledged(said, own)).toEqual({ turns: [aTurn(1), own], pending: [] })
  })

  it('leaves the server’s own turn, with its sources, when that came first', () => {
    const full = { ...own, sources: [{ title: '某办法' }] }
    expect(acknowledged(merge(said, [full]), own)).toEqual({ turns: [aTurn(1), full], pending: [] })
  })
})

describe('what the knowledge panel looks up', () => {
  const said = (...texts: string[]) =>
    merge(
      emptyThread,
      texts.map((text, i) => aTurn(i + 1, { text })),
    )

  it('is the citizen’s last question, not the bot’s words', () => {
    const thread = merge(said('断缴了怎么办', '新生儿怎么参保'), [
      aTurn(3, { speaker: 'bot', text: '您可以这样办理参保' }),
    ])
    expect(lastAsked(thread)?.text).toBe('新生儿怎么参保')
  })

  it('passes over words that only ask for attention', () => {
    expect(lastAsked(said('新生儿怎么参保', '在吗', '请回复'))?.text).toBe('新生儿怎么参保')
  })

  it('takes a longer account for a question', () => {
    expect(lastAsked(said('怎么办理', '孩子还没有上户口只有出生证明'))?.text).toBe('孩子还没有上户口只有出生证明')
  })

  it('is whatever was said when nothing says more', () => {
    expect(lastAsked(said('你好'))?.text).toBe('你好')
    expect(lastAsked(emptyThread)?.text).toBeUndefined()
  })
})

describe('a conversation that is read in parts', () => {
  it('never has a hole once it was opened, and ends where it ends', () => {
    fc.assert(
      fc.property(deliveries, ({ length, batches }) => {
        const all = aConversation(length)
        const known = batches.reduce(
          (so, batch) =>
            merge(
              so,
              all.filter(({ seq }) => batch.includes(seq)),
            ),
          emptyThread,
        )
        const opened = newestRun(merge(known, all.slice(-5)))
        expect(hasGap(opened)).toBe(false)
        expect(lastSeen(opened)).toBe(length)
      }),
    )
  })

  it('keeps the newest turns and the pending words of what nobody looks at', () => {
    const thread = saying(merge(emptyThread, aConversation(9)), { clientId: 'c1234567', text: '您好' })
    expect(seqs(trimmed(thread, 4).turns)).toEqual([6, 7, 8, 9])
    expect(trimmed(thread, 4).pending).toEqual(thread.pending)
    expect(trimmed(thread, 20)).toBe(thread)
  })
})

describe('notes between turns', () => {
  const aNote = (afterSeq: number, noteId = `n${afterSeq}`): NoteView => ({
    ...{ noteId, conversationId, clientId: noteId, afterSeq, byNumber: '1001', byName: '王芳', text: '备注' },
    ...{ mentions: [], writtenAt: '2026-11-22T02:00:00.000Z' },
  })
  const order = (turns: KeptTurn[], notes: NoteView[]) => withAsides(turns, { notes, summaries: [] }).map(keyOf)

  it('stand behind the turn after which they were written', () => {
    const notes = [aNote(0), aNote(2), aNote(2, 'again'), aNote(3)]
    expect(order(aConversation(3), notes)).toEqual(['n0', 1, 2, 'n2', 'again', 3, 'n3'])
  })

  it('stand with 小结 in the order in which they were written', () => {
    const writtenAt = '2026-11-22T01:59:00.000Z'
    const summary: SummaryView = {
      text: '已答复',
      tags: ['其他'],
      solved: true,
      byNumber: '1001',
      writtenAt,
      afterSeq: 2,
    }
    const shown = withAsides(aConversation(3), { notes: [aNote(2), aNote(0)], summaries: [summary] })
    expect(shown.map(keyOf)).toEqual(['n0', 1, 2, `2 ${writtenAt}`, 'n2', 3])
  })

  it('are shown with the turns that are, once each and none lost when all are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.array(fc.nat({ max: 12 })), (length, places) => {
        const notes = places
          .map((at, i) => aNote(Math.min(at, length), `n${i}`))
          .sort((a, b) => a.afterSeq - b.afterSeq)
        expect(order(aConversation(length), notes)).toHaveLength(length + notes.length)
      }),
    )
    expect(order(aConversation(5).slice(3), [aNote(1), aNote(4)])).toEqual([4, 'n4', 5])
  })
})

describe('what was said meanwhile', () => {
  const thread = merge(emptyThread, [
    aTurn(1),
    aTurn(2, { speaker: 'agent', agentNumber: '1001' }),
    aTurn(3, { speaker: 'agent', agentNumber: '1002' }),
    aTurn(4, { speaker: 'system' }),
    aTurn(5),
  ])

  it('is the citizen’s and colleagues’, not one’s own nor the system’s', () => {
    expect(newerThan(thread, 0, '1001').map(({ seq }) => seq)).toEqual([1, 3, 5])
    expect(newerThan(thread, 3, '1001').map(({ seq }) => seq)).toEqual([5])
  })

  it('answers a question when an agent or an entry did', () => {
    expect(lastAsked(thread)?.seq).toBe(5)
    expect([isAnswered(thread, 1), isAnswered(thread, 5)]).toEqual([true, false])
  })
})
