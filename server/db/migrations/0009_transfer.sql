-- A conversation on its way from one agent to another. The giver keeps it until the colleague accepts; what was asked
-- and what became of it stays, because an agent's part of a conversation is rated. Forward only.
create table transfer (
  id              uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references conversation (id),
  from_staff_id   uuid not null references staff (id),
  to_staff_id     uuid references staff (id), -- null: back to the queue
  reason          text not null,              -- between colleagues: never shown to the citizen
  asked_at        timestamptz not null,
  state           text not null check (state in ('asked', 'accepted', 'declined', 'expired', 'taken_back', 'void', 'queued')),
  settled_at      timestamptz,
  note            text,
  check ((state = 'asked') = (settled_at is null)),
  check ((to_staff_id is null) = (state = 'queued')),
  check (to_staff_id is distinct from from_staff_id)
);
create unique index transfer_open on transfer (conversation_id) where state = 'asked';
create index transfer_to on transfer (to_staff_id) where state = 'asked';
create index transfer_of on transfer (conversation_id, asked_at desc);

alter table episode drop constraint episode_ended_by_check,
  add constraint episode_ended_by_check check (ended_by in ('goodbye', 'citizen', 'silence', 'handover', 'agent', 'agent_gone', 'reported_back', 'transfer'));
alter table handover drop constraint handover_reason_check,
  add constraint handover_reason_check check (reason in ('asked', 'bot_stuck', 'urgent', 'bot_failed', 'agent_gone', 'transfer'));
