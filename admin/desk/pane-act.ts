/** What is done with the open conversation from outside of its pane. */
export type PaneAct =
  | 'writeNote'
  | 'reply'
  | 'end'
  | 'transfer'
  | 'fileCase'
  | 'sendDraft'
  | 'editDraft'
  | 'rejectDraft'

/** Out of an agent's hands: to a colleague, to its end, to the bot; and a 小结 that is written afterwards. */
export type WayOut = 'transfer' | 'end' | 'to-bot' | 'sum-up'
