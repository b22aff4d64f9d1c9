/**
 * What figures are counted from: one query a subject, each row with the moment `at` by which it falls into a stretch
 * of time and whatever can be claimed of it. Other parts' tables are read here and never written.
 *
 * Invariant: no row twice, and no row left out by a join; what is left out of a figure is left out by its `whole`.
 */
import { sql, type RawBuilder } from 'kysely'
import { callbackLine } from '../contract/phone-events.ts'

const zone = sql.lit('Asia/Shanghai')

export const subjectNames = [
  'call',
  'conversation',
  'question',
  'wait',
  'part',
  'tag',
  'rating',
  'asked',
  'case',
  'contact-due',
  'case-due',
  'fix',
] as const
export type Subject = (typeof subjectNames)[number]

/** Columns that every subject has; those it knows nothing of are null. */
export const subjects: Record<Subject, RawBuilder<unknown>> = {
  call: sql`
    select c.id::text as key, c.offered_at as at, 'phone' as channel, null::text as unit, null::int as level,
      null::uuid as agent, null::uuid as at_window, c.line, c.picked_up_at, c.person_at, c.ended_at, c.ended_by,
      c.conversation_id as conversation, null::uuid as case_id
    from call c where c.line <> ${callbackLine}`,

  conversation: sql`
    select v.id::text as key, v.started_at as at, v.channel, null::text as unit, null::int as level,
      null::uuid as agent, null::uuid as at_window, v.state, v.closed_at, v.id as conversation, null::uuid as case_id,
      array(select e.staff_id from episode e where e.conversation_id = v.id and e.kind = 'agent') as served_by,
      array(select f.rated_staff_id from case_file f where f.conversation_id = v.id and f.kind = 'complaint') as complaints_about,
      exists (select from turn t where t.conversation_id = v.id and t.speaker = 'customer') as spoke,
      (exists (select from handover h where h.conversation_id = v.id)
        or exists (select from person_missed m where m.conversation_id = v.id)) as wanted_person,
      (exists (select from handover h where h.conversation_id = v.id and h.reason <> 'transfer'
          and h.claimed_at is null and h.left_at is not null)
        or exists (select from person_missed m where m.conversation_id = v.id)) as missed_person,
      exists (select from handover h where h.conversation_id = v.id and h.reason not in ('transfer', 'agent_gone')) as handed_over,
      exists (select from callback b where b.conversation_id = v.id and b.origin = 'asked') as called_back,
      exists (select from case_file f where f.conversation_id = v.id and f.kind in ('complaint', 'bad_rating')) as has_case,
      (select count(distinct e.staff_id) from episode e where e.conversation_id = v.id and e.kind = 'agent') as agents,
      exists (select from summary s where s.conversation_id = v.id and not s.solved) as left_open,
      exists (${endedParts(sql`true`)}) as was_over,
      exists (${endedParts(sql`exists (select from episode l where l.conversation_id = v.id
        and l.kind in ('bot', 'agent') and l.started_at > e.ended_at)`)}) as reopened
    from conversation v`,

  question: sql`
    select s.conversation_id || ':' || s.seq as key, s.served_at as at, v.channel, null::text as unit,
      null::int as level, null::uuid as agent, null::uuid as at_window, s.question, s.outcome, s.solved, r.question as answered_by,
      s.conversation_id as conversation, null::uuid as case_id
    from served_answer s join conversation v on v.id = s.conversation_id left join revision r on r.id = s.revision_id`,

  wait: sql`
    select h.id::text as key, h.asked_at as at, v.channel, null::text as unit, null::int as level,
      h.claimed_by as agent, null::uuid as at_window, h.reason, h.claimed_at, h.left_at,
      (select min(t.said_at) from turn t where t.conversation_id = h.conversation_id and t.speaker = 'agent'
        and t.said_at >= h.claimed_at) as replied_at, m.work_number,
      h.conversation_id as conversation, null::uuid as case_id
    from handover h join conversation v on v.id = h.conversation_id left join staff m on m.id = h.claimed_by`,

  part: sql`
    select e.id::text as key, e.started_at as at, v.channel, null::text as unit, null::int as level,
      e.staff_id as agent, null::uuid as at_window, e.ended_at, e.ended_by, m.work_number, e.conversation_id as conversation, null::uuid as case_id
    from episode e join conversation v on v.id = e.conversation_id left join staff m on m.id = e.staff_id
    where e.kind = 'agent'`,

  tag: sql`
    select s.episode_id || ':' || t.tag as key, s.written_at as at, v.channel, null::text as unit, null::int as level,
      s.staff_id as agent, null::uuid as at_window, t.tag, s.solved, m.work_number,
      s.conversation_id as conversation, null::uuid as case_id
    from summary s join conversation v on v.id = s.conversation_id join staff m on m.id = s.staff_id
    cross join unnest(s.tags) as t (tag)`,

  rating: ratings(sql`r.given_at`, sql`r.given_at is not null`),
  asked: ratings(sql`r.asked_at`, sql`true`),

  case: cases(sql`f.opened_at`),
  'contact-due': cases(sql`f.first_contact_due_on::timestamp at time zone ${zone}`),
  'case-due': cases(sql`f.due_on::timestamp at time zone ${zone}`),

  fix: sql`
    select f.id || ':' || e.seq as key, e.at, case when p.kind = 'window' then 'window' else v.channel end as channel, null::text as unit, (e.data ->> 'level')::int as level,
      null::uuid as agent, null::uuid as at_window, f.number, f.kind, f.state, e.to_state,
      f.rated_staff_id, f.owner_id, null::uuid as conversation, f.id as case_id
    from case_event e join case_file f on f.id = e.case_id left join conversation v on v.id = f.conversation_id
    left join rating r on r.id = f.rating_id left join episode p on p.id = r.episode_id
    where e.by_whom = 'citizen' and e.data ? 'level'`,
}

