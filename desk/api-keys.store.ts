/**
 * Keys of other systems, in PostgreSQL, as hashes: a copy of the database opens no door. A key is 256 random bits, so
 * that a plain hash keeps it.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { ColumnType, Generated } from 'kysely'
import type { ApiKeyRow, ApiScope, MadeApiKey, NewApiKey } from '../contract/api-key.ts'
import type { Db, DeskTables } from './tables.ts'

type KeyTables = Pick<DeskTables, 'staff'> & {
  api_key: {
    id: Generated<string>
    name: string
    scopes: ApiScope[]
    shown: string
    key_hash: Buffer
    made_by: string
    made_at: Date
    expires_at: Date
    revoked_at: ColumnType<Date | null, undefined, Date>
    revoked_by: ColumnType<string | null, undefined, string>
    last_used_at: ColumnType<Date | null, undefined, Date>
  }
}
/** `madeBy` stands for the key where a row names a member of staff. */
export type KeyHolder = { keyId: string; name: string; madeBy: string; scopes: readonly ApiScope[] }
export type ApiKeysStore = ReturnType<typeof apiKeysStore>

const prefix = 'bdy_'
const shownChars = 10
const dayMs = 24 * 3_600_000
/** How often the moment of the last use is written down. */
const touchEveryMs = 60_000

export function apiKeysStore(db: Db) {
  const d = db.withTables<KeyTables>()
  return {
    /** @returns undefined when a key in force has this name. */
    async make({ name, scopes, days }: NewApiKey, staffId: string, now: Date): Promise<MadeApiKey | undefined> {
      const key = prefix + randomBytes(32).toString('base64url')
      const row = await d
        .insertInto('api_key')
        .values({
          name,
          scopes: [...scopes],
          shown: key.slice(0, shownChars),
          key_hash: hashOf(key),
          made_by: staffId,
          made_at: now,
          expires_at: new Date(now.getTime() + days * dayMs),
        })
        .onConflict((known) => known.doNothing())
        .returning('id')
        .executeTakeFirst()
      return row && { id: row.id, key }
    },

    /** Who shows this key; undefined for one that is unknown, revoked or past its time. */
    async find(key: string, now: Date): Promise<KeyHolder | undefined> {
      if (!key.startsWith(prefix)) return undefined
      const row = await d
        .selectFrom('api_key')
        .select(['id', 'name', 'made_by', 'scopes', 'last_used_at'])
        .where('key_hash', '=', hashOf(key))
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      if (!row) return undefined
      if (!row.last_used_at || now.getTime() - row.last_used_at.getTime() >= touchEveryMs)
        await d.updateTable('api_key').set({ last_used_at: now }).where('id', '=', row.id).execute()
      return { keyId: row.id, name: row.name, madeBy: row.made_by, scopes: row.scopes }
    },

    /** @returns false when it was revoked before, or never was. */
    async revoke(id: string, staffId: string, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('api_key')
        .set({ revoked_at: now, revoked_by: staffId })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    /** Those in force first, then the newest. */
    async list(): Promise<ApiKeyRow[]> {
      const rows = await d
        .selectFrom('api_key')
        .innerJoin('staff', 'staff.id', 'api_key.made_by')
        .selectAll('api_key')
        .select('staff.display_name')
        .orderBy((e) => e('revoked_at', 'is not', null))
        .orderBy('made_at', 'desc')
        .execute()
      return rows.map((row) => ({
        ...{ id: row.id, name: row.name, scopes: row.scopes, shown: row.shown, madeBy: row.display_name },
        madeAt: row.made_at.toISOString(),
        expiresAt: row.expires_at.toISOString(),
        revokedAt: row.revoked_at?.toISOString(),
        lastUsedAt: row.last_used_at?.toISOString(),
      }))
    },
  }
}

const hashOf = (key: string) => createHash('sha256').update(key).digest()
