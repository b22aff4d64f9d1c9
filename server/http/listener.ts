/** The listener, with or without TLS of its own, and the limits on slow clients. */
import { createServer as createHttp, type Server as HttpServer } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { readFileSync } from 'node:fs'
import type { Express } from 'express'
import type { Config } from '../config.ts'

export function listener(config: Config, app: Express): HttpServer {
  const { TLS_CERT_FILE, TLS_KEY_FILE } = config
  const server =
    TLS_CERT_FILE && TLS_KEY_FILE
      ? createHttps({ cert: readFileSync(TLS_CERT_FILE), key: readFileSync(TLS_KEY_FILE) }, app)
      : createHttp(app)
  // A client that dribbles its headers or its body holds a connection, no longer than this.
  server.headersTimeout = 15_000
  server.requestTimeout = 30_000
  return server
}
