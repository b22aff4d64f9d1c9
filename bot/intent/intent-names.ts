/** The names of the intents: a closed set. */
export const intents = [
  'greeting',
  'thanks',
  'goodbye',
  'ask_person',
  'complain',
  'repeat',
  'yes',
  'no',
  'rate',
  'urgent',
  'angry',
  'question',
] as const
export type IntentName = (typeof intents)[number]
/** `score` in [0, 1]; 1 when words alone settled it. */
export type Intent = { name: IntentName; score: number }
