-- 提醒: what the system tells its own staff: a case that is late (催办, 督办, 通报), a topic that is suddenly asked about,
-- messages and jobs that were given up, citizens who wait too long. One row a person and fact, for ever, so that a job
-- that runs twice tells nobody twice. Forward only.
create table staff_alert (
  id       uuid primary key default gen_random_uuid(),
  staff_id uuid not null references staff (id),
  kind     text not null check (kind in ('case.remind', 'case.supervise', 'case.report', 'burst', 'outbox.dead', 'job.dead', 'queue.late')),
  fact     text not null,
  subject  text not null default '', -- what it leads to in the console: a case, an entry, a gap
  text     text not null,
  at       timestamptz not null,
  seen_at  timestamptz,
  unique (staff_id, fact)
);
create index staff_alert_of on staff_alert (staff_id, at desc);
create index staff_alert_unseen on staff_alert (staff_id) where seen_at is null;

-- Where members of staff are written to, beside the number in duty_phone.
create table staff_email (
  staff_id uuid primary key references staff (id),
  sealed   text not null,
  masked   text not null
);

-- Whoever waits too long is told of once a level: amber, then red.
create table late_alert (
  handover_id uuid not null references handover (id) on delete cascade,
  level       text not null check (level in ('amber', 'red')),
  at          timestamptz not null,
  primary key (handover_id, level)
);
