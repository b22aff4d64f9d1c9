/**
 * What this agent is asked to take at once: a colleague's conversation, or their own citizen who rings again. And what
 * became of a conversation that they asked a colleague to take.
 */
import { computed, onBeforeUnmount, ref, watch } from 'vue'
import type { AskedTransfer } from '../../contract/transfer.ts'
import { ApiError } from '../api.ts'
import type { Telephone } from '../call/telephone.ts'
import { tell } from '../tell.ts'
import { chime } from './chime.ts'
import type { Connection } from './connection.ts'
import type { Conversation } from './conversation.ts'
import type { Desk } from './desk.ts'

/** The caller is told the same: after so long somebody else takes the call. */
const ringsForMs = 30_000
const chimeEveryMs = 8_000

export type Transfers = ReturnType<typeof useTransfers>

export function useTransfers({ socket, ask }: Connection, desk: Desk, talk: Conversation, telephone: Telephone) {
  const asked = computed(() => desk.queue.value.asked)
  /** Conversations whose citizens ring again, by the moment when it began. */
  const rings = ref(new Map<string, number>())
  const ringing = computed(() =>
    desk.mine.value.filter(({ conversationId }) => {
      const since = rings.value.get(conversationId)
      const isTaken = telephone.live.value === conversationId || telephone.device.onOf(conversationId) !== undefined
      return since !== undefined && desk.now.value - since < ringsForMs && !isTaken
    }),
  )
  const answering = ref<string>()

  watch(
    () => [...asked.value.map((one) => one.transferId), ...ringing.value.map((one) => one.conversationId)],
    (now, before) => {
      if (now.some((id) => !before.includes(id))) chime()
    },
  )
  const reminding = setInterval(() => {
    if (asked.value.length + ringing.value.length > 0) chime()
  }, chimeEveryMs)
  onBeforeUnmount(() => clearInterval(reminding))

  function stopRinging(conversationId: string): void {
    rings.value = new Map([...rings.value].filter(([id]) => id !== conversationId))
  }

  socket.on('call:back', ({ conversationId }) => {
    telephone.found(conversationId, 'live')
    rings.value = new Map(rings.value).set(conversationId, Date.now())
  })
  socket.on('call:ended', ({ conversationId }) => stopRinging(conversationId))
  socket.on('conversation:changed', ({ conversationId }) => stopRinging(conversationId))
  socket.on('transfer:settled', ({ conversationId }) => {
    if (conversationId === talk.openId.value) void talk.reopen(conversationId)
  })

  async function withList<T>(act: Promise<T>): Promise<T | undefined> {
    try {
      return await act
    } catch (error) {
      tell(error)
      // What could not be answered any more is asked no longer.
      if (error instanceof ApiError && error.code !== 'unreachable') await desk.askQueue().catch(() => {})
      return undefined
    }
  }

  return {
    asked,
    ringing,
    answering,
    stopRinging,

    /** @returns whether the conversation is this agent's now. */
    async accept({ transferId }: AskedTransfer): Promise<boolean> {
      if (answering.value) return false
      answering.value = transferId
      const view = await withList(ask('transfer:accept', { transferId }))
      answering.value = undefined
      return view !== undefined
    },

    async decline({ transferId }: AskedTransfer): Promise<void> {
      answering.value = transferId
      await withList(ask('transfer:decline', { transferId }))
      answering.value = undefined
    },

    async takeBack(conversationId: string, transferId: string): Promise<void> {
      await withList(ask('transfer:take-back', { transferId }))
      await talk.reopen(conversationId)
    },

    /** @throws ApiError */
    colleagues: (conversationId: string) => ask('colleagues:list', { conversationId }),

    /** @throws ApiError, naming `toStaffId` or `skillId` when they cannot be asked any more. */
    async give(
      conversationId: string,
      to: { toStaffId: string } | { toQueue: true; skillId?: string | null; region?: string },
      reason: string,
    ): Promise<void> {
      await ask('conversation:transfer', { conversationId, reason, ...to })
      await talk.reopen(conversationId)
    },
  }
}
