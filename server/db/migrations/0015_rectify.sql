-- 整改 to its end: rules of their own for every kind and city, extensions, the ladder of 催办, 督办 and 通报, follow-up
-- calls, and work orders that another hotline (12345) passes on. Forward only.
alter table case_file drop constraint case_file_kind_check;
alter table case_file drop constraint case_file_state_check;
alter table case_file drop constraint case_file_check1; -- the final states and closed_at, said again below
alter table case_file
  alter conversation_id drop not null,
  add column source text not null default 'own' check (source in ('own', '12345')),
  add column rated_staff_id uuid references staff (id),
  add column supervisor_id uuid references staff (id), -- who sees to it that a late or reopened case moves
  add column rung text check (rung in ('remind', 'supervise', 'report')),
  add column extended smallint not null default 0,
  -- What due_on was counted from, so that a year's notice that comes out later can be counted again.
  add column counted_from date,
  add column counted_days smallint check (counted_days >= 0),
  add constraint case_file_kind_check check (kind in ('complaint', 'bad_rating', 'consultation', 'emergency')),
  add constraint case_file_state_check check (state in ('to_verify', 'contacted', 'rectifying', 'to_review', 'reported_back', 'followed_up', 'closed', 'appeal', 'excluded', 'returned')),
  add constraint case_file_final check ((state in ('closed', 'excluded', 'returned')) = (closed_at is not null)),
  add constraint case_file_from check (source = '12345' or conversation_id is not null),
  add constraint case_file_returned check (state <> 'returned' or source = '12345');

-- Days allowed. "working": 工作日; "calendar": every day, so that an emergency on a Sunday is due on that Sunday.
alter table case_rule drop constraint case_rule_kind_check;
alter table case_rule
  add constraint case_rule_kind_check check (kind in ('complaint', 'bad_rating', 'consultation', 'emergency')),
  add constraint case_rule_city check (city = '' or city ~ '^\d{6}$'),
  add column counted_in text not null default 'working' check (counted_in in ('working', 'calendar')),
  add column remind_days smallint not null default 1 check (remind_days >= 0),
  add column report_after_days smallint not null default 5 check (report_after_days >= 1),
  add column extensions smallint not null default 1 check (extensions >= 0),
  add column extension_days smallint not null default 5 check (extension_days >= 0),
  add column attempts smallint not null default 3 check (attempts >= 1);
update case_rule set extension_days = 13 where kind = 'complaint' and city = '';
insert into case_rule (kind, first_contact_days, due_days, counted_in, remind_days, extensions, extension_days)
  values ('consultation', 1, 3, 'working', 1, 1, 3), ('emergency', 0, 0, 'calendar', 0, 0, 0);

update case_file f set
  counted_from = (f.opened_at at time zone 'Asia/Shanghai')::date,
  counted_days = (select r.due_days from case_rule r where r.kind = f.kind and r.city in ('', coalesce(f.city, '')) order by r.city desc limit 1);
alter table case_file alter counted_from set not null, alter counted_days set not null;

-- A rung is climbed once a deadline: firing twice, from two nodes or after a restart, meets this key.
create table case_rung (
  case_id  uuid not null references case_file (id),
  rung     text not null check (rung in ('remind', 'supervise', 'report')),
  due_on   date not null,
  fired_at timestamptz not null,
  primary key (case_id, rung, due_on)
);
create trigger case_rung_append_only before update or delete on case_rung for each row execute function refuse_change();

-- 回访: every call back, reached or not; what was said stands in its event. A round ends when the case is reopened.
create table case_attempt (
  case_id  uuid not null references case_file (id),
  seq      integer not null check (seq > 0),
  round    smallint not null check (round >= 0),
  at       timestamptz not null,
  staff_id uuid not null references staff (id),
  result   text not null check (result in ('satisfied', 'dissatisfied', 'unreachable')),
  next_on  date,
  primary key (case_id, seq)
);
create trigger case_attempt_append_only before update or delete on case_attempt for each row execute function refuse_change();

alter table case_event drop constraint case_event_kind_check;
alter table case_event add constraint case_event_kind_check check (kind in ('opened', 'moved', 'reopened', 're-rated', 'extended', 'urged', 'tried', 'recounted'));

-- A work order of another hotline: taken in once by its own number, and its result given back.
create table work_order (
  number        text primary key,
  case_id       uuid not null unique references case_file (id),
  type          text not null check (type in ('consultation', 'help', 'complaint', 'report', 'suggestion')),
  is_urgent     boolean not null,
  person_sealed text,
  received_at   timestamptz not null,
  due_on        date, -- as the other hotline has it; the earlier of theirs and ours holds
  taken_by      uuid not null references staff (id),
  taken_at      timestamptz not null,
  given_back_at timestamptz,
  given_back_by uuid references staff (id),
  check ((given_back_at is null) = (given_back_by is null))
);

-- Whose number is erased, is nobody by name either.
create function erase_person() returns trigger language plpgsql as $$
begin
  update work_order set person_sealed = null where case_id = new.id;
  return null;
end $$;
create trigger case_file_person after update of contact_sealed on case_file for each row
  when (old.contact_sealed is not null and new.contact_sealed is null) execute function erase_person();

-- The notice that a year's days were entered from, and by whom; shipped years have neither.
alter table holiday_year
  add column notice text,
  add column entered_by uuid references staff (id),
  add column entered_at timestamptz;
