/** What a page reads from the server: its value, whether it is under way, and why it failed. The last asked wins. */
import { onBeforeUnmount, ref, shallowRef, watch, type WatchSource } from 'vue'
import { wordsOf } from './tell.ts'

/** @param on asked again, and at once, whenever this changes. */
export function useLoad<T>(ask: () => Promise<T>, on: WatchSource = () => 0) {
  const value = shallowRef<T>()
  const failure = ref('')
  const underWay = ref(true)
  let asked = 0

  async function load(): Promise<void> {
    const mine = ++asked
    underWay.value = true
    try {
      const got = await ask()
      if (mine !== asked) return
      value.value = got
      failure.value = ''
    } catch (error) {
      if (mine !== asked) return
      failure.value = wordsOf(error)
    }
    underWay.value = false
  }

  watch(on, () => void load(), { immediate: true })
  onBeforeUnmount(() => asked++)
  return { value, failure, underWay, load }
}
