/** A citizen with the web chat open: keeps what is shown, and says again under the same id what nobody acknowledged. */
import { randomUUID } from 'node:crypto'
import type { AskedRating } from '../../contract/rating.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import type { Reply, Standing, VisitorReplies } from '../../contract/visitor-events.ts'
import { aLine } from './line.ts'
import { aScreen } from './screen.ts'
import type { Notebook } from './notebook.ts'

type Message = { clientId: string; text: string; above: number }
export type Citizen = Awaited<ReturnType<typeof aCitizen>>

export async function aCitizen(url: string, notebook: Notebook) {
  const { ledger, faults } = notebook
  const pass = await fetch(`${url}/api/visitors`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  const { token } = (await pass.json()) as { token: string }
  const screen = aScreen(faults)
  let conversationId: string | undefined
  let standing: Standing | undefined
  let rating: AskedRating | undefined
  let unsure: Message | undefined

  const line = aLine(`${url}/visitor`, { auth: () => ({ token, conversationId, lastSeq: screen.whole() }) })
  line.socket.on('conversation:standing', (now: Standing) => {
    if (conversationId && conversationId !== now.conversationId)
      faults.add('a second conversation', now.conversationId, `beside ${conversationId}`)
    conversationId = now.conversationId
    standing = now
    if (now.state === 'agent') notebook.citizenSawClaim(now.conversationId)
  })
  line.socket.on('turn:said', (turn: KeptTurn) => {
    screen.show(turn)
    if (turn.seq > screen.whole()) void fill()
  })
  line.socket.on('rating:asked', (asked: AskedRating) => (rating = asked))
  await line.connect()

  async function fill(): Promise<void> {
    const reply = await line.ask<VisitorReplies['turns:since']>('turns:since', { seq: screen.whole() })
    if (reply?.ok) for (const turn of reply.value.turns) screen.show(turn)
  }

  async function deliver(message: Message): Promise<Reply<unknown> | undefined> {
    const { clientId, text, above } = message
    notebook.citizenSays(clientId, standing?.agentNumber)
    const reply = await line.ask<VisitorReplies['turn:say']>('turn:say', { clientId, text })
    unsure = reply ? undefined : message
    if (!reply?.ok) return reply
    conversationId = reply.value.conversationId
    ledger.acknowledged(conversationId, { clientId, seq: reply.value.seq }, above)
    return reply
  }

  return {
    screen,
    isBusy: false,
    conversationId: () => conversationId,
    state: () => standing?.state ?? 'bot',
    canRate: () => rating !== undefined,
    say: (text: string) => deliver({ clientId: randomUUID(), text, above: ledger.highest(conversationId) }),
    askPerson: () => line.ask<VisitorReplies['person:ask']>('person:ask', {}),
    leaveQueue: () => line.ask<VisitorReplies['queue:leave']>('queue:leave', {}),
    async rate(level: number): Promise<Reply<VisitorReplies['rating:give']> | undefined> {
      const token = rating?.token
      rating = undefined
      return line.ask<VisitorReplies['rating:give']>('rating:give', { token, level })
    },
    async comeBack(): Promise<void> {
      await line.connect()
      if (unsure) await deliver(unsure)
    },
    close: () => void line.socket.disconnect(),
  }
}
