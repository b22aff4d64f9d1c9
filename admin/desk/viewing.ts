/** Which colleagues look at the open conversation, and what they write there: nobody answers or notes the same twice. */
import { computed, onActivated, onBeforeUnmount, onDeactivated, reactive, ref, shallowRef, watch } from 'vue'
import type { Viewer } from '../../contract/desk-notes.ts'
import { session } from '../session.ts'
import type { Connection } from './connection.ts'
import type { Conversation } from './conversation.ts'
import { viewingWords, type Writing } from './viewing-words.ts'

const typingShownMs = 5_000

export function useViewing({ socket, line, ask }: Connection, talk: Conversation) {
  const viewers = shallowRef<readonly Viewer[]>([])
  /** By work number. */
  const writing = reactive(new Map<string, Writing & { until: number }>())
  const isShown = ref(true)
  const looked = computed(() => (isShown.value ? talk.openId.value : undefined))

  async function tell(id: string | undefined): Promise<void> {
    if (line.value !== 'up') return
    const found = await ask('viewing:set', id ? { conversationId: id } : {}).catch(() => undefined) // asked again on connecting
    if (found && looked.value === id) viewers.value = found.viewers
  }

  watch(looked, (id) => {
    viewers.value = []
    writing.clear()
    void tell(id)
  })
  socket.on('connect', () => void tell(looked.value))
  socket.on('viewers:changed', ({ conversationId, viewers: there }) => {
    if (conversationId !== looked.value) return
    viewers.value = there
    const numbers = new Set(there.map(({ workNumber }) => workNumber))
    for (const number of writing.keys()) if (!numbers.has(number)) writing.delete(number)
  })
  socket.on('colleague:typing', ({ conversationId, workNumber, what }) => {
    if (conversationId === looked.value) writing.set(workNumber, { what, until: Date.now() + typingShownMs })
  })
  // What a colleague has said is not being written any more.
  socket.on('turn:said', ({ conversationId, agentNumber }) => {
    if (conversationId === looked.value && agentNumber) writing.delete(agentNumber)
  })
  socket.on('note:written', ({ conversationId, byNumber }) => {
    if (conversationId === looked.value) writing.delete(byNumber)
  })
  const ageing = setInterval(() => {
    for (const [number, { until }] of writing) if (until < Date.now()) writing.delete(number)
  }, 1_000)
  onBeforeUnmount(() => clearInterval(ageing))
  onActivated(() => (isShown.value = true))
  onDeactivated(() => (isShown.value = false))

  /** Colleagues, and this agent themselves at another console. */
  const others = computed(() => viewers.value.filter(({ workNumber }) => workNumber !== session.value?.workNumber))
  return {
    words: computed(() => viewingWords(others.value, writing, session.value?.workNumber)),
    isSomebodyWriting: computed(() => writing.size > 0),
  }
}
