/**
 * An engine could not do its work. The message is for our logs: it never holds a key, nor what anybody said.
 */
export class SpeechFault extends Error {
  override readonly name = 'SpeechFault'
  readonly engine: string

  constructor(engine: string, message: string, options?: ErrorOptions) {
    super(`${engine}: ${message}`, options)
    this.engine = engine
  }
}

/** What this folder writes to; pino fits. */
export type SpeechLog = {
  info(what: object, message: string): void
  warn(what: object, message: string): void
  error(what: object, message: string): void
}
