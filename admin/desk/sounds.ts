/** When the desk sounds: somebody new waits for an agent on duty, or a citizen of theirs speaks where they do not look. */
import { onActivated, onDeactivated, watch } from 'vue'
import type { KeptTurn } from '../../contract/turn.ts'
import { chime } from './chime.ts'
import type { Connection } from './connection.ts'
import type { Conversation } from './conversation.ts'
import type { Desk } from './desk.ts'

/** A burst of messages is one sound. */
const quietMs = 3_000

export function useSounds({ socket }: Connection, desk: Desk, talk: Conversation): void {
  let soundedAt = 0
  function sound(): void {
    if (Date.now() - soundedAt < quietMs) return
    soundedAt = Date.now()
    chime()
  }

  // Another page of the console hides the desk, whatever is open there.
  let isShown = true
  onActivated(() => (isShown = true))
  onDeactivated(() => (isShown = false))

  // The first list is what was there already.
  let known: ReadonlySet<string> | undefined
  watch(desk.waiting, (rows) => {
    if (!desk.isLoaded.value) return
    const ids = new Set(rows.map(({ conversationId }) => conversationId))
    if (known && desk.presence.value === 'online' && [...ids].some((id) => !known?.has(id))) sound()
    known = ids
  })

  socket.on('turn:said', ({ speaker, conversationId }: KeptTurn) => {
    const isLooking =
      isShown && conversationId === talk.openId.value && document.visibilityState === 'visible' && document.hasFocus()
    const isMine = desk.mine.value.some((row) => row.conversationId === conversationId)
    if (speaker === 'customer' && isMine && !isLooking) sound()
  })
}
