/** Reading what the platform announced, on a real database: whatever fails and wherever, nothing is lost, nothing comes twice. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WechatRefusal } from '../../wechat/api.ts'
import type { KeptKfMessage } from '../../wechat/kf/accounts.store.ts'
import { kfPuller } from '../../wechat/kf/puller.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await aDatabase()
  // A commit that fails half way, when a test asks for it.
  await database.pool.query(`
    create table failing (account text primary key);
    create function fail() returns trigger language plpgsql as $$
    begin
      if exists (select from failing where account = new.open_kfid) then raise exception 'the disk is full'; end if;
      return new;
    end $$;
    create trigger fails before insert on wechat_kf_message for each row execute function fail()`)
})
afterAll(() => database.drop())

const sealer = {
  seal: (plain: string) => plain,
  open: (sealed: string) => sealed,
  lookupHash: (identifier: string) => Buffer.from(identifier),
}
const log = { warn: () => undefined }

/** An account at the platform, which may be out of reach for one call. */
function aPlatform() {
  const openKfid = `wk${randomUUID()}`
  const list: { msgid: string }[] = []
  const asked: { cursor?: string; token?: string }[] = []
  const platform = {
    ...{ openKfid, list, asked, pageSize: 2, isAway: false, awayAfter: Infinity },
    refusesToken: false,
    write(count: number, at = new Date()): void {
      for (let n = 0; n < count; n++) {
        const about = { external_userid: 'wm1', origin: 3, msgtype: 'text', text: { content: String(list.length) } }
        list.push({ msgid: `m${list.length}`, send_time: Math.floor(at.getTime() / 1_000), ...about } as {
          msgid: string
        })
      }
    },
    call(_path: string, body: unknown): Promise<unknown> {
      const { cursor, token } = body as { cursor?: string; token?: string }
      asked.push({ ...(cursor !== undefined && { cursor }), ...(token !== undefined && { token }) })
      if (platform.isAway || platform.awayAfter-- <= 0) {
        platform.isAway = false
        platform.awayAfter = Infinity
        return Promise.reject(new TypeError('fetch failed'))
      }
      if (platform.refusesToken && token !== undefined) return Promise.reject(new WechatRefusal(95_007, 'bad token'))
      const from = Number(cursor ?? 0)
      const to = Math.min(list.length, from + platform.pageSize)
      const page = { next_cursor: String(to), has_more: to < list.length ? 1 : 0, msg_list: list.slice(from, to) }
      return Promise.resolve(page)
    },
  }
  return platform
}
type Platform = ReturnType<typeof aPlatform>

/** A process that reads; what it has in memory dies with it. */
function aProcess(platform: Platform, now = () => new Date()) {
  const taken: KeptKfMessage[] = []
  const take = (kept: readonly KeptKfMessage[]) => void taken.push(...kept)
  return { taken, ...kfPuller({ db: database.db, api: platform, sealer, take, log, now }) }
}

async function keptOf({ openKfid }: Platform): Promise<string[]> {
  const sql = 'select raw_sealed from wechat_kf_message where open_kfid = $1 order by seq'
  const { rows } = await database.pool.query<{ raw_sealed: string }>(sql, [openKfid])
  return rows.map((row) => (JSON.parse(row.raw_sealed) as { msgid: string }).msgid)
}
const idsOf = (messages: readonly { rawSealed: string }[]) =>
  messages.map(({ rawSealed }) => (JSON.parse(rawSealed) as { msgid: string }).msgid)
async function fails(openKfid: string, isFailing: boolean): Promise<void> {
  await database.pool.query(
    isFailing ? 'insert into failing values ($1) on conflict do nothing' : 'delete from failing where account = $1',
    [openKfid],
  )
}

it('reads every page to the end, in order', async () => {
  const platform = aPlatform()
  const process = aProcess(platform)
  platform.write(7)
  await process.announced(platform.openKfid, 'T')
  await process.settled()
  expect(await keptOf(platform)).toEqual(platform.list.map(({ msgid }) => msgid))
  expect(idsOf(process.taken)).toEqual(platform.list.map(({ msgid }) => msgid))
  expect(platform.asked.map(({ cursor }) => cursor)).toEqual([undefined, '2', '4', '6'])
})

