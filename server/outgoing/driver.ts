/** A way out of the house. It tries once, gives up in time by itself, and says what became of it; it never throws. */
import type { Outcome } from '../../desk/outbox-rules.ts'

export type Letter = {
  /** The same for every try of one message: whoever takes it is asked to take it once. */
  key: string
  to: string
  kind: string
  subject?: string
  text: string
}
export type Driver = { name: string; deliver(letter: Letter): Promise<Outcome>; close(): void }

export const deliverWithinMs = 10_000
