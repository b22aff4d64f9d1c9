/** Skills that conversations may need and who has them, regions, and how much each agent holds, in PostgreSQL. */
import { sql } from 'kysely'
import type { Capacity, Seat, SeatsView, Skill, SkillChange } from '../contract/queue.ts'
import { faultyField, Problem } from '../contract/problem.ts'
import type { QueueTables } from './queue-tables.ts'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'

export type SkillsStore = ReturnType<typeof skillsStore>

export function skillsStore(db: Db) {
  const d = db.withTables<QueueTables>()
  return {
    skills: (): Promise<Skill[]> => d.selectFrom('skill').selectAll().orderBy('name').execute(),

    /** @returns its id. @throws Problem not_found; invalid_input, naming the field, when the name is taken. */
    async keepSkill({ id, name, words }: SkillChange): Promise<string | undefined> {
      if (name === undefined) return id ? removeSkill(id) : undefined
      const taken = await d.selectFrom('skill').select('id').where('name', '=', name).executeTakeFirst()
      if (taken && taken.id !== id) throw faultyField('name', '已有同名的技能')
      const kept = id
        ? await d.updateTable('skill').set({ name, words }).where('id', '=', id).returning('id').executeTakeFirst()
        : await d.insertInto('skill').values({ name, words }).returning('id').executeTakeFirst()
      if (!kept) throw new Problem('not_found', `no skill ${id}`)
      return kept.id
    },

    /** Everybody who has anything of their own; all others serve every region, with no skill, as everybody. */
    async view(): Promise<Omit<SeatsView, 'dutyPhones'>> {
      const skills = await d.selectFrom('skill').selectAll().orderBy('name').execute()
      const has = await d.selectFrom('staff_skill').selectAll().orderBy('skill_id').execute()
      const serves = await d.selectFrom('staff_region').selectAll().orderBy('region').execute()
      const holds = await d.selectFrom('seat_capacity').selectAll().execute()
      const staffIds = new Set([...has, ...serves, ...holds].flatMap(({ staff_id }) => staff_id ?? []))
      const seats = [...staffIds].map((staffId) => ({
        staffId,
        skills: has.filter((one) => one.staff_id === staffId).map((one) => one.skill_id),
        regions: serves.filter((one) => one.staff_id === staffId).map((one) => one.region),
        capacity: capacityIn(holds.find((one) => one.staff_id === staffId)) ?? null,
      }))
      return { skills, seats, everybody: capacityIn(holds.find((one) => one.staff_id === null)) ?? none }
    },

    /** @throws Problem not_found; invalid_input naming the skills that there are not. */
    async keepSeat(staffId: string, { skills, regions, capacity }: Seat): Promise<void> {
      await inTransaction(db, async (tx) => {
        const t = tx.withTables<QueueTables & { staff: { id: string } }>()
        // One writer at a time, who finds the person there.
        const found = await t.selectFrom('staff').select('id').where('id', '=', staffId).forNoKeyUpdate().execute()
        if (found.length === 0) throw new Problem('not_found', `no staff ${staffId}`)
        const known = new Set((await t.selectFrom('skill').select('id').execute()).map(({ id }) => id))
        if (skills.some((id) => !known.has(id))) throw faultyField('skills', '有的技能已被删除，请刷新后再选')
        await t.deleteFrom('staff_skill').where('staff_id', '=', staffId).execute()
        await t.deleteFrom('staff_region').where('staff_id', '=', staffId).execute()
        await t.deleteFrom('seat_capacity').where('staff_id', '=', staffId).execute()
        const has = [...new Set(skills)].map((skill_id) => ({ staff_id: staffId, skill_id }))
        const serves = [...new Set(regions)].map((region) => ({ staff_id: staffId, region }))
        if (has.length > 0) await t.insertInto('staff_skill').values(has).execute()
        if (serves.length > 0) await t.insertInto('staff_region').values(serves).execute()
        if (capacity)
          await t
            .insertInto('seat_capacity')
            .values({ staff_id: staffId, ...capacity })
            .execute()
      })
    },

    async keepEverybodys(capacity: Capacity): Promise<void> {
      await d.updateTable('seat_capacity').set(capacity).where('staff_id', 'is', null).execute()
    },

    /** How much everybody holds, and those who hold otherwise. */
    async capacities(): Promise<{ everybody: Capacity; own: ReadonlyMap<string, Capacity> }> {
      const holds = await d.selectFrom('seat_capacity').selectAll().execute()
      const own = new Map(holds.flatMap((row) => (row.staff_id ? [[row.staff_id, capacityIn(row) ?? none]] : [])))
      return { everybody: capacityIn(holds.find(({ staff_id }) => staff_id === null)) ?? none, own }
    },

    async capacityOf(staffId: string): Promise<Capacity> {
      const rows = await d
        .selectFrom('seat_capacity')
        .selectAll()
        .where((e) => e.or([e('staff_id', '=', staffId), e('staff_id', 'is', null)]))
        .orderBy(sql`staff_id is null`)
        .limit(1)
        .execute()
      return capacityIn(rows[0]) ?? none
    },

    /** One giving at a time to this agent, until the transaction ends: two must not both find the last place free. */
    async lockSeat(staffId: string): Promise<void> {
      const t = db.withTables<{ staff: { id: string } }>()
      await t.selectFrom('staff').select('id').where('id', '=', staffId).forNoKeyUpdate().execute()
    },

    async urgentWords(): Promise<string[]> {
      return (await d.selectFrom('urgent_word').select('word').orderBy('word').execute()).map(({ word }) => word)
    },

    async keepUrgentWords(words: readonly string[]): Promise<void> {
      await inTransaction(db, async (tx) => {
        const t = tx.withTables<QueueTables>()
        await t.deleteFrom('urgent_word').execute()
        if (words.length > 0)
          await t
            .insertInto('urgent_word')
            .values(words.map((word) => ({ word })))
            .execute()
      })
    },
  }

  async function removeSkill(id: string): Promise<undefined> {
    const gone = await d.deleteFrom('skill').where('id', '=', id).executeTakeFirst()
    if (gone.numDeletedRows === 0n) throw new Problem('not_found', `no skill ${id}`)
  }
}

const none: Capacity = { phone: 0, web: 0, wechat: 0 }

function capacityIn(row: Capacity | undefined): Capacity | undefined {
  return row && { phone: row.phone, web: row.web, wechat: row.wechat }
}
