-- What people do: the queue, callbacks, ratings and cases (整改), and the calendar their deadlines follow.
create table handover (
  id              uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references conversation (id),
  reason          text not null check (reason in ('asked', 'bot_stuck', 'urgent', 'bot_failed', 'agent_gone')),
  note            text,
  priority        smallint not null check (priority between 0 and 9),
  asked_at        timestamptz not null,
  claimed_by      uuid references staff (id),
  claimed_at      timestamptz,
  left_at         timestamptz,
  check ((claimed_by is null) = (claimed_at is null)),
  check (claimed_at is null or left_at is null)
);
create unique index handover_waiting on handover (conversation_id) where claimed_at is null and left_at is null;
create index handover_queue on handover (priority desc, asked_at) where claimed_at is null and left_at is null;

create table callback (
  id              uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references conversation (id),
  phone_sealed    text not null,
  phone_masked    text not null,
  asked_at        timestamptz not null,
  due_at          timestamptz not null,
  state           text not null default 'waiting' check (state in ('waiting', 'done')),
  result          text check (result in ('reached', 'not_reached')),
  note            text,
  done_by         uuid references staff (id),
  done_at         timestamptz,
  check ((state = 'done') = (done_by is not null and done_at is not null and result is not null))
);
-- Never doubled: one waiting callback a conversation; booking again keeps its place.
create unique index callback_waiting on callback (conversation_id) where state = 'waiting';
create index callback_due on callback (due_at) where state = 'waiting';

-- Asked once an episode, given once: the second giving finds given_at set.
create table rating (
  id              uuid primary key default gen_random_uuid(),
  episode_id      uuid not null unique references episode (id),
  conversation_id uuid not null references conversation (id),
  asked_at        timestamptz not null,
  closes_at       timestamptz not null,
  level           smallint check (level between 1 and 5),
  reasons         text[] not null default '{}',
  reasons_version integer,
  words           text,
  given_at        timestamptz,
  excluded        boolean not null default false, -- an appeal found it misjudged; the record stays
  check ((given_at is null) = (level is null))
);
create index rating_of on rating (conversation_id);

-- Not named "case", which SQL keeps for itself.
create table case_file (
  id                   uuid primary key default gen_random_uuid(),
  number               text not null unique,
  kind                 text not null check (kind in ('complaint', 'bad_rating')),
  state                text not null check (state in ('to_verify', 'contacted', 'rectifying', 'to_review', 'reported_back', 'followed_up', 'closed', 'appeal', 'excluded')),
  conversation_id      uuid not null references conversation (id),
  rating_id            uuid unique references rating (id),
  owner_id             uuid not null references staff (id),
  text                 text not null,
  contact_sealed       text,
  contact_masked       text,
  city                 text,
  opened_at            timestamptz not null,
  first_contact_due_on date not null,
  due_on               date not null,
  provisional          boolean not null,
  reopened             smallint not null default 0,
  episode_id           uuid references episode (id), -- the handling that the citizen is asked to rate
  closed_at            timestamptz,
  check ((kind = 'bad_rating') = (rating_id is not null)),
  check ((state in ('closed', 'excluded')) = (closed_at is not null))
);
create index case_file_due on case_file (due_on) where closed_at is null;
create sequence case_number;

create table case_event (
  case_id    uuid not null references case_file (id),
  seq        integer not null check (seq > 0),
  at         timestamptz not null,
  staff_id   uuid references staff (id),
  by_whom    text not null check (by_whom in ('officer', 'citizen', 'system')),
  kind       text not null check (kind in ('opened', 'moved', 'reopened', 're-rated')),
  from_state text,
  to_state   text not null,
  note       text not null,
  data       jsonb not null default '{}',
  primary key (case_id, seq),
  check ((by_whom = 'officer') = (staff_id is not null))
);
create trigger case_event_append_only before update or delete on case_event for each row execute function refuse_change();

-- Days allowed, in working days. The row with city '' holds wherever a city has none of its own.
create table case_rule (
  city               text not null default '',
  kind               text not null check (kind in ('complaint', 'bad_rating')),
  first_contact_days smallint not null check (first_contact_days >= 0),
  due_days           smallint not null check (due_days >= first_contact_days),
  primary key (city, kind)
);
insert into case_rule (kind, first_contact_days, due_days) values ('complaint', 1, 13), ('bad_rating', 1, 5);

-- The State Council's yearly notice: days off on a weekday, and Saturdays or Sundays worked instead (调休).
create table holiday_year (
  year integer primary key check (year between 2000 and 2100)
);
create table holiday (
  day  date primary key,
  kind text not null check (kind in ('off', 'worked')),
  name text not null,
  year integer not null references holiday_year (year)
);
