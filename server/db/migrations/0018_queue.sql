-- The queue that loses nobody: what agents can and how much they hold, why somebody goes first, who is on duty by date,
-- who picks up at which hour. Forward only.
create table skill (
  id    uuid primary key default gen_random_uuid(),
  name  text not null unique check (char_length(name) between 1 and 20),
  words text[] not null default '{}' -- what a citizen says that needs it
);
create table staff_skill (
  staff_id uuid not null references staff (id),
  skill_id uuid not null references skill (id) on delete cascade,
  primary key (staff_id, skill_id)
);
-- Without a row: every region.
create table staff_region (
  staff_id uuid not null references staff (id),
  region   text not null check (region ~ '^[0-9]{6}$'),
  primary key (staff_id, region)
);
-- How much one agent holds at a time. The row of nobody is everybody's who has none of their own.
create table seat_capacity (
  staff_id uuid unique nulls not distinct references staff (id),
  phone    smallint not null check (phone between 0 and 5),
  web      smallint not null check (web between 0 and 20),
  wechat   smallint not null check (wechat between 0 and 20)
);
insert into seat_capacity (staff_id, phone, web, wechat) values (null, 1, 8, 8);

create table urgent_word (
  word text primary key check (char_length(word) between 2 and 20)
);
insert into urgent_word (word) values ('抢救'), ('病危'), ('急诊'), ('救命'), ('等着手术'), ('断药'), ('药快没了');

-- Somebody of sixty or more, as they said themselves or a colleague noted.
create table elder_contact (
  contact_id uuid primary key references contact (id),
  is_elder   boolean not null,
  staff_id   uuid references staff (id), -- null: said so
  at         timestamptz not null
);

alter table handover
  add column flags         text[] not null default '{}' check (flags <@ '{elder,repeat,urgent-word}'),
  add column skill_id      uuid references skill (id) on delete set null,
  add column last_agent_id uuid references staff (id), -- who had them last; after a transfer or a lost agent, who gave them up
  add column assigned      boolean not null default false, -- given by the queue, not taken by hand
  add column taken_up_at   timestamptz, -- whoever it was given to has looked at it
  add column escalated     smallint not null default 0, -- how many of the roster have been told
  add column escalated_at  timestamptz;
create index handover_of on handover (conversation_id, asked_at desc);
create index handover_assigned on handover (claimed_at) where assigned and taken_up_at is null;

-- Who is on duty, by date. Minutes since midnight in the bureau's zone; an end beyond 1440 lies on the next day.
create table shift (
  id          uuid primary key default gen_random_uuid(),
  day         date not null,
  from_minute smallint not null check (from_minute between 0 and 1439),
  to_minute   smallint not null,
  staff_id    uuid not null references staff (id),
  rank        smallint not null check (rank between 1 and 9), -- 1 is told first
  check (to_minute > from_minute and to_minute <= from_minute + 1440),
  unique (day, from_minute, staff_id)
);
create index shift_day on shift (day);

-- Where whoever is on duty is written to when nobody takes somebody who waits.
create table duty_phone (
  staff_id uuid primary key references staff (id),
  sealed   text not null,
  masked   text not null
);

-- Who picks up at which hour, by called number; '' is every number without rows of its own. The first row that fits counts.
create table line_hours (
  line      text not null,
  place     smallint not null,
  on_days   text not null check (on_days in ('workdays', 'restdays', 'every-day', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')),
  from_time text not null check (from_time ~ '^[0-2][0-9]:[0-5][0-9]$'),
  to_time   text not null check (to_time ~ '^[0-2][0-9]:[0-5][0-9]$'),
  mode      text not null check (mode in ('bot-first', 'person-first', 'overflow', 'after-hours')),
  primary key (line, place),
  check (from_time < to_time)
);

-- Never doubled: one waiting callback a number and matter, too. What was asked for twice is in the older one.
alter table callback
  add column phone_hash  bytea,
  add column skill_id    uuid references skill (id) on delete set null, -- the matter
  add column priority    smallint not null default 0,
  add column merged_into uuid references callback (id) on delete cascade,
  drop constraint callback_state_check,
  drop constraint callback_check,
  add constraint callback_state_check check (state in ('waiting', 'done', 'merged')),
  add constraint callback_done_check check ((state = 'done') = (done_by is not null and done_at is not null and result is not null)),
  add constraint callback_merged_check check ((state = 'merged') = (merged_into is not null));
create unique index callback_of_number on callback (phone_hash, coalesce(skill_id, '00000000-0000-0000-0000-000000000000'))
  where state = 'waiting' and phone_hash is not null;
