/**
 * The conversation in the middle of the desk: opening and claiming it, what stands in its composer, and saying it.
 *
 * Words leave the composer only into the thread, as pending, and leave pending only when the server has kept them or
 * the agent takes them back; until then every reconnection says them again under the same clientId.
 */
import { computed, onActivated, onBeforeUnmount, onDeactivated, reactive, ref, shallowRef } from 'vue'
import type { ConversationView, Summary } from '../../contract/agent-events.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import { turnText } from '../../contract/turn.ts'
import { ApiError } from '../api.ts'
import { session } from '../session.ts'
import { tell, wordsOf } from '../tell.ts'
import { refusalWords } from '../wording.ts'
import type { Connection } from './connection.ts'
import type { Desk } from './desk.ts'
import { emptyDraft, insertHit, toSay, type Draft } from './draft.ts'
import type { Drafts } from './drafts.ts'
import {
  acknowledged,
  emptyThread,
  hasGap,
  merge,
  refused,
  saying,
  takenBack,
  type Pending,
  type Thread,
} from './thread.ts'

const typingShownMs = 5_000
const typingToldMs = 3_000
const sayAgainMs = 3_000

export type Conversation = ReturnType<typeof useConversation>

export function useConversation({ socket, line, ask }: Connection, desk: Desk, kept: Drafts) {
  const openId = ref<string>()
  const view = shallowRef<ConversationView>()
  const failure = ref('')
  const notice = ref('')
  const draft = shallowRef<Draft>(emptyDraft)
  const isTyping = ref(false)
  /** Every thread seen since the page was opened, so that going to another conversation loses no pending words. */
  const threads = reactive(new Map<string, Thread>())
  const timers = new Set<ReturnType<typeof setTimeout>>()
  const inFlight = new Set<string>()
  let typingOver: ReturnType<typeof setTimeout> | undefined
  let typingToldAt = 0
  let isShown = true

  const thread = computed(() => threads.get(openId.value ?? '') ?? emptyThread)
  const isMine = computed(() => {
    const shown = view.value?.conversation
    return shown?.state === 'agent' && shown.agentNumber === session.value?.workNumber
  })

  function threadOf(id: string): Thread {
    return threads.get(id) ?? { turns: [], pending: kept.pendingOf(id) }
  }
  function keepThread(id: string, changed: Thread): void {
    threads.set(id, changed)
    kept.keepPending(id, changed.pending)
    markRead()
  }
  function markRead(): void {
    const last = thread.value.turns.at(-1)
    if (openId.value && last && isShown && document.visibilityState === 'visible') desk.markRead(openId.value, last.seq)
  }

  async function open(id: string | undefined): Promise<void> {
    openId.value = id
    notice.value = ''
    failure.value = ''
    isTyping.value = false
    if (view.value?.conversation.conversationId !== id) view.value = undefined
    draft.value = id ? kept.draftOf(id) : emptyDraft
    if (id) await fetchView(id, 'conversation:open')
  }

  async function fetchView(id: string, how: 'conversation:open' | 'conversation:claim'): Promise<boolean> {
    try {
      const found = await ask(how, { conversationId: id })
      keepThread(id, merge(threadOf(id), found.turns))
      const last = found.turns.at(-1)
      if (last) desk.took(last)
      if (openId.value === id) {
        view.value = found
        failure.value = ''
      }
      await sayPending(id)
      return true
    } catch (error) {
      // A line that is down opens it again by itself as soon as it is up.
      if (openId.value === id && line.value === 'up' && how === 'conversation:open') failure.value = wordsOf(error)
      if (how === 'conversation:claim') {
        tell(error)
        await desk.askQueue().catch(tell)
      }
      return false
    }
  }

  const claim = (id: string) => fetchView(id, 'conversation:claim')
  async function reopen(id: string): Promise<void> {
    await fetchView(id, 'conversation:open')
  }

  function write(changed: Draft): void {
    draft.value = changed
    if (openId.value) kept.keepDraft(openId.value, changed)
    tellTyping()
  }

  function tellTyping(): void {
    if (!isMine.value || !openId.value || draft.value.text === '' || Date.now() - typingToldAt < typingToldMs) return
    typingToldAt = Date.now()
    // Nobody misses one of these.
    void ask('typing:tell', { conversationId: openId.value }).catch(() => {})
  }

  function sayDraft(): void {
    const id = openId.value
    const words = toSay(draft.value)
    if (!id || !isMine.value || !turnText.safeParse(words.text).success) return
    keepThread(id, saying(threadOf(id), { clientId: newClientId(), ...words }))
    write(emptyDraft)
    notice.value = ''
    void sayPending(id)
  }

  /** In the order they were written; what was refused waits for the agent. */
  async function sayPending(id: string): Promise<void> {
    for (const said of threadOf(id).pending) {
      if (said.refused !== undefined || line.value !== 'up' || inFlight.has(said.clientId)) continue
      inFlight.add(said.clientId)
      await deliver(id, said).finally(() => inFlight.delete(said.clientId))
    }
  }

  async function deliver(id: string, said: Pending): Promise<void> {
    const { clientId, text, revisionId, expectedSeq } = said
    try {
      const { seq } = await ask('turn:say', { conversationId: id, clientId, text, expectedSeq, revisionId })
      keepThread(id, acknowledged(threadOf(id), ownTurn(id, seq, said)))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code === 'unreachable') later(() => void sayPending(id), sayAgainMs)
      else if (error.code === 'conversation_moved_on') await movedOn(id, said)
      else keepThread(id, refused(threadOf(id), clientId, error.message))
    }
  }

  /** The newer words first, and ours back into the composer, before whatever was begun meanwhile. */
  async function movedOn(id: string, said: Pending): Promise<void> {
    takeBack(id, said)
    await reopen(id)
    if (openId.value === id) notice.value = refusalWords.movedOn
  }

  function takeBack(id: string, said: Pending): void {
    keepThread(id, takenBack(threadOf(id), said.clientId))
    const begun = kept.draftOf(id)
    const text = [said.text, begun.text].filter(Boolean).join('\n')
    const { revisionId } = said
    const inserted = revisionId ? { revisionId, words: said.text, source: '' } : begun.inserted
    const back: Draft = { text, ...(inserted && { inserted }) }
    kept.keepDraft(id, back)
    if (openId.value === id) draft.value = back
  }

  async function close(summary: Summary): Promise<void> {
    const id = openId.value
    if (!id) return
    await ask('conversation:close', { conversationId: id, summary })
    kept.forget(id)
    threads.delete(id)
  }

  function took(turn: KeptTurn): void {
    const id = turn.conversationId
    if (id !== openId.value && !threads.has(id)) return
    keepThread(id, merge(threadOf(id), [turn]))
    if (turn.speaker === 'customer' && id === openId.value) isTyping.value = false
    if (hasGap(threadOf(id))) void reopen(id)
  }

  function later(act: () => void, ms: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }

  socket.on('turn:said', took)
  socket.on('connect', () => {
    if (openId.value) void reopen(openId.value)
    for (const id of threads.keys()) if (id !== openId.value) void sayPending(id)
  })
  socket.on('conversation:changed', ({ conversationId }) => {
    if (conversationId === openId.value) void reopen(conversationId)
  })
  socket.on('typing', ({ conversationId }) => {
    if (conversationId !== openId.value) return
    isTyping.value = true
    clearTimeout(typingOver)
    typingOver = setTimeout(() => (isTyping.value = false), typingShownMs)
  })
  onActivated(() => {
    isShown = true
    markRead()
  })
  onDeactivated(() => (isShown = false))
  document.addEventListener('visibilitychange', markRead)
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', markRead)
    clearTimeout(typingOver)
    for (const timer of timers) clearTimeout(timer)
  })

  return {
    ...{ openId, view, thread, failure, notice, draft, isTyping, isMine },
    ...{ open, reopen, claim, close, write, sayDraft, takeBack },
    insert: (hit: Parameters<typeof insertHit>[1]) => write(insertHit(draft.value, hit)),
    sayAgain(id: string, said: Pending): void {
      keepThread(id, merge({ ...threadOf(id), pending: withoutRefusal(threadOf(id).pending, said) }, []))
      void sayPending(id)
    },
    dismiss: () => (notice.value = ''),
  }
}

function withoutRefusal(pending: readonly Pending[], again: Pending): Pending[] {
  return pending.map((said) => (said.clientId === again.clientId ? { ...said, refused: undefined } : said))
}

/** What the server kept, until its own news of it arrives and takes this one's place. */
function ownTurn(conversationId: string, seq: number, { clientId, text }: Pending): KeptTurn & { clientId: string } {
  const agentNumber = session.value?.workNumber
  return { conversationId, seq, clientId, speaker: 'agent', agentNumber, text, saidAt: new Date().toISOString() }
}

/** crypto.randomUUID is absent on a plain-http address in the bureau's own network; getRandomValues is not. */
function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
