/** Shapes of Botkit's script, spelled once: one handler for any answer, buttons, and what is awaited. */
import type { Saying } from '../../contract/turn.ts'
import type { BotkitDialogWrapper, BotWorker } from 'botkit'

type Handler = (answer: string, convo: BotkitDialogWrapper, bot: BotWorker) => Promise<void>

/** No string patterns: Botkit would compile them as regular expressions that match anywhere. */
export function otherwise(handler: Handler) {
  return [{ default: true, handler }]
}

export function buttons(titles: readonly string[]) {
  return titles.map((title) => ({ title, payload: title, content_type: 'text' }))
}

/** Travels beside the words: how a channel lets the answer be given. */
export function awaits(expects: NonNullable<Saying['expects']>) {
  return { channelData: { expects } }
}
