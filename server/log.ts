/**
 * Logs are JSON lines. Personal data is written under `pii` alone, and dropped unless PII_LOGS is on; of an error only
 * what cannot quote a row is written, and numbers in its words are masked.
 */
import { pino, type DestinationStream, type Logger } from 'pino'
import { maskText } from '../desk/masking.ts'

export type Log = Logger

/** @param to where the lines go; standard output when absent. */
export function makeLog(settings: { LOG_LEVEL: string; PII_LOGS: boolean }, to?: DestinationStream): Log {
  const options = {
    level: settings.LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => (error instanceof Error ? whatToTell(error) : undefined) },
    redact: {
      paths: [
        ...(settings.PII_LOGS ? [] : ['pii', '*.pii']),
        'req.headers.cookie',
        'req.headers.authorization',
        'req.headers["x-csrf-token"]',
        'res.headers["set-cookie"]',
      ],
      remove: true,
    },
  }
  return pino(options, to)
}

type Told = { type: string; message: string; stack: string } & Partial<
  Record<'code' | 'constraint' | 'table' | 'column', unknown>
>

/** The database's `detail` and a parser's `body` hold what somebody wrote, so names and codes alone come along. */
function whatToTell(error: Error): Told {
  const { type, message, stack, code, constraint, table, column }: Told = pino.stdSerializers.err(error)
  return { type, message: maskText(message), stack: maskText(stack), code, constraint, table, column }
}
