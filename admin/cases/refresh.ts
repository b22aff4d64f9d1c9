/**
 * A list that keeps itself fresh while somebody looks at it. It rests while the page is hidden, and when nobody has
 * touched the page for ten minutes: a screen that nobody sits at must not keep its session alive. It says so then.
 */
import { onBeforeUnmount, ref } from 'vue'

const everyMs = 1_500
const restsAfterMs = 10 * 60_000

/** @returns whether it rests because nobody has touched the page; a touch wakes it. */
export function useRefresh(load: () => Promise<void>) {
  let touchedAt = Date.now()
  let busy = false
  const isResting = ref(false)
  async function look(): Promise<void> {
    isResting.value = Date.now() - touchedAt > restsAfterMs
    if (busy || document.hidden || isResting.value) return
    busy = true
    await load().finally(() => (busy = false))
  }
  function touched(): void {
    touchedAt = Date.now()
    if (isResting.value) void look()
  }

  const signs = ['pointerdown', 'pointermove', 'keydown'] as const
  for (const sign of signs) window.addEventListener(sign, touched, { passive: true })
  const timer = setInterval(() => void look(), everyMs)
  onBeforeUnmount(() => {
    clearInterval(timer)
    for (const sign of signs) window.removeEventListener(sign, touched)
  })
  return { isResting, goOn: touched }
}