it('goes on between two pages where another process died, and loses and doubles nothing', async () => {
  const platform = aPlatform()
  platform.write(6)
  const first = aProcess(platform)
  platform.awayAfter = 1
  await first.announced(platform.openKfid, 'T')
  await first.settled()
  expect(await keptOf(platform)).toEqual(['m0', 'm1'])
  const second = aProcess(platform)
  await second.pullBehind()
  expect(await keptOf(platform)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5'])
  expect(idsOf([...first.taken, ...second.taken])).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5'])
})

it('moves the cursor only together with the page behind it', async () => {
  const platform = aPlatform()
  platform.write(3)
  const process = aProcess(platform)
  await fails(platform.openKfid, true)
  await process.announced(platform.openKfid, 'T')
  await process.settled()
  expect(process.taken).toEqual([])
  await fails(platform.openKfid, false)
  await process.pullBehind()
  expect(await keptOf(platform)).toEqual(['m0', 'm1', 'm2'])
})

it('loses and doubles nothing, whatever fails in whatever order', async () => {
  const step = fc.oneof(
    fc.record({ does: fc.constant('write' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ does: fc.constantFrom('away' as const, 'disk' as const, 'restart' as const, 'both' as const) }),
    fc.record({ does: fc.constant('announce' as const), pageSize: fc.integer({ min: 1, max: 4 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const platform = aPlatform()
      const processes = [aProcess(platform), aProcess(platform)]
      for (const one of steps) {
        if (one.does === 'write') platform.write(one.count)
        if (one.does === 'away') platform.isAway = true
        if (one.does === 'disk') await fails(platform.openKfid, true)
        if (one.does === 'restart') processes.unshift(aProcess(platform))
        if (one.does === 'announce') platform.pageSize = one.pageSize
        if (one.does === 'both' || one.does === 'announce') {
          const awake = one.does === 'both' ? processes.slice(0, 2) : processes.slice(0, 1)
          await Promise.all(awake.map((process) => process.announced(platform.openKfid, 'T')))
          await Promise.all(awake.map((process) => process.settled()))
          await fails(platform.openKfid, false)
        }
      }
      const last = aProcess(platform)
      processes.push(last)
      platform.isAway = false
      await fails(platform.openKfid, false)
      await last.announced(platform.openKfid, 'T')
      await last.settled()
      await last.pullBehind()
      const all = platform.list.map(({ msgid }) => msgid)
      expect(await keptOf(platform)).toEqual(all)
      const taken = idsOf(processes.flatMap((process) => process.taken))
      expect(new Set(taken).size).toBe(taken.length)
    }),
    { numRuns: 25 },
  )
})

describe('the token of an announcement', () => {
  it('is given for ten minutes and not after', async () => {
    const platform = aPlatform()
    let now = new Date()
    const process = aProcess(platform, () => now)
    await process.announced(platform.openKfid, 'T1')
    await process.settled()
    now = new Date(now.getTime() + 600_000)
    await process.pull(platform.openKfid)
    expect(platform.asked.map(({ token }) => token)).toEqual(['T1', undefined])
  })

  it('that the platform does not take is left out', async () => {
    const platform = aPlatform()
    platform.refusesToken = true
    platform.write(1)
    const process = aProcess(platform)
    await process.announced(platform.openKfid, 'T1')
    await process.settled()
    expect(await keptOf(platform)).toEqual(['m0'])
    expect(platform.asked.map(({ token }) => token)).toEqual(['T1', undefined])
  })
})

it('does not answer what was said before the account was ever read, and keeps it', async () => {
  const platform = aPlatform()
  platform.write(2, new Date(Date.now() - 3_600_000))
  platform.write(1)
  platform.pageSize = 10
  const process = aProcess(platform)
  await process.announced(platform.openKfid, 'T')
  await process.settled()
  expect(await keptOf(platform)).toHaveLength(3)
  expect(idsOf(process.taken)).toEqual(['m2'])
})
