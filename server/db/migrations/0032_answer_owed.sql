-- A citizen waits for an answer again and again, not only for the first: whoever waits too long is told of once a level
-- and wait. And whoever owes the answer themselves is asked whether they are still there: by which turn. Forward only.
alter table late_alert
  add column conversation_id uuid references conversation (id) on delete cascade,
  add column since           timestamptz;
update late_alert l set conversation_id = h.conversation_id, since = h.asked_at from handover h where h.id = l.handover_id;
alter table late_alert
  drop constraint late_alert_pkey,
  drop column handover_id,
  alter column conversation_id set not null,
  alter column since set not null,
  add primary key (conversation_id, since, level);

create table still_there (
  conversation_id uuid primary key references conversation (id) on delete cascade,
  seq             integer not null check (seq > 0), -- the turn that asked; whatever is said after it answers it
  asked_at        timestamptz not null
);
