/** An agent at a console: claims, talks, transfers, closes; and may be gone without a word. */
import { randomUUID } from 'node:crypto'
import type { AgentNews, AgentReplies, ConversationView, DeskQueue } from '../../contract/agent-events.ts'
import type { MyPresence } from '../../contract/queue.ts'
import type { PresenceState } from '../../contract/staff.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import type { Reply } from '../../contract/visitor-events.ts'
import { aLine } from './line.ts'
import type { Notebook } from './notebook.ts'
import { aScreen, type Screen } from './screen.ts'

const unseenEvery = 20
type Message = { conversationId: string; clientId: string; text: string; above: number }
export type Member = { staffId: string; workNumber: string; cookie: string }
export type Agent = ReturnType<typeof anAgent>

export function anAgent(url: string, { staffId, workNumber, cookie }: Member, notebook: Notebook) {
  const { ledger, faults, samples } = notebook
  const line = aLine(`${url}/agent`, { cookie })
  const screens = new Map<string, Screen>()
  const unsure: Message[] = []
  let queue: Omit<DeskQueue, 'late'> = { waiting: [], mine: [], online: 0, asked: [] }
  /** What a colleague was asked to take, and has not answered. */
  const askedOf = new Map<string, string>()
  let presence: PresenceState = 'offline'
  let isThere = false
  let given = 0

  const screenOf = (conversationId: string) => {
    const screen = screens.get(conversationId) ?? aScreen(faults)
    screens.set(conversationId, screen)
    return screen
  }
  const show = (view: ConversationView) => {
    for (const turn of view.turns) screenOf(view.conversation.conversationId).show(turn)
  }
  line.socket.on('queue:changed', (changed: DeskQueue) => (queue = changed))
  line.socket.on(
    'conversation:changed',
    ({ conversationId, state }: Parameters<AgentNews['conversation:changed']>[0]) => {
      if (state !== 'waiting') takenOff(conversationId)
    },
  )
  line.socket.on('transfer:settled', ({ conversationId }: { conversationId: string }) => askedOf.delete(conversationId))
  line.socket.on('presence:changed', (changed: MyPresence) => (presence = changed.state))
  line.socket.on('conversation:given', ({ conversationId }: Parameters<AgentNews['conversation:given']>[0]) => {
    // One in a while is not there to look: the conversation goes back to the queue, and the agent counts as busy.
    if (++given % unseenEvery !== 0) void lookAtGiven(conversationId)
  })
  line.socket.on('turn:said', (turn: KeptTurn) => {
    screenOf(turn.conversationId).show(turn)
    if (turn.clientId) notebook.agentHears(turn.clientId, workNumber)
  })

  async function lookAtGiven(conversationId: string): Promise<void> {
    const givenAt = performance.now()
    const reply = shown(await line.ask<ConversationView>('conversation:open', { conversationId }))
    if (reply?.ok) samples.givenToShown.push(performance.now() - givenAt)
  }

  /** The next list comes a moment later. */
  function takenOff(conversationId: string): void {
    queue = { ...queue, waiting: queue.waiting.filter((one) => one.conversationId !== conversationId) }
  }

  function shown(reply: Reply<ConversationView> | undefined) {
    if (reply?.ok) show(reply.value)
    return reply
  }

  async function deliver(message: Message): Promise<Reply<{ seq: number }> | undefined> {
    const { above, ...words } = message
    const reply = await line.ask<AgentReplies['turn:say']>('turn:say', words)
    if (!reply) unsure.push(message)
    if (reply?.ok) ledger.acknowledged(words.conversationId, { clientId: words.clientId, seq: reply.value.seq }, above)
    return reply
  }

  async function setPresence(state: PresenceState) {
    presence = state
    return line.ask<AgentReplies['presence:set']>('presence:set', { state })
  }

  return {
    staffId,
    workNumber,
    screens,
    isBusy: false,
    queue: () => queue,
    isThere: () => isThere,
    isOnline: () => isThere && presence === 'online',
    setPresence,

    async arrive(): Promise<void> {
      await line.connect()
      isThere = true
      await setPresence(presence)
      const list = await line.ask<DeskQueue>('queue:list', {})
      if (list?.ok) queue = list.value
      for (const { conversationId } of queue.mine)
        shown(await line.ask<ConversationView>('conversation:open', { conversationId }))
      for (const message of unsure.splice(0)) await deliver(message)
    },
    drop(): void {
      isThere = false
      line.drop()
    },

    async claim(conversationId: string) {
      const sentAt = performance.now()
      notebook.claims(conversationId)
      const reply = shown(await line.ask<ConversationView>('conversation:claim', { conversationId }))
      if (reply?.ok) samples.claimToShown.push(performance.now() - sentAt)
      return reply
    },
    say: (conversationId: string, text: string) =>
      deliver({ conversationId, clientId: randomUUID(), text, above: ledger.highest(conversationId) }),
    close: (conversationId: string, tag: string) =>
      line.ask<AgentReplies['conversation:close']>('conversation:close', {
        conversationId,
        summary: { text: '已答复，市民知晓。', tags: [tag], solved: true },
      }),
    colleagues: (conversationId: string) =>
      line.ask<AgentReplies['colleagues:list']>('colleagues:list', { conversationId }),
    /** The transfer of it that a colleague has yet to answer. */
    askedOf: (conversationId: string) => askedOf.get(conversationId),
    async transfer(conversationId: string, to: { toStaffId: string } | { toQueue: true }) {
      const asked = { conversationId, reason: '这件事请同事接着办', ...to }
      const reply = await line.ask<AgentReplies['conversation:transfer']>('conversation:transfer', asked)
      if (reply?.ok && 'toStaffId' in to) askedOf.set(conversationId, reply.value.transferId)
      return reply
    },
    accept: async (transferId: string) => shown(await line.ask<ConversationView>('transfer:accept', { transferId })),
    decline: (transferId: string) => line.ask<AgentReplies['transfer:decline']>('transfer:decline', { transferId }),
    leave: () => void line.socket.disconnect(),
  }
}
