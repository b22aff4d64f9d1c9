/**
 * The head of the audit chain, kept where whoever can cut rows off its end does not reach with SQL: a line a day in a file
 * beside the data, and a letter to every auditor. What the chain cannot show of itself, the lines show.
 */
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { AnchorsView } from '../contract/security.ts'
import type { Alerts } from '../desk/alerts.ts'
import { auditStore } from '../desk/audit.store.ts'
import { businessDay } from '../desk/working-days.ts'
import type { Db } from './db/database.ts'

const anchorSchema = z.object({ day: z.string(), id: z.number(), hash: z.string() })
const fileName = 'audit-anchors.jsonl'
const shown = 60

export function auditAnchors({ db, dataDir, alerts, now }: Parts) {
  const file = join(dataDir, fileName)

  /** `torn`: lines that cannot be read. A line was begun as the machine went down, or somebody was at the file. */
  async function kept(): Promise<{ lines: z.infer<typeof anchorSchema>[]; torn: number; isEnded: boolean }> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    const read = text.split('\n').filter(Boolean).map(anchorIn)
    const lines = read.filter((one) => one !== undefined)
    return { lines, torn: read.length - lines.length, isEnded: text === '' || text.endsWith('\n') }
  }

  return {
    /** Once a day; a second time changes nothing. The letter first: it comes once whatever happens, and the line again. */
    async keep(): Promise<void> {
      const day = businessDay(now())
      const head = await auditStore(db).head()
      const { lines, isEnded } = await kept()
      if (!head || lines.some((one) => one.day === day)) return
      await db.transaction().execute((tx) => alerts.chainAnchored(tx, { day, ...head }, now()))
      await appendFile(file, `${isEnded ? '' : '\n'}${JSON.stringify({ day, ...head })}\n`, { mode: 0o600 })
    },

    /** The newest first, each with whether the row is still there as it was. */
    async compare(): Promise<AnchorsView> {
      const { lines, torn } = await kept()
      const newest = lines.slice(-shown).reverse()
      const hashes = await auditStore(db).hashesOf(newest.map(({ id }) => id))
      return { anchors: newest.map((one) => ({ ...one, isKept: hashes.get(one.id) === one.hash })), torn }
    },
  }
}

function anchorIn(line: string): z.infer<typeof anchorSchema> | undefined {
  try {
    return anchorSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

type Parts = { db: Db; dataDir: string; alerts: Alerts; now: () => Date }
export type AuditAnchors = ReturnType<typeof auditAnchors>
