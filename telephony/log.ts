/** What the phone writes to; pino fits. Facts are names, numbers and ids, never a caller or what anybody said. */
export type Log = {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}
