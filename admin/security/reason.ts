/** What is opened for a reason alone, which stands in the audit: the dialog is open, a reason is given, and it is shown. */
import { ref } from 'vue'
import { ApiError } from '../api.ts'
import { fieldMessages } from '../field-messages.ts'
import { tell } from '../tell.ts'

/** @param show asks the server with the reason, and shows what it gives. */
export function useReasoned(show: (reason: string) => Promise<void>) {
  const isAsking = ref(false)
  const underWay = ref(false)
  const refusal = ref<string>()

  async function give(reason: string): Promise<void> {
    if (underWay.value) return
    underWay.value = true
    refusal.value = undefined
    try {
      await show(reason)
      isAsking.value = false
    } catch (error) {
      refusal.value = fieldMessages(error instanceof ApiError ? error.fields : [], ['reason']).at.reason
      if (!refusal.value) tell(error)
    } finally {
      underWay.value = false
    }
  }

  return { isAsking, underWay, refusal, give }
}
