/**
 * One act of a form: whether it is under way, what the server said against single fields, and what it said against the
 * whole. What was said of a field that the form does not show stands at its head: nothing is swallowed.
 */
import { ref, shallowRef } from 'vue'
import { ApiError } from './api.ts'
import { fieldMessages } from './field-messages.ts'
import { wordsOf } from './tell.ts'

export type Faults<F extends string> = Partial<Record<F, string>>

/** @param prefix what stands before the fields in the request ("summary."). */
export function useAttempt<F extends string>(fields: readonly F[], prefix = '') {
  const underWay = ref(false)
  const refusal = ref('')
  const at = shallowRef<Faults<F>>({})

  /**
   * @param faults what the form itself sees; with any of them nothing is sent.
   * @returns whether it was done.
   */
  async function attempt(work: () => Promise<unknown>, faults: Faults<F> = {}): Promise<boolean> {
    if (underWay.value) return false
    refusal.value = ''
    at.value = faults
    if (Object.keys(faults).length > 0) return false
    underWay.value = true
    try {
      await work()
      return true
    } catch (error) {
      const told = fieldMessages(error instanceof ApiError ? error.fields : [], fields, prefix)
      at.value = told.at
      const isNamed = Object.keys(told.at).length > 0
      refusal.value = told.head.join('；') || (isNamed ? '' : wordsOf(error))
      return false
    } finally {
      underWay.value = false
    }
  }

  return { underWay, refusal, at, attempt }
}
