/**
 * Who is signed in. The cookie's token is kept as a hash only, so a copy of the database signs nobody in; a session ends
 * when its person has done nothing for as long as session-rule.ts says, after twelve hours, or when its staff row is
 * disabled. Looking it up is no use of it: a page asks by itself as long as it is open.
 *
 * Offices that nobody holds fall to the system administrator, and leave them the moment somebody holds them: so a new
 * installation can be run at all, and one where the offices are filled is separated without a switch.
 */
import { createHash, randomBytes } from 'node:crypto'
import { needsFactor, type Actor, type FactorRule, type Office } from '../contract/staff.ts'
import { officesStore } from './offices.store.ts'
import { idleEndsAt, mayBeSpeaking, sessionLengthMs } from './session-rule.ts'
import type { Db, DeskTables } from './tables.ts'

export type SessionsStore = ReturnType<typeof sessionsStore>

const noteEveryMs = 60_000

export type FoundSession = {
  actor: Actor
  displayName: string
  csrf: string
  standsIn: Office[]
  /** The role asks for a second factor, and none is enrolled. */
  mustEnrol: boolean
  /** The account holds an office, and somebody of another one has yet to confirm it. */
  isUnconfirmed: boolean
  idleEndsAt: Date
}
/** `look`: asked by a page that may stand alone. `use`: the person did something themselves. */
export type HowAsked = 'look' | 'use'
type Parts = {
  /** Who must have a second factor. */
  factorRule?: FactorRule
  /** Whether somebody speaks with a citizen on the telephone now. */
  isSpeaking?: (staffId: string) => Promise<boolean>
}

export function sessionsStore(db: Db, { factorRule = 'none', isSpeaking = () => Promise.resolve(false) }: Parts = {}) {
  const d = db.withTables<DeskTables>()
  const note = (token: string, now: Date) =>
    d.updateTable('staff_session').set({ seen_at: now }).where('token_hash', '=', hashOf(token)).execute()

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

    async find(token: string, now: Date, how: HowAsked = 'look'): Promise<FoundSession | undefined> {
      const row = await d
        .selectFrom('staff_session')
        .innerJoin('staff', 'staff.id', 'staff_session.staff_id')
        .leftJoin('staff_totp', 'staff_totp.staff_id', 'staff.id')
        .select(['staff_session.staff_id', 'name', 'display_name', 'work_number', 'roles', 'csrf', 'seen_at'])
        .select(['confirmed_at', 'unconfirmed_by'])
        .where('token_hash', '=', hashOf(token))
        .where('expires_at', '>', now)
        .where('disabled_at', 'is', null)
        .executeTakeFirst()
      if (!row) return undefined
      if (idleEndsAt(row.seen_at, row.roles) <= now) return undefined
      const speaks = mayBeSpeaking(row.seen_at, row.roles, now) && (await isSpeaking(row.staff_id))
      const isUsed = speaks || (how === 'use' && now.getTime() - row.seen_at.getTime() >= noteEveryMs)
      if (isUsed) await note(token, now)
      const { staff_id: staffId, name, work_number: workNumber, roles } = row
      return {
        actor: { staffId, name, workNumber, roles },
        displayName: row.display_name,
        csrf: row.csrf,
        standsIn: roles.includes('administrator') ? await officesStore(db).vacant() : [],
        mustEnrol: needsFactor(factorRule, roles) && row.confirmed_at === null,
        isUnconfirmed: row.unconfirmed_by !== null,
        idleEndsAt: idleEndsAt(isUsed ? now : row.seen_at, roles),
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
