/** The embedding service of the settings; without one there is none, and nothing leaves this machine. */
import { embeddingEndpoint } from '../knowledge/embedding-endpoint.ts'
import { meanings, type Meanings } from '../knowledge/meanings.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import type { Log } from './log.ts'

export function meaningsOf(config: Config, db: Db, log: Log): Meanings | undefined {
  const { EMBEDDINGS_URL: url, EMBEDDINGS_KEY: key, EMBEDDINGS_MODEL: model } = config
  return url && model ? meanings({ db, endpoint: embeddingEndpoint({ url, key, model }), log }) : undefined
}
