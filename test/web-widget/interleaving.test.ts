/** Whatever the network does, both sides end with the same conversation. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { KeptTurn } from '../../contract/turn.ts'
import * as told from '../../web-widget/conversation.ts'
import type { Conversation } from '../../web-widget/conversation.ts'

type Log = { id: string; turns: KeptTurn[] }
type Ack = { clientId: string; at: { seq: number; conversationId: string } }
const steps = [
  'write',
  'arrive',
  'ack',
  'lose-ack',
  'answer',
  'news',
  'reconnect',
  'reload',
  'since',
  'new-one',
] as const
const step = fc.record({ do: fc.constantFrom(...steps), pick: fc.nat(1_000) })

const saidAt = '2026-11-22T01:00:00.000Z'
const idOf = (number: number) => `0b6f7d4e-1111-4222-8333-${String(number).padStart(12, '0')}`

/** The server, the line between, and one browser. */
function aWorld() {
  const logs: Log[] = [{ id: idOf(1), turns: [] }]
  const acks: Ack[] = []
  const written: string[] = []
  let c: Conversation = told.begin()

  const here = () => logs[logs.length - 1] ?? { id: '', turns: [] }
  const keep = (turn: Pick<KeptTurn, 'speaker' | 'text' | 'clientId'>): KeptTurn => {
    const kept = { ...turn, conversationId: here().id, seq: here().turns.length + 1, saidAt }
    here().turns.push(kept)
    return kept
  }
  const acts: Record<(typeof steps)[number], (pick: number) => void> = {
    write() {
      const clientId = `client-${written.length}`
      written.push(clientId)
      c = told.written(c, { clientId, text: `问题 ${clientId}`, writtenAt: saidAt })
    },
    arrive() {
      const next = told.nextToSend(c)
      if (!next) return
      const known = logs.flatMap((log) => log.turns).find((turn) => turn.clientId === next.clientId)
      const { seq, conversationId } = known ?? keep({ speaker: 'customer', clientId: next.clientId, text: next.text })
      acks.push({ clientId: next.clientId, at: { seq, conversationId } })
    },
    ack(pick) {
      const [ack] = acks.splice(pick % Math.max(acks.length, 1), 1)
      if (ack) c = told.sent(c, ack.clientId, ack.at)
    },
    'lose-ack': () => void acks.pop(),
    answer: () => void keep({ speaker: 'bot', text: '答复' }),
    news(pick) {
      const { turns } = here()
      const turn = turns[pick % Math.max(turns.length, 1)]
      if (turn) c = told.heard(c, [turn])
    },
    reconnect() {
      const { id, turns } = here()
      const lastSeq = c.id === id ? told.wholeSeq(c) : 0
      if (turns.length === 0) return
      c = told.stood(c, { conversationId: id, state: 'bot', lastSeq: turns.length })
      for (const turn of turns.slice(lastSeq)) c = told.heard(c, [turn])
    },
    reload: () => (c = told.begin({ id: c.id, outgoing: c.outgoing })),
    since() {
      if (c.id === here().id) c = told.heard(c, here().turns.slice(told.wholeSeq(c)))
    },
    'new-one'() {
      if (here().turns.length === 0) return
      logs.push({ id: idOf(logs.length + 1), turns: [] })
      keep({ speaker: 'bot', text: '您好' })
    },
  }

  return {
    act: (what: (typeof steps)[number], pick: number) => acts[what](pick),
    /** The line comes back and stays. */
    settle() {
      acts.reconnect(0)
      while (told.nextToSend(c)) {
        acts.arrive(0)
        while (acks.length > 0) acts.ack(0)
      }
      acts.reconnect(0)
    },
    browser: () => c,
    logs,
    written,
  }
}

it('ends with the turns of the server, once each and in order, after any interleaving', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (plan) => {
      const world = aWorld()
      for (const { do: what, pick } of plan) world.act(what, pick)
      world.settle()
      const { turns, outgoing, earlier, id } = world.browser()
      const log = world.logs[world.logs.length - 1]
      expect(turns).toEqual(log?.turns)
      expect(id).toBe(turns.length > 0 ? log?.id : undefined)
      expect(outgoing).toEqual([])
      const shown = [...earlier, ...turns].map(told.turnKey)
      expect(new Set(shown).size).toBe(shown.length)
    }),
    { numRuns: 1_000 },
  )
})

it('brings every written message to the server exactly once and in the order of writing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (plan) => {
      const world = aWorld()
      for (const { do: what, pick } of plan) world.act(what, pick)
      world.settle()
      const received = world.logs.flatMap((log) => log.turns).flatMap((turn) => turn.clientId ?? [])
      expect(received).toEqual(world.written)
    }),
    { numRuns: 1_000 },
  )
})

it('never loses sight of a message between the writing and the end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (plan) => {
      const world = aWorld()
      for (const { do: what, pick } of plan) {
        world.act(what, pick)
        const { turns, earlier, outgoing } = world.browser()
        const shown = new Set([...earlier, ...turns, ...outgoing].map((one) => one.clientId))
        // A reload forgets what the server has; it never forgets what only this browser has.
        const received = new Set(world.logs.flatMap((log) => log.turns).map((turn) => turn.clientId))
        for (const clientId of world.written) expect(shown.has(clientId) || received.has(clientId)).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})
