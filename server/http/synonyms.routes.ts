/** 同义词 for editors: what is kept, what a change would do, and the change. */
import type { SynonymEffect } from '../../contract/synonym.ts'
import { synonymsStore } from '../../knowledge/synonyms.store.ts'
import type { Db } from '../db/database.ts'
import { worsenedFields } from '../publishing.ts'
import type { SynonymChanges } from '../synonym-changes.ts'
import type { Doors } from './doors.ts'
import { mustMaySign } from './revision-roles.ts'

type Parts = { db: Db; synonyms: SynonymChanges; refreshKnowledge: () => Promise<void>; now: () => Date }

export function synonymsRoutes(doors: Doors, { db, synonyms, refreshKnowledge, now }: Parts): void {
  const lines = (some: Parameters<typeof worsenedFields>[0]) => worsenedFields(some).map(({ message }) => message)

  doors.open('GET /api/synonyms', async () => ({ groups: await synonymsStore(db).list() }))

  doors.open('POST /api/synonyms/preview', async ({ body }) => {
    const { looked, entries, worse, better } = await synonyms.tried(body, now())
    const told = lines(better.filter(({ row }) => !row.keptBack))
    return { looked, entries, worse: lines(worse), better: told } satisfies SynonymEffect
  })

  doors.open('POST /api/synonyms', async ({ body, signedIn }) => {
    const { staffId, roles } = signedIn.actor
    mustMaySign(roles, body.override)
    await synonyms.change(body, { staffId, now: now() })
    await refreshKnowledge()
    return { ok: true }
  })
}
