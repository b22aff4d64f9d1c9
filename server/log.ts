/** Logs are JSON lines. Personal data is written under `pii` alone, and dropped unless PII_LOGS is on. */
import { pino, type Logger } from 'pino'

export type Log = Logger

export function makeLog(settings: { LOG_LEVEL: string; PII_LOGS: boolean }): Log {
  return pino({
    level: settings.LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
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
  })
}
