/**
 * Ringing back whom we owe a call: dialled from the ticket, taken up with the agent's device once somebody answers.
 * Offered to whatever stands below the desk, so that a ticket need not know of telephones.
 */
import { inject, onBeforeUnmount, provide, ref, type InjectionKey, type Ref } from 'vue'
import { ElMessage } from 'element-plus'
import { useRouter } from 'vue-router'
import type { CallEnd } from '../../contract/phone-events.ts'
import type { Connection } from '../desk/connection.ts'
import { say } from '../tell.ts'
import { tellReason } from './device.ts'

const warn = (message: string) => void ElMessage({ type: 'warning', message, duration: 6_000, showClose: true })

type Take = {
  takeUp: (conversationId: string) => Promise<void>
  /** A call of this conversation is up again. */
  isLive: (conversationId: string) => void
}
type RingBack = (callbackId: string) => Promise<boolean>
const key: InjectionKey<RingBack> = Symbol('ring back')
const newsKey: InjectionKey<Ref<number>> = Symbol('callback news')

const whyWords: Partial<Record<CallEnd, string>> = {
  refused: '对方占线或没有接听，请稍后再拨。',
  failed: '对方没有接听，或号码打不通。',
  agent: '已取消回拨。',
}

export function provideRingBack({ socket, ask }: Connection, { takeUp, isLive }: Take): void {
  const router = useRouter()
  const dialled = ref<string>()
  const news = ref(0)
  const heard = () => void news.value++
  provide(newsKey, news)
  socket.on('callbacks:changed', heard)
  onBeforeUnmount(() => void socket.off('callbacks:changed', heard))

  provide(key, async (callbackId) => {
    try {
      const { conversationId } = await ask('callback:ring', { callbackId })
      dialled.value = conversationId
      say('正在拨打，对方接听后自动接通您的设备。')
      await router.push({ name: 'desk', params: { conversationId } })
      return true
    } catch (error) {
      tellReason(error)
      return false
    }
  })

  function told({ conversationId, state, why }: { conversationId: string; state: string; why?: CallEnd }): void {
    // Another window of the same agent dialled it.
    if (dialled.value !== conversationId) return
    dialled.value = undefined
    if (state === 'unanswered') return warn((why && whyWords[why]) ?? '没有打通，请稍后再拨。')
    isLive(conversationId)
    void takeUp(conversationId)
  }
  socket.on('callback:told', told)
  onBeforeUnmount(() => void socket.off('callback:told', told))
}

/** @returns nothing where there is no desk around. */
export const useRingBack = (): RingBack | undefined => inject(key, undefined)

/** @returns a number that is another one whenever a call was booked, worked or settled. */
export const useCallbackNews = (): Ref<number> => inject(newsKey, () => ref(0), true)
