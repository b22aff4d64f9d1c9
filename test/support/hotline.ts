/** A whole hotline on a database and a port of its own: what server/main.ts runs, with the rate limits off. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Role } from '../../contract/staff.ts'
import { staff } from '../../desk/staff.ts'
import { build } from '../../server/build.ts'
import { readConfig } from '../../server/config.ts'
import type { Log } from '../../server/log.ts'
import { aKnowingDatabase } from './postgres.ts'

export const root = join(import.meta.dirname, '..', '..')
export const aPassword = 'Correct-Horse-9'

export type TestHotline = Awaited<ReturnType<typeof aHotline>>

export async function aHotline({
  env = {},
  now = () => new Date(),
  log = pino({ level: 'silent' }),
  administrator = true,
}: {
  env?: NodeJS.ProcessEnv
  now?: () => Date
  log?: Log
  /** Whether `admin` can sign in, with `aPassword`. */
  administrator?: boolean
} = {}) {
  const database = await aKnowingDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'budayang-test-'))
  const read = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'silent',
    REQUIRE_TOTP: 'none',
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    ...env,
  })
  if ('refused' in read) throw new Error(read.refused.map((line) => line.told).join('; '))
  const hotline = await build({ config: read.config, log, root, now })
  if (administrator) await staff(hotline.db).ensureAdmin({ password: aPassword }, now())
  const port = await hotline.listen()
  let made = 0

  const opened = {
    ...hotline,
    port,
    url: `http://127.0.0.1:${port}`,
    database,

    /** A member of staff with these roles. */
    async aMember(...roles: Role[]): Promise<{ name: string; password: string; staffId: string; workNumber: string }> {
      const name = `${roles[0]}${++made}`
      const actor = await staff(hotline.db).create({ name, password: aPassword, roles }, now())
      return { name, password: aPassword, staffId: actor.staffId, workNumber: actor.workNumber }
    },

    async close(): Promise<void> {
      await hotline.stop()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
      // The variables of a file outlive it in its worker, and with them a whole index: they are left an empty one.
      for (const part of Object.keys(opened)) Reflect.deleteProperty(opened, part)
    },
  }
  return opened
}
