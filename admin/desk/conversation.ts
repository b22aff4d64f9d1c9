/**
 * The conversation in the middle of the desk: opening and claiming it, what stands in its composer, and saying it.
 *
 * Words leave the composer only into the thread, as pending, and leave pending only when the server has kept them or
 * the agent takes them back; until then every reconnection says them again under the same clientId.
 */
import { computed, onActivated, onBeforeUnmount, onDeactivated, ref, shallowRef } from 'vue'
import type { ConversationView } from '../../contract/agent-events.ts'
import type { Summary } from '../../contract/summary.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import { turnText } from '../../contract/turn.ts'
import { post } from '../api.ts'
import { session } from '../session.ts'
import { tell, wordsOf } from '../tell.ts'
import { newClientId } from './client-id.ts'
import type { Connection } from './connection.ts'
import { delivery } from './delivery.ts'
import type { Desk } from './desk.ts'
import { emptyDraft, insertHit, toSay, type Draft, type Hit, type Offer } from './draft.ts'
import type { Drafts } from './drafts.ts'
import {
  emptyThread,
  hasGap,
  lastSeen,
  merge,
  newerThan,
  newestRun,
  saying,
  takenBack,
  type Pending,
} from './thread.ts'
import { readUpTo } from './reading.ts'
import { useThreads } from './threads.ts'

const typingShownMs = 5_000
const typingToldMs = 3_000

export type Conversation = ReturnType<typeof useConversation>

