/**
 * The head of the audit chain, kept where whoever can cut rows off its end does not reach with SQL: a line a day in a file
 * beside the data, and a letter to every auditor. What the chain cannot show of itself, the lines show.
 */
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { AnchorView } from '../contract/security.ts'
import type { Alerts } from '../desk/alerts.ts'
import { auditStore } from '../desk/audit.store.ts'
import { businessDay } from '../desk/working-days.ts'
import type { Db } from './db/database.ts'

const anchorSchema = z.object({ day: z.string(), id: z.number(), hash: z.string() })
const fileName = 'audit-anchors.jsonl'
const shown = 60

export function auditAnchors({ db, dataDir, alerts, now }: Parts) {
  const file = join(dataDir, fileName)

  async function kept(): Promise<z.infer<typeof anchorSchema>[]> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    return text.split('\n').flatMap((line) => (line ? [anchorSchema.parse(JSON.parse(line))] : []))
  }

  return {
    /** Once a day; a second time changes nothing. */
    async keep(): Promise<void> {
      const day = businessDay(now())
      const head = await auditStore(db).head()
      if (!head || (await kept()).some((one) => one.day === day)) return
      await appendFile(file, `${JSON.stringify({ day, ...head })}\n`, { mode: 0o600 })
      await db.transaction().execute((tx) => alerts.chainAnchored(tx, { day, ...head }, now()))
    },

    /** The newest first, each with whether the row is still there as it was. */
    async compare(): Promise<AnchorView[]> {
      const newest = (await kept()).slice(-shown).reverse()
      const hashes = await auditStore(db).hashesOf(newest.map(({ id }) => id))
      return newest.map((one) => ({ ...one, isKept: hashes.get(one.id) === one.hash }))
    },
  }
}

type Parts = { db: Db; dataDir: string; alerts: Alerts; now: () => Date }
export type AuditAnchors = ReturnType<typeof auditAnchors>
