/**
 * Who is signed in. The cookie's token is kept as a hash only, so a copy of the database signs nobody in;
 * a session ends after an hour of silence, twelve hours of work, or when its staff row is disabled.
 *
 * Offices that nobody holds fall to the system administrator, and leave them the moment somebody holds them: so a new
 * installation can be run at all, and one where the offices are filled is separated without a switch.
 */
import { createHash, randomBytes } from 'node:crypto'
import { officesIn, type Actor, type Office } from '../contract/staff.ts'
import { staffStore } from './staff.store.ts'
import type { Db, DeskTables } from './tables.ts'

export type SessionsStore = ReturnType<typeof sessionsStore>

const minuteMs = 60_000
export const sessionIdleMs = 60 * minuteMs
export const sessionLengthMs = 12 * 60 * minuteMs
const touchEveryMs = minuteMs

export type FoundSession = {
  actor: Actor
  displayName: string
  csrf: string
  standsIn: Office[]
  /** The role asks for a second factor, and none is enrolled. */
  mustEnrol: boolean
}

/** @param needsFactor whether holders of an office must have a second factor. */
export function sessionsStore(db: Db, { needsFactor = false }: { needsFactor?: boolean } = {}) {
  const d = db.withTables<DeskTables>()
  return {
    async create(staffId: string, now: Date): Promise<{ token: string; csrf: string }> {
      const token = secret()
      const csrf = secret()
      await d.deleteFrom('staff_session').where('staff_id', '=', staffId).where('expires_at', '<=', now).execute()
      await d
        .insertInto('staff_session')
        .values({
          token_hash: hashOf(token),
          staff_id: staffId,
          csrf,
          created_at: now,
          seen_at: now,
          expires_at: new Date(now.getTime() + sessionLengthMs),
        })
        .execute()
      return { token, csrf }
    },

    async find(token: string, now: Date): Promise<FoundSession | undefined> {
      const row = await d
        .selectFrom('staff_session')
        .innerJoin('staff', 'staff.id', 'staff_session.staff_id')
        .leftJoin('staff_totp', 'staff_totp.staff_id', 'staff.id')
        .select(['staff_session.staff_id', 'name', 'display_name', 'work_number', 'roles', 'csrf', 'seen_at'])
        .select('confirmed_at')
        .where('token_hash', '=', hashOf(token))
        .where('expires_at', '>', now)
        .where('seen_at', '>', new Date(now.getTime() - sessionIdleMs))
        .where('disabled_at', 'is', null)
        .executeTakeFirst()
      if (!row) return undefined
      if (now.getTime() - row.seen_at.getTime() >= touchEveryMs)
        await d.updateTable('staff_session').set({ seen_at: now }).where('token_hash', '=', hashOf(token)).execute()
      const { staff_id: staffId, name, work_number: workNumber, roles } = row
      return {
        actor: { staffId, name, workNumber, roles },
        displayName: row.display_name,
        csrf: row.csrf,
        standsIn: roles.includes('administrator') ? await staffStore(db).vacantOffices() : [],
        mustEnrol: needsFactor && officesIn(roles).length > 0 && row.confirmed_at === null,
      }
    },

    async end(token: string): Promise<void> {
      await d.deleteFrom('staff_session').where('token_hash', '=', hashOf(token)).execute()
    },

    /** @param except a token whose session goes on. */
    async endAll(staffId: string, except?: string): Promise<void> {
      await d
        .deleteFrom('staff_session')
        .where('staff_id', '=', staffId)
        .$if(except !== undefined, (all) => all.where('token_hash', '!=', hashOf(except ?? '')))
        .execute()
    },
  }
}

/** 256 bits, so a plain hash of it cannot be searched. */
function secret(): string {
  return randomBytes(32).toString('base64url')
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
