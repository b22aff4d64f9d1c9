/** Asking for one whole value with a reason; what is shown hides itself again. */
import { onBeforeUnmount, ref } from 'vue'
import { post } from '../api.ts'
import { useReasoned } from './reason.ts'

/** A whole number does not stay on a screen that is left alone. */
export const shownMs = 5 * 60_000

/** @param path of the door that shows it. */
export function useUnmask(path: () => string) {
  const value = ref('')
  let hiding: ReturnType<typeof setTimeout> | undefined
  onBeforeUnmount(() => clearTimeout(hiding))

  const asking = useReasoned(async (reason) => {
    const { phone, person } = await post<{ phone?: string; person?: string }>(path(), { reason })
    value.value = [person, phone].filter(Boolean).join(' ')
    clearTimeout(hiding)
    hiding = setTimeout(() => (value.value = ''), shownMs)
  })

  return { value, ...asking }
}
