/** What the host page's launcher and the panel in its frame tell each other, over a port that no other script holds. */
/** `ask`: words that are put where the citizen writes, for them to send. */
export type ToPanel = { shown: boolean; focus: boolean; ask?: string }
export type ToLauncher = { unread: number } | { going: boolean } | { large: boolean } | 'close'

/** The one message that goes through the window: it carries the port. */
export const hello = 'budayang:hello'
