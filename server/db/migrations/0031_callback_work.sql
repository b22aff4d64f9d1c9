-- Callbacks are worked by one person at a time and never lost: who has one, every try with what came of it, and callers
-- who hung up while they waited for a person (未接来电), to whom a call is owed as well. Forward only.
alter table callback
  add column origin         text not null default 'asked' check (origin in ('asked', 'missed')),
  add column claimed_by     uuid references staff (id),
  add column claimed_at     timestamptz,
  add column asked_again_at timestamptz, -- tries before that do not count any more
  drop constraint callback_result_check,
  add constraint callback_result_check check (result in ('reached', 'not_reached', 'served')),
  add constraint callback_claim_check check ((claimed_by is null) = (claimed_at is null) and (claimed_by is null or state = 'waiting'));
create index callback_claimed on callback (claimed_by) where claimed_by is not null;
create index callback_closed on callback (done_at desc) where state = 'done';

-- `ringing` until it is known what came of it; `broken_off` was never a try of reaching anybody.
create table callback_attempt (
  id              uuid primary key default gen_random_uuid(),
  callback_id     uuid not null references callback (id) on delete cascade,
  staff_id        uuid not null references staff (id),
  at              timestamptz not null,
  outcome         text not null check (outcome in ('ringing', 'reached', 'not_reached', 'broken_off')),
  conversation_id uuid references conversation (id), -- of the call, where it was dialled from here
  note            text,
  check (outcome <> 'ringing' or conversation_id is not null)
);
create index callback_attempt_of on callback_attempt (callback_id, at);
create unique index callback_attempt_ringing on callback_attempt (conversation_id) where outcome = 'ringing';

alter table staff_alert
  drop constraint staff_alert_kind_check,
  add constraint staff_alert_kind_check
    check (kind in ('case.remind', 'case.supervise', 'case.report', 'burst', 'outbox.dead', 'job.dead', 'queue.late', 'callback.late'));
