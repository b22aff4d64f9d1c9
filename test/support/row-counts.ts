/** How many rows every table holds: compared before and after what must not change anything. */
import type pg from 'pg'

/** Written by the server itself some time after its start, whoever asks what. */
const byItself = ['knowledge_thresholds', 'gap', 'gap_question', 'golden_run']

export async function rowCounts(pool: pg.Pool, except: readonly string[] = []): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  )
  const counts: Record<string, number> = {}
  for (const { name } of rows) {
    if (except.includes(name) || byItself.includes(name)) continue
    const counted = await pool.query<{ n: number }>(`select count(*) as n from ${name}`)
    counts[name] = counted.rows[0]?.n ?? 0
  }
  return counts
}
