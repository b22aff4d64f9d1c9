/** Who may come in, put together: sessions and their cookie, limits, and the HTTP doors that ask for them. */
import type { Express } from 'express'
import { conversationsStore } from '../bot/conversations.store.ts'
import { apiKeysStore } from '../desk/api-keys.store.ts'
import { sessionsStore } from '../desk/sessions.store.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import { doors as httpDoors } from './http/doors.ts'
import { sessionCookie } from './http/session-cookie.ts'
import { limits as makeLimits } from './limits.ts'
import type { OriginCheck } from './origin.ts'

type Parts = { app: Express; db: Db; config: Config; isOurOrigin: OriginCheck; now: () => Date }

export function admitting({ app, db, config, isOurOrigin, now }: Parts) {
  const sessions = sessionsStore(db, {
    factorRule: config.REQUIRE_TOTP,
    isSpeaking: async (staffId) =>
      (await conversationsStore(db).ofAgent(staffId)).some(({ channel }) => channel === 'phone'),
  })
  const cookie = sessionCookie(config.isHttps)
  const limits = makeLimits(config.RATE_LIMIT)
  const doors = httpDoors({ app, sessions, cookie, isOurOrigin, limits, apiKeys: apiKeysStore(db), now })
  return { sessions, cookie, limits, doors }
}
