/**
 * How much may be sent in the WeChat conversation that is open: read when it opens and after every gap of the line, told
 * by the server in between, counted down by the clock of the desk.
 */
import { computed, ref, shallowRef, watch } from 'vue'
import type { KeptTurn } from '../../contract/turn.ts'
import { messagesFor, sendableNow, type WechatStanding } from '../../contract/wechat-desk.ts'
import { get, post } from '../api.ts'
import { tell } from '../tell.ts'
import type { Connection } from './connection.ts'
import type { Conversation } from './conversation.ts'
import type { Desk } from './desk.ts'
import { roomShown, undeliveredOf, undeliveredWords } from './wechat-words.ts'

export type WechatRoom = ReturnType<typeof useWechatRoom>

export function useWechatRoom({ socket }: Connection, desk: Desk, talk: Conversation) {
  const told = shallowRef<WechatStanding>()
  const isSending = ref(false)
  const standing = computed(() => (told.value?.conversationId === talk.openId.value ? told.value : undefined))
  const left = computed(() => standing.value && sendableNow(standing.value, desk.now.value))
  const shown = computed(() => standing.value && roomShown(standing.value, desk.now.value))

  watch(talk.view, (view) => {
    if (view?.conversation.channel === 'wechat') void look(view.conversation.conversationId)
  })
  socket.on('wechat:standing', (now) => {
    take(now)
  })
  talk.holdBack((text) => left.value === undefined || left.value >= messagesFor(text))

  function take(now: WechatStanding): void {
    const isOlder = standing.value !== undefined && now.readAt < standing.value.readAt
    if (now.conversationId === talk.openId.value && !isOlder) told.value = now
  }

  async function look(conversationId: string): Promise<void> {
    try {
      const now = await get<WechatStanding>(`conversations/${conversationId}/wechat`)
      take(now)
    } catch (error) {
      // Without it the agent writes as on any other channel; the thread tells what did not arrive.
      if (conversationId === talk.openId.value) tell(error)
    }
  }

  async function sendNotice(): Promise<void> {
    const id = talk.openId.value
    if (!id || isSending.value) return
    isSending.value = true
    try {
      const now = await post<WechatStanding>(`conversations/${id}/wechat/notice`)
      take(now)
    } catch (error) {
      tell(error)
    } finally {
      isSending.value = false
    }
  }

  return {
    ...{ standing, shown, isSending, sendNotice },
    /** Nothing may be sent at all. */
    isOver: computed(() => left.value === 0),
    /** Why what stands in the composer cannot go as it is; empty when it can. */
    heldWords: computed(() => {
      const needed = messagesFor(talk.draft.value.text)
      if (left.value === undefined || left.value >= needed) return ''
      return left.value === 0 ? '现在发不出去' : `这段话要分成 ${needed} 条，只能再发 ${left.value} 条，请写短一些`
    }),
    whyNot(turn: KeptTurn): string | undefined {
      const found = standing.value && undeliveredOf(standing.value.undelivered, turn)
      return found && undeliveredWords(found)
    },
  }
}
