-- Three separated administrators, a second factor, what a citizen may ask about their own data, and how long things are
-- kept. Why one office a person is a constraint and not only a rule: no path into the table may get around it.
-- "not valid": a row from before that breaks it stays until it is changed. Forward only.
alter table staff drop constraint staff_roles_check,
  add constraint staff_roles_check check (cardinality(roles) > 0 and roles <@ array['agent', 'supervisor', 'editor', 'reviewer', 'officer', 'auditor', 'security', 'administrator']),
  add constraint staff_one_office check (
    (roles @> array['administrator'])::int + (roles @> array['security'])::int + (roles @> array['auditor'])::int <= 1
  ) not valid;

-- The shared secret is sealed like personal data. last_step is the step of the code used last: none before it, nor that
-- one again, is taken.
create table staff_totp (
  staff_id     uuid primary key references staff (id),
  sealed       text not null,
  last_step    bigint not null default 0,
  created_at   timestamptz not null,
  confirmed_at timestamptz
);
create table recovery_code (
  staff_id  uuid not null references staff (id),
  code_hash bytea not null,
  used_at   timestamptz,
  primary key (staff_id, code_hash)
);

-- A table that is emptied leaves no trace in the chain.
create trigger audit_no_truncate before truncate on audit for each statement execute function refuse_change();
revoke update, delete, truncate on audit from public, current_user;
create index audit_act on audit (act, id desc);

-- Append-only but for one thing: what somebody said may be taken out, column by column, by a transaction that says so.
create function refuse_change_but_erasing() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and current_setting('budayang.erasing', true) = 'on'
     and to_jsonb(new) - tg_argv::text[] = to_jsonb(old) - tg_argv::text[]
  then return new;
  end if;
  raise exception '% is append-only', tg_table_name;
end $$;
drop trigger turn_append_only on turn;
create trigger turn_append_only before update or delete on turn for each row execute function refuse_change_but_erasing('text', 'extras');
drop trigger case_event_append_only on case_event;
create trigger case_event_append_only before update or delete on case_event for each row execute function refuse_change_but_erasing('note', 'data');
drop trigger call_event_append_only on call_event;
create trigger call_event_append_only before update or delete on call_event for each row execute function refuse_change_but_erasing('detail');

-- When what was said was taken out; the frame (when, how long, by whom) stays for the figures.
alter table conversation add column erased_at timestamptz;
create index conversation_to_erase on conversation (closed_at) where erased_at is null and closed_at is not null;

-- Passes that a citizen gave back; nothing else says that a signed pass is over.
create table withdrawn_pass (
  lookup_hash  bytea primary key,
  withdrawn_at timestamptz not null
);

-- What a citizen asked about their own data. staff_id is null where the citizen's own pass was the proof.
create table data_request (
  id          uuid primary key default gen_random_uuid(),
  kind        text not null check (kind in ('copy', 'erase')),
  proof       text not null check (proof in ('pass', 'call_back', 'in_person')),
  who         text not null, -- masked
  note        text,
  staff_id    uuid references staff (id),
  asked_at    timestamptz not null,
  -- The contacts to be erased, while a conversation of theirs is still going on.
  contacts    uuid[] not null,
  state       text not null check (state in ('waiting', 'done')),
  done_at     timestamptz,
  found       jsonb not null default '{}',
  check ((state = 'done') = (done_at is not null)),
  check ((proof = 'pass') = (staff_id is null))
);
create index data_request_listed on data_request (asked_at desc);
create index data_request_waiting on data_request (asked_at) where state = 'waiting';

-- Days after which what was said, promised or filed is taken out. The floors stand in contract/security.ts and here.
create table retention (
  kind       text primary key,
  days       integer not null,
  changed_at timestamptz not null,
  staff_id   uuid references staff (id),
  check (case kind when 'conversations' then days >= 180 when 'callbacks' then days >= 180 when 'cases' then days >= 1095 else false end),
  check (days <= 36500)
);
insert into retention (kind, days, changed_at) values ('conversations', 1095, 'epoch'), ('callbacks', 365, 'epoch'), ('cases', 1825, 'epoch');
