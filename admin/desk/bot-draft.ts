/**
 * What the bot would answer the citizen's last question with, for the agent who serves them: to send as it stands, to
 * change first, or to put away. Asked for once a question; gone as soon as somebody has answered it.
 */
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import type { BotDraft } from '../../contract/desk-tools.ts'
import { get, post } from '../api.ts'
import { tell } from '../tell.ts'
import type { Conversation } from './conversation.ts'
import { isAnswered, lastAsked } from './thread.ts'

const settleMs = 300

export type BotDrafts = ReturnType<typeof useBotDraft>

export function useBotDraft(talk: Conversation) {
  const found = shallowRef<BotDraft>()
  const isFolded = ref(false)
  let settling: ReturnType<typeof setTimeout> | undefined

  const wanted = computed(() => {
    const asked = lastAsked(talk.thread.value)
    return talk.isMine.value && asked && !isAnswered(talk.thread.value, asked.seq)
      ? `${talk.openId.value ?? ''} ${asked.seq}`
      : undefined
  })
  watch(wanted, (now) => {
    clearTimeout(settling)
    found.value = undefined
    if (now) settling = setTimeout(() => void look(now), settleMs)
  })
  onBeforeUnmount(() => clearTimeout(settling))

  async function look(asked: string): Promise<void> {
    const [id = '', seq = ''] = asked.split(' ')
    // A draft that does not come is no failure of the agent's work.
    const { draft } = await get<{ draft?: BotDraft }>('drafts', { conversation: id, seq }).catch(() => ({
      draft: undefined,
    }))
    if (wanted.value === asked) found.value = draft
  }

  const offerOf = ({ askedSeq }: BotDraft) => ({ from: 'bot', askedSeq }) as const

  return {
    draft: found,
    isFolded,

    accept(draft: BotDraft): void {
      if (talk.sayHit(draft, offerOf(draft))) found.value = undefined
    },

    edit(draft: BotDraft): void {
      talk.insert(draft, offerOf(draft))
      found.value = undefined
    },

    async reject({ askedSeq, revisionId }: BotDraft): Promise<void> {
      found.value = undefined
      const conversationId = talk.openId.value
      await post('drafts/rejected', { conversationId, askedSeq, revisionId }).catch(tell)
    },
  }
}