export function useConversation(connection: Connection, desk: Desk, kept: Drafts) {
  const { socket, line, ask } = connection
  const openId = ref<string>()
  const view = shallowRef<ConversationView>()
  const failure = ref('')
  /** What was said between the agent's last look and words that were refused for it. */
  const newer = shallowRef<readonly KeptTurn[]>([])
  const draft = shallowRef<Draft>(emptyDraft)
  const isTyping = ref(false)
  const isReadingOlder = ref(false)
  const threads = useThreads(kept, markRead)
  const sending = delivery(connection, threads, movedOn)
  let typingOver: ReturnType<typeof setTimeout> | undefined
  let typingToldAt = 0
  let isShown = true
  /** What may not go out now stays in the composer. */
  let mayGo: (text: string) => boolean = () => true

  const thread = computed(() => threads.all.get(openId.value ?? '') ?? emptyThread)
  /** The list knows who this is and in whose hands before the server has told the rest. */
  const shown = computed(() => view.value?.conversation ?? desk.rowOf(openId.value))
  const isMine = computed(() => shown.value?.state === 'agent' && shown.value.agentNumber === session.value?.workNumber)

  function markRead(): void {
    const last = thread.value.turns.at(-1)
    if (openId.value && last && isShown && document.visibilityState === 'visible') desk.markRead(openId.value, last.seq)
  }

  async function open(id: string | undefined): Promise<void> {
    if (openId.value !== undefined && openId.value !== id) threads.leave(openId.value)
    openId.value = id
    newer.value = []
    failure.value = ''
    isTyping.value = false
    if (view.value?.conversation.conversationId !== id) view.value = undefined
    draft.value = id ? kept.draftOf(id) : emptyDraft
    if (id) await fetchView(id, 'conversation:open')
  }

  async function fetchView(id: string, how: 'conversation:open' | 'conversation:claim'): Promise<boolean> {
    try {
      const found = await ask(how, { conversationId: id })
      threads.keep(id, newestRun(merge(threads.of(id), found.turns)))
      const last = found.turns.at(-1)
      if (last) desk.took(last)
      if (openId.value === id) {
        view.value = found
        failure.value = ''
      }
      await sending.sayPending(id)
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

  /** The newest words of conversations of one's own that are likely to be opened next: they stand there when they are. */
  async function readAhead(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const row = desk.mine.value.find(({ conversationId }) => conversationId === id)
      const isThere = (threads.of(id).turns.at(-1)?.seq ?? 0) >= (row?.lastSeq ?? 0)
      if (!row || isThere || line.value !== 'up') continue
      const read = await ask('turns:before', { conversationId: id, beforeSeq: row.lastSeq + 1 }).catch(() => undefined)
      if (read) threads.keep(id, newestRun(merge(threads.of(id), read.turns)))
    }
  }

  /** What was said before the oldest turn that is shown. */
  async function readOlder(): Promise<void> {
    const [id, first] = [openId.value, thread.value.turns[0]]
    if (!id || !first || first.seq === 1 || isReadingOlder.value || line.value !== 'up') return
    isReadingOlder.value = true
    try {
      const { turns } = await ask('turns:before', { conversationId: id, beforeSeq: first.seq })
      if (threads.of(id).turns[0]?.seq === first.seq) threads.keep(id, merge(threads.of(id), turns))
    } catch (error) {
      tell(error)
    } finally {
      isReadingOlder.value = false
    }
  }

  function write(changed: Draft): void {
    draft.value = changed
    if (openId.value) kept.keepDraft(openId.value, changed)
    if (isMine.value && changed.text !== '') tellTyping('reply')
  }

  function tellTyping(what: 'reply' | 'note'): void {
    if (!openId.value || Date.now() - typingToldAt < typingToldMs) return
    typingToldAt = Date.now()
    // Nobody misses one of these.
    void ask('typing:tell', { conversationId: openId.value, what }).catch(() => {})
  }

  function say(said: Draft): boolean {
    const id = openId.value
    const words = toSay(said)
    if (!id || !isMine.value || !turnText.safeParse(words.text).success || !mayGo(words.text)) return false
    threads.keep(id, saying(threads.of(id), { clientId: newClientId(), ...words }))
    newer.value = []
    void sending.sayPending(id)
    return true
  }

  /** The newer words first, and ours back into the composer, before whatever was begun meanwhile. */
  async function movedOn(id: string, said: Pending): Promise<void> {
    takeBack(id, said)
    await reopen(id)
    if (openId.value === id) newer.value = newerThan(threads.of(id), said.expectedSeq, session.value?.workNumber)
  }

  function takeBack(id: string, said: Pending): void {
    threads.keep(id, takenBack(threads.of(id), said.clientId))
    const begun = kept.draftOf(id)
    const text = [said.text, begun.text].filter(Boolean).join('\n')
    const { revisionId, offered } = said
    const inserted = revisionId
      ? { revisionId, words: said.text, source: '', ...(offered && { offer: offered }) }
      : begun.inserted
    const back: Draft = { text, ...(inserted && { inserted }) }
    kept.keepDraft(id, back)
    if (openId.value === id) draft.value = back
  }

  /** 一次性告知: the entry's card, as words of this agent's. */
  async function tellGuide(entryId: string): Promise<void> {
    const id = openId.value
    if (!id) return
    await post(`conversations/${id}/tellings`, {
      ...{ clientId: newClientId(), entryId, expectedSeq: lastSeen(threads.of(id)) },
    })
    await reopen(id)
  }

  async function close(summary: Summary): Promise<void> {
    const id = openId.value
    if (!id) return
    await ask('conversation:close', { conversationId: id, summary })
    kept.forget(id)
    threads.forget(id)
  }

  /** Of one's own part, which the citizen ended. */
  async function sumUp(summary: Summary): Promise<void> {
    const id = openId.value
    if (!id) return
    await ask('summary:write', { conversationId: id, summary })
    await reopen(id)
  }

  function took(turn: KeptTurn): void {
    const id = turn.conversationId
    if (id !== openId.value && !threads.all.has(id)) return
    threads.keep(id, merge(threads.of(id), [turn]))
    if (turn.speaker === 'customer' && id === openId.value) isTyping.value = false
    if (!hasGap(threads.of(id))) return
    if (id === openId.value) void reopen(id)
    else threads.keep(id, newestRun(threads.of(id)))
  }

  socket.on('turn:said', took)
  socket.on('connect', () => {
    if (openId.value) void reopen(openId.value)
    for (const id of threads.all.keys()) if (id !== openId.value) void sending.sayPending(id)
  })
  socket.on('conversation:changed', ({ conversationId }) => {
    if (conversationId === openId.value) void reopen(conversationId)
  })
  socket.on('conversation:read', ({ conversationId, seq }) => {
    const shown = view.value
    if (conversationId === shown?.conversation.conversationId) view.value = readUpTo(shown, seq, new Date())
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
    sending.stop()
  })

  return {
    ...{ openId, view, shown, thread, failure, newer, draft, isTyping, isMine, isReadingOlder },
    ...{ open, reopen, claim, close, sumUp, write, takeBack, readAhead, readOlder, tellTyping, tellGuide },
    insert: (hit: Hit, offer?: Offer) => write(insertHit(draft.value, hit, offer)),
    sayDraft: () => void (say(draft.value) && write(emptyDraft)),
    /** As it stands, at once; what stands in the composer stays there. */
    sayHit: (hit: Hit, offer: Offer) => say(insertHit(emptyDraft, hit, offer)),
    sayAgain: (id: string, said: Pending) => sending.sayAgain(id, said),
    dismiss: () => (newer.value = []),
    holdBack: (rule: (text: string) => boolean) => void (mayGo = rule),
  }
}
