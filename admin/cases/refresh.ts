/**
 * A list that keeps itself fresh while somebody looks at it. It rests while the page is hidden, and when nobody has
 * touched the page for ten minutes: a screen that nobody sits at must not keep its session alive.
 */
import { onBeforeUnmount } from 'vue'

const everyMs = 1_500
const restsAfterMs = 10 * 60_000

export function useRefresh(load: () => Promise<void>): void {
  let touchedAt = Date.now()
  let busy = false
  const touched = () => void (touchedAt = Date.now())
  async function look(): Promise<void> {
    if (busy || document.hidden || Date.now() - touchedAt > restsAfterMs) return
    busy = true
    await load().finally(() => (busy = false))
  }

  const signs = ['pointerdown', 'pointermove', 'keydown'] as const
  for (const sign of signs) window.addEventListener(sign, touched, { passive: true })
  const timer = setInterval(() => void look(), everyMs)
  onBeforeUnmount(() => {
    clearInterval(timer)
    for (const sign of signs) window.removeEventListener(sign, touched)
  })
}
