/**
 * The desk as one agent has it before them: the list, presence, what is unread. On every connection, the first or
 * the tenth, everything is asked anew; news only fill the time between. Whether they are on duty stands on the server:
 * it is told when the agent chooses, and never because a page was opened.
 */
import { computed, onBeforeUnmount, reactive, ref, shallowRef, watchEffect } from 'vue'
import { useRoute } from 'vue-router'
import type { DeskConversation, DeskQueue } from '../../contract/agent-events.ts'
import type { MyPresence } from '../../contract/queue.ts'
import type { PresenceState } from '../../contract/staff.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import { atSignOut } from '../session.ts'
import { tell } from '../tell.ts'
import { product } from '../wording.ts'
import { chime } from './chime.ts'
import { learnLimits } from './wait.ts'
import type { Connection } from './connection.ts'
import type { Drafts } from './drafts.ts'
import { emptyQueue, sameRows, titleWords, unreadOf, withThere, withTurn } from './queue.ts'

export type Desk = ReturnType<typeof useDesk>

export function useDesk({ socket, line, ask }: Connection, kept: Drafts) {
  const route = useRoute()
  /** Mentions of this agent that they have not seen. */
  const mentioned = ref(0)
  const queue = shallowRef(emptyQueue)
  const isLoaded = ref(false)
  /** As the server has it: another tab may have changed it, or the system itself. */
  const standing = shallowRef<MyPresence>({ state: 'offline', cause: 'chosen' })
  const presence = computed(() => standing.value.state)
  const readUpTo = reactive(new Map<string, number>())
  const now = ref(Date.now())
  const ticking = setInterval(() => (now.value = Date.now()), 1_000)
  onBeforeUnmount(() => clearInterval(ticking))

  const waiting = computed(() => queue.value.waiting)
  const mine = computed(() => queue.value.mine)
  const unreadIn = (row: DeskConversation) => unreadOf(row, readSeq(row.conversationId))
  const unread = computed(() => mine.value.reduce((sum, row) => sum + unreadIn(row), 0))
  // Also from another page of the console, where the desk goes on unseen.
  watchEffect(() => {
    const page = route.name === 'desk' ? '坐席台' : (route.meta.title ?? '')
    document.title = `${titleWords(page, unread.value + mentioned.value, waiting.value.length)} · ${product}`
  })
  onBeforeUnmount(atSignOut(() => ask('presence:set', { state: 'offline' })))

  function readSeq(conversationId: string): number | undefined {
    return readUpTo.get(conversationId) ?? kept.readUpTo(conversationId)
  }

  function markRead(conversationId: string, seq: number): void {
    if (seq <= (readSeq(conversationId) ?? 0)) return
    readUpTo.set(conversationId, seq)
    kept.markRead(conversationId, seq)
  }

  function showQueue(shown: DeskQueue): void {
    const { waiting: stood, mine: held } = queue.value
    learnLimits(shown.late)
    queue.value = { ...shown, waiting: sameRows(stood, shown.waiting), mine: sameRows(held, shown.mine) }
    // Seen for the first time in this browser: what stands there already is not news.
    for (const row of shown.mine)
      if (readSeq(row.conversationId) === undefined) markRead(row.conversationId, row.lastSeq)
  }

  /** The list knows of a conversation before it is opened. */
  function rowOf(id: string | undefined): DeskConversation | undefined {
    return [...mine.value, ...queue.value.waiting].find(({ conversationId }) => conversationId === id)
  }

  /** A turn in its row, wherever it was learnt from. */
  function took(turn: KeptTurn): void {
    queue.value = withTurn(queue.value, turn)
  }

  async function askQueue(): Promise<void> {
    const { presence, ...list } = await ask('queue:list', {})
    standing.value = presence
    showQueue(list)
    isLoaded.value = true
  }

  async function sync(): Promise<void> {
    try {
      await askQueue()
    } catch (error) {
      if (line.value === 'up') tell(error)
    }
  }

  async function setPresence(state: PresenceState): Promise<void> {
    const before = standing.value
    standing.value = { state, cause: 'chosen' }
    try {
      standing.value = await ask('presence:set', { state })
    } catch (error) {
      standing.value = before
      tell(error)
    }
  }

  socket.on('connect', () => void sync())
  socket.on('queue:changed', showQueue)
  socket.on('presence:changed', (changed) => {
    standing.value = changed
    if (changed.cause !== 'chosen') chime()
  })
  socket.on('turn:said', took)
  socket.on('citizen:there', ({ conversationId, isThere }) => {
    queue.value = withThere(queue.value, conversationId, isThere)
  })
  socket.on('conversation:changed', ({ conversationId }) => {
    const isListed = [...queue.value.waiting, ...queue.value.mine].some((row) => row.conversationId === conversationId)
    if (isListed) askQueue().catch(() => {}) // a lost line asks again by itself
  })

  return {
    ...{ queue, isLoaded, waiting, mine, rowOf, unread, unreadIn, mentioned, now, presence, standing },
    ...{ setPresence, markRead, askQueue, took },
  }
}
