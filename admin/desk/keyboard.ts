/** Listens for the desk's strokes while the desk is shown. */
import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from 'vue'
import { actOf, type DeskAct } from './keys.ts'

/** An open dialog keeps its keys. */
export function useKeys(acts: Record<DeskAct, () => void>): void {
  function onKey(event: KeyboardEvent): void {
    const { target } = event
    if (!(target instanceof Element) || target.closest('[role="dialog"]')) return
    const act = actOf(event, target.matches('input, textarea, select, [contenteditable]'))
    if (!act) return
    event.preventDefault()
    acts[act]()
  }
  const listen = () => document.addEventListener('keydown', onKey)
  const rest = () => document.removeEventListener('keydown', onKey)
  onMounted(listen)
  onActivated(listen)
  onDeactivated(rest)
  onBeforeUnmount(rest)
}
