/**
 * The scripted dialogs as the rest of bot/ sees them: state in, words and outcome out. Nothing here touches a
 * store or a channel; the caller keeps the state and acts on the outcome.
 */
import type { IntentName } from '../intent/intent-names.ts'
import type { Saying } from '../../contract/turn.ts'
import type { Level, ReasonLists } from '../../contract/rating.ts'

export type DialogName = 'complaint' | 'callback' | 'rating'

/** What a dialog ended with. `left`: the words belong to no dialog and go the ordinary way. */
export type Outcome =
  | { kind: 'complaint'; text: string; contact?: string }
  | { kind: 'callback'; phone: string; at?: string }
  | { kind: 'rating'; ratingId: string; level: Level; reasons: string[] }
  /** `unfiled`: a complaint was being taken, and is not filed. */
  | { kind: 'person'; unfiled?: true }
  | { kind: 'cancelled' }
  | { kind: 'left' }

/** Plain JSON, kept between turns. Undefined when no dialog is open. */
export type DialogState = Record<string, unknown>

export type Heard = { text: string; intent?: IntentName; now: Date }
export type DialogTurn = { said: Saying[]; state: DialogState | undefined; outcome?: Outcome }

export type DialogOptions = {
  complaint: Record<string, never>
  callback: Record<string, never>
  /** `reasons`: the lists in force when it was asked. */
  rating: { ratingId: string; reasons?: ReasonLists }
}

export type Dialogs = {
  begin<N extends DialogName>(name: N, options: DialogOptions[N], now: Date): Promise<DialogTurn>
  /** @throws when the engine fails; the state handed in is then still good. */
  hear(state: DialogState, heard: Heard): Promise<DialogTurn>
}
