/**
 * What the agent has said, on its way to the server: in the order it was written, said again under the same clientId
 * until it is kept, and back in the composer when somebody spoke in between.
 */
import type { KeptTurn } from '../../contract/turn.ts'
import { ApiError } from '../api.ts'
import { session } from '../session.ts'
import type { Connection } from './connection.ts'
import { acknowledged, merge, refused, type Pending } from './thread.ts'
import type { Threads } from './threads.ts'

const sayAgainMs = 3_000

/** @param movedOn gives refused words back and shows what was said before them. */
export function delivery(
  { line, ask }: Connection,
  threads: Threads,
  movedOn: (id: string, said: Pending) => Promise<void>,
) {
  const inFlight = new Set<string>()
  const timers = new Set<ReturnType<typeof setTimeout>>()

  async function sayPending(id: string): Promise<void> {
    for (const said of threads.of(id).pending) {
      if (said.refused !== undefined || line.value !== 'up' || inFlight.has(said.clientId)) continue
      inFlight.add(said.clientId)
      await deliver(id, said).finally(() => inFlight.delete(said.clientId))
    }
  }

  async function deliver(id: string, said: Pending): Promise<void> {
    const { clientId, text, revisionId, offered, expectedSeq } = said
    try {
      const { seq } = await ask('turn:say', { conversationId: id, clientId, text, expectedSeq, revisionId, offered })
      threads.keep(id, acknowledged(threads.of(id), ownTurn(id, seq, said)))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code === 'unreachable') later(() => void sayPending(id))
      else if (error.code === 'conversation_moved_on') await movedOn(id, said)
      else threads.keep(id, refused(threads.of(id), clientId, error.message))
    }
  }

  function later(act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, sayAgainMs)
    timers.add(timer)
  }

  return {
    /** In the order they were written; what was refused waits for the agent. */
    sayPending,

    sayAgain(id: string, said: Pending): void {
      const { pending } = threads.of(id)
      const again = pending.map((one) => (one.clientId === said.clientId ? { ...one, refused: undefined } : one))
      threads.keep(id, merge({ ...threads.of(id), pending: again }, []))
      void sayPending(id)
    },

    stop(): void {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

/** What the server kept, until its own news of it arrives and takes this one's place. */
function ownTurn(conversationId: string, seq: number, { clientId, text }: Pending): KeptTurn & { clientId: string } {
  const agentNumber = session.value?.workNumber
  return { conversationId, seq, clientId, speaker: 'agent', agentNumber, text, saidAt: new Date().toISOString() }
}
