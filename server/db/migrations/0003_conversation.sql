-- Who talks, and what was said. A contact is a pseudonym; what identifies it is encrypted and found by keyed hash.
create table contact (
  id         uuid primary key default gen_random_uuid(),
  created_at timestamptz not null
);

create table identity (
  id          uuid primary key default gen_random_uuid(),
  contact_id  uuid not null references contact (id),
  kind        text not null check (kind in ('visitor', 'phone', 'openid')),
  lookup_hash bytea not null,
  sealed      text,
  verified    boolean not null default false,
  created_at  timestamptz not null,
  unique (kind, lookup_hash)
);
create index identity_of on identity (contact_id);

create table conversation (
  id                   uuid primary key default gen_random_uuid(),
  contact_id           uuid not null references contact (id),
  channel              text not null check (channel in ('web', 'wechat', 'phone')),
  state                text not null default 'bot' check (state in ('bot', 'waiting', 'agent', 'closed')),
  agent_id             uuid references staff (id),
  first_asked_agent_id uuid references staff (id), -- 首问负责: set by the first claim, never changed
  region               text check (region ~ '^[0-9]{6}$'),
  insurance            text check (insurance in ('employee', 'resident')),
  misses               smallint not null default 0 check (misses >= 0),
  last_seq             integer not null default 0,
  pending_choices      jsonb,
  started_at           timestamptz not null,
  last_turn_at         timestamptz not null,
  closed_at            timestamptz,
  summary              jsonb,
  check ((state = 'agent') = (agent_id is not null)),
  check ((state = 'closed') = (closed_at is not null))
);
create index conversation_latest on conversation (contact_id, last_turn_at desc);
create index conversation_of_agent on conversation (agent_id) where state = 'agent';
create index conversation_silent on conversation (last_turn_at) where state = 'bot';

create function keep_first_asked() returns trigger language plpgsql as $$
begin
  if old.first_asked_agent_id is not null and new.first_asked_agent_id is distinct from old.first_asked_agent_id
  then raise exception 'the first-asked agent stays';
  end if;
  return new;
end $$;
create trigger conversation_first_asked before update on conversation for each row execute function keep_first_asked();

-- Append-only. seq has no gaps: it is taken from conversation.last_seq in the transaction that holds its lock.
create table turn (
  conversation_id uuid not null references conversation (id),
  seq             integer not null check (seq > 0),
  client_id       text,
  speaker         text not null check (speaker in ('customer', 'bot', 'agent', 'system')),
  staff_id        uuid references staff (id),
  text            text not null,
  extras          jsonb not null default '{}',
  said_at         timestamptz not null,
  primary key (conversation_id, seq),
  unique (conversation_id, client_id),
  check ((speaker = 'agent') = (staff_id is not null))
);
create trigger turn_append_only before update or delete on turn for each row execute function refuse_change();

-- The unit that is rated: the bot's part, one agent's part, the handling of a case.
create table episode (
  id              uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references conversation (id),
  kind            text not null check (kind in ('bot', 'agent', 'case')),
  staff_id        uuid references staff (id),
  started_at      timestamptz not null,
  ended_at        timestamptz,
  ended_by        text check (ended_by in ('goodbye', 'citizen', 'silence', 'handover', 'agent', 'agent_gone', 'reported_back')),
  check ((kind = 'bot') = (staff_id is null)),
  check ((ended_at is null) = (ended_by is null))
);
create unique index episode_open on episode (conversation_id) where ended_at is null and kind in ('bot', 'agent');
create index episode_of on episode (conversation_id, started_at);

-- Where a scripted dialog stands, so that a killed process continues at the same question.
create table dialog_state (
  conversation_id uuid primary key references conversation (id),
  state           jsonb not null,
  changed_at      timestamptz not null
);

-- Which revision was served, with what score, and whether it helped.
create table served_answer (
  conversation_id uuid not null,
  seq             integer not null,
  question        text not null,
  outcome         text not null check (outcome in ('answer', 'ask-back', 'unknown')),
  revision_id     uuid references revision (id),
  score           real not null,
  solved          boolean,
  served_at       timestamptz not null,
  primary key (conversation_id, seq),
  foreign key (conversation_id, seq) references turn (conversation_id, seq),
  check ((outcome = 'answer') = (revision_id is not null))
);
create index served_answer_unknown on served_answer (served_at) where outcome = 'unknown';
