/** Asking for one whole value: the dialog is open, a reason was given, the value is shown. */
import { onBeforeUnmount, ref } from 'vue'
import { ApiError, post } from '../api.ts'
import { fieldMessages } from '../field-messages.ts'
import { tell } from '../tell.ts'

/** A whole number does not stay on a screen that is left alone. */
export const shownMs = 5 * 60_000

/** @param path of the door that shows it. */
export function useUnmask(path: () => string) {
  const value = ref('')
  const isAsking = ref(false)
  const underWay = ref(false)
  const refusal = ref<string>()
  let hiding: ReturnType<typeof setTimeout> | undefined
  onBeforeUnmount(() => clearTimeout(hiding))

  async function give(reason: string): Promise<void> {
    if (underWay.value) return
    underWay.value = true
    refusal.value = undefined
    try {
      const { phone, person } = await post<{ phone: string; person?: string }>(path(), { reason })
      value.value = person ? `${person} ${phone}` : phone
      isAsking.value = false
      clearTimeout(hiding)
      hiding = setTimeout(() => (value.value = ''), shownMs)
    } catch (error) {
      refusal.value = fieldMessages(error instanceof ApiError ? error.fields : [], ['reason']).at.reason
      if (!refusal.value) tell(error)
    } finally {
      underWay.value = false
    }
  }

  return { value, isAsking, underWay, refusal, give }
}
