/** Members of staff, as far as the knowledge base knows them: an id to sign with and a name to show. */
import type pg from 'pg'

/** @returns their ids, in the order of the names. */
export async function staffNamed(pool: pg.Pool, ...names: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const name of names) {
    const { rows } = await pool.query<{ id: string }>(
      `insert into staff (name, display_name, work_number, roles, created_at) values ($1, $1, $1, '{editor,reviewer}', $2) returning id`,
      [name, new Date('2026-01-01T00:00:00Z')],
    )
    ids.push(...rows.map(({ id }) => id))
  }
  return ids
}
