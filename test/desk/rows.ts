/** Rows that the desk's tables point at, made with as little as a test has to say about them. */
import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Actor, Role } from '../../contract/staff.ts'
import { ratingsStore } from '../../desk/ratings.store.ts'
import type { Sealer } from '../../desk/sealer.ts'
import type { TestDatabase } from '../support/postgres.ts'

export const sundayNoon = new Date('2026-11-22T12:00:00+08:00')

export function hoursAfter(now: Date, hours: number): Date {
  return new Date(now.getTime() + hours * 3_600_000)
}

export async function aConversation(pool: pg.Pool): Promise<string> {
  return oneId(
    pool,
    `with c as (insert into contact (created_at) values ($1) returning id)
     insert into conversation (contact_id, channel, started_at, last_turn_at) select id, 'web', $1, $1 from c returning id`,
    [sundayNoon],
  )
}

export async function anEpisode(pool: pg.Pool, conversationId: string, staffId?: string): Promise<string> {
  return oneId(
    pool,
    `insert into episode (conversation_id, kind, staff_id, started_at, ended_at, ended_by)
     values ($1, $2, $3, $4, $4, 'citizen') returning id`,
    [conversationId, staffId ? 'case' : 'bot', staffId ?? null, sundayNoon],
  )
}

let made = 0

export async function aColleague(pool: pg.Pool, ...roles: Role[]): Promise<Actor> {
  const name = `colleague${++made}`
  const workNumber = `W${String(made).padStart(5, '0')}`
  const staffId = await oneId(
    pool,
    `insert into staff (name, display_name, work_number, password_hash, roles, created_at)
     values ($1, $1, $2, 'x', $3, $4) returning id`,
    [name, workNumber, roles, sundayNoon],
  )
  return { staffId, name, workNumber, roles }
}

/** A rating of the bot, given at the lowest level. */
export async function aBadRating({ db, pool }: TestDatabase) {
  const conversationId = await aConversation(pool)
  const episodeId = await anEpisode(pool, conversationId)
  const ratings = ratingsStore(db)
  const ratingId = await ratings.ask({ episodeId, conversationId }, sundayNoon)
  const given = { level: 1, reasons: ['答复错误'] } as const
  await ratings.give(ratingId, given, sundayNoon)
  return { ratingId, conversationId, ...given }
}

/** Seals so that a test can see it: not what was handed in, and opened again whole. */
export const aSealer: Sealer = {
  seal: (plain) => `sealed:${Buffer.from(plain).toString('base64')}`,
  open: (sealed) => Buffer.from(sealed.slice('sealed:'.length), 'base64').toString(),
  lookupHash: (identifier) => createHash('sha256').update(identifier).digest(),
}

async function oneId(pool: pg.Pool, sql: string, values: unknown[]): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(sql, values)
  if (!rows[0]) throw new Error('nothing was inserted')
  return rows[0].id
}
