/** The console's sockets that tell of alerts. While one of them is up the bell hears of everything and asks for nothing. */
import { ref } from 'vue'
import type { AlertsChanged } from '../../contract/alert.ts'

/** How many are up; whoever becomes the first is a reason to ask once what was missed. */
export const socketsUp = ref(0)
const listeners = new Set<(told: AlertsChanged) => void>()

/** @returns takes it back. */
export function whenAlertsChange(listener: (told: AlertsChanged) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

type Teller = {
  on: ((event: 'alerts:changed', hear: (told: AlertsChanged) => void) => unknown) &
    ((event: 'connect' | 'disconnect', hear: () => void) => unknown)
}

/** A desk or a wall passes on what its socket hears. @returns to be called when it is closed. */
export function passOnAlerts(socket: Teller): () => void {
  let isUp = false
  const set = (up: boolean) => {
    if (up !== isUp) socketsUp.value += up ? 1 : -1
    isUp = up
  }
  socket.on('alerts:changed', (told) => listeners.forEach((hear) => hear(told)))
  socket.on('connect', () => set(true))
  socket.on('disconnect', () => set(false))
  return () => set(false)
}
