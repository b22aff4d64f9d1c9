/** Conversations by what is remembered of them, in PostgreSQL, the newest first. */
import { sql } from 'kysely'
import type { Channel } from '../contract/turn.ts'
import { isShownTo } from '../desk/case-lists.store.ts'
import type { Db } from './tables.ts'

export type ListFilter = {
  /** Whoever looks: is shown no case that came of a rating of themselves. */
  viewerId: string
  /** Only those that are over and in which this agent had a part. */
  ownedBy?: string
  /** Begun in [from, before). */
  from?: Date
  before?: Date
  channel?: Channel
  agentId?: string
  tag?: string
  /** Of a case, or of the order that it answers. */
  caseNumber?: string
  contactIds?: readonly string[]
}
export type Listed = { id: string; startedAt: Date; closedAt?: Date; agentNumbers: string[]; caseNumbers: string[] }

export function conversationListsStore(db: Db) {
  const hadPart = (staffId: string) => sql`exists (select from episode e
    where e.conversation_id = c.id and e.kind = 'agent' and e.staff_id = ${staffId})`
  /** What follows a bad rating is kept from whoever may be the person rated (好差评: 被评价人看不到是谁评的). */
  const shownCase = ({ viewerId, ownedBy }: ListFilter) =>
    sql`${isShownTo(viewerId)} ${ownedBy ? sql`and case_file.kind <> 'bad_rating'` : sql``}`
  const wanted = (f: ListFilter) => sql`from conversation c where true
    ${f.ownedBy ? sql`and c.state = 'closed' and ${hadPart(f.ownedBy)}` : sql``}
    ${f.from ? sql`and c.started_at >= ${f.from}` : sql``} ${f.before ? sql`and c.started_at < ${f.before}` : sql``}
    ${f.channel ? sql`and c.channel = ${f.channel}` : sql``} ${f.agentId ? sql`and ${hadPart(f.agentId)}` : sql``}
    ${f.tag ? sql`and exists (select from summary s where s.conversation_id = c.id and s.tags @> array[${f.tag}])` : sql``}
    ${
      f.caseNumber
        ? sql`and c.id in (select case_file.conversation_id from case_file left join work_order w on w.case_id = case_file.id
            where ${f.caseNumber} in (case_file.number, w.number) and ${shownCase(f)})`
        : sql``
    }
    ${f.contactIds ? sql`and c.contact_id = any(${[...f.contactIds]}::uuid[])` : sql``}`

  return {
    async list(
      filter: ListFilter,
      page: { limit: number; offset: number },
    ): Promise<{ rows: Listed[]; total: number }> {
      const { rows } = await sql<Listed & { closedAt: Date | null }>`
        select c.id, c.started_at as "startedAt", c.closed_at as "closedAt",
          array(select m.work_number from episode e join staff m on m.id = e.staff_id
            where e.conversation_id = c.id and e.kind = 'agent'
            group by m.work_number order by min(e.started_at)) as "agentNumbers",
          array(select case_file.number from case_file where case_file.conversation_id = c.id and ${shownCase(filter)}
            order by case_file.opened_at) as "caseNumbers"
        ${wanted(filter)} order by c.started_at desc, c.id limit ${page.limit} offset ${page.offset}`.execute(db)
      const { rows: counted } = await sql<{ total: number }>`select count(*) as total ${wanted(filter)}`.execute(db)
      const listed = rows.map(({ closedAt, ...row }) => ({ ...row, ...(closedAt && { closedAt }) }))
      return { rows: listed, total: counted[0]?.total ?? 0 }
    },
  }
}