/** Who rated stays out of it: neither the conversation nor the minute is among the columns that are shown. */
function ratings(at: RawBuilder<unknown>, which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select r.id::text as key, ${at} as at, case when e.kind = 'window' then 'window' else v.channel end as channel,
      e.kind as unit, r.level::int as level, e.staff_id as agent, r.window_id as at_window, r.given_at, r.excluded,
      r.reasons, r.reasons_version, r.words, m.work_number, w.name as window_name,
      null::uuid as conversation, null::uuid as case_id
    from rating r join episode e on e.id = r.episode_id join conversation v on v.id = r.conversation_id
    left join staff m on m.id = e.staff_id left join service_window w on w.id = r.window_id
    where ${which}`
}

function cases(at: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select f.id::text as key, ${at} as at,
      case when p.kind = 'window' then 'window' else v.channel end as channel,
      null::text as unit, r.level::int as level, null::uuid as agent, null::uuid as at_window,
      f.number, f.kind, f.state, f.opened_at, f.first_contact_due_on, f.due_on, f.closed_at, f.reopened,
      f.rated_staff_id, f.owner_id, f.contact_masked is not null as is_named,
      (f.closed_at at time zone ${zone})::date as closed_on,
      (select (min(e.at) at time zone ${zone})::date from case_event e
        where e.case_id = f.id and e.to_state = 'contacted') as contacted_on,
      exists (select from case_event e where e.case_id = f.id
        and ((e.data ? 'followUp' and e.kind <> 'tried') or (e.by_whom = 'citizen' and e.data ? 'level'))) as followed_up,
      null::uuid as conversation, f.id as case_id
    from case_file f left join conversation v on v.id = f.conversation_id
    left join rating r on r.id = f.rating_id left join episode p on p.id = r.episode_id`
}

/** Parts after which the conversation was over, that is, by which nobody was given it. */
function endedParts(and: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select from episode e where e.conversation_id = v.id and e.kind in ('bot', 'agent')
    and e.ended_by in ('goodbye', 'citizen', 'silence', 'agent') and ${and}`
}
