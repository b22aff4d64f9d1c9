-- 小结: one of every agent's part, kept. Why not a column of conversation: a conversation that comes back within a day has
-- several parts, and the second 小结 wrote over the first. after_seq is the last turn when it was written: its place
-- among them. Its tags tell nothing of anybody, so they outlive the words. Forward only.
create table summary (
  episode_id      uuid primary key references episode (id),
  conversation_id uuid not null references conversation (id),
  staff_id        uuid not null references staff (id),
  after_seq       integer not null check (after_seq >= 0),
  text            text not null,
  tags            text[] not null check (cardinality(tags) between 1 and 10),
  solved          boolean not null,
  written_at      timestamptz not null
);
create index summary_of on summary (conversation_id, written_at);
create index summary_written on summary (written_at);
create index summary_tagged on summary using gin (tags);
create trigger summary_append_only before update or delete on summary
  for each row execute function refuse_change_but_erasing('text');

-- What was kept until now belongs to the last part that an agent ended.
insert into summary (episode_id, conversation_id, staff_id, after_seq, text, tags, solved, written_at)
select distinct on (v.id) e.id, v.id, e.staff_id,
  (select coalesce(max(t.seq), 0) from turn t where t.conversation_id = v.id and t.said_at <= e.ended_at),
  v.summary ->> 'text',
  coalesce((select array_agg(distinct tag) from jsonb_array_elements_text(v.summary -> 'tags') tag), '{其他}'),
  coalesce((v.summary ->> 'solved')::boolean, true), e.ended_at
from conversation v join episode e on e.conversation_id = v.id and e.kind = 'agent' and e.ended_by = 'agent'
where v.summary is not null
order by v.id, e.ended_at desc;
alter table conversation drop column summary;
