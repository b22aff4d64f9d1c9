-- Telephone calls: what was offered, picked up, heard and why it ended; 接通率 and the 15-second share count these rows.
create table call (
  id              uuid primary key default gen_random_uuid(),
  node            text not null,
  sip_call_id     text not null,
  line            text not null,
  conversation_id uuid references conversation (id),
  offered_at      timestamptz not null,
  picked_up_at    timestamptz,
  person_asked_at timestamptz,
  person_at       timestamptz,
  ended_at        timestamptz,
  ended_by        text check (ended_by in ('caller', 'hotline', 'agent', 'cancelled', 'refused', 'no-ack', 'no-audio', 'session-expired', 'peer-gone', 'failed')),
  unique (node, sip_call_id, offered_at),
  check ((ended_at is null) = (ended_by is null)),
  check (ended_by is distinct from 'refused' or picked_up_at is null)
);
create index call_offered on call (offered_at);
create index call_of on call (conversation_id);

-- Append-only.
create table call_event (
  call_id uuid not null references call (id),
  seq     integer not null check (seq > 0),
  at      timestamptz not null,
  kind    text not null check (kind in ('picked-up', 'heard', 'key', 'engine-changed', 'queued', 'person', 'held', 'resumed', 'bot-again', 'question-left')),
  detail  text,
  primary key (call_id, seq)
);
create trigger call_event_append_only before update or delete on call_event for each row execute function refuse_change();

-- How much of a bot's turn a caller heard before speaking, pressing or hanging up. Written once a playing.
create table turn_heard (
  conversation_id uuid not null,
  seq             integer not null,
  heard           text not null,
  heard_ms        integer not null check (heard_ms >= 0),
  of_ms           integer not null check (of_ms >= 0),
  at              timestamptz not null,
  primary key (conversation_id, seq),
  foreign key (conversation_id, seq) references turn (conversation_id, seq)
);

-- A question that was spoken for the desk, waiting with its callback. Sealed like every other personal thing.
create table left_question (
  callback_id uuid primary key references callback (id),
  sealed      text not null,
  left_at     timestamptz not null
);
