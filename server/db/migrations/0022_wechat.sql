-- WeChat's official account. An openid is a person's: found by keyed hash, kept sealed for sending alone.
create table wechat_user (
  openid_hash   bytea primary key,
  openid_sealed text not null,
  account       text not null,
  contact_id    uuid references contact (id),
  follows       boolean not null default true,
  message_at    timestamptz,
  message_used  integer not null default 0 check (message_used >= 0),
  moment_at     timestamptz,
  moment_used   integer not null default 0 check (moment_used >= 0),
  changed_at    timestamptz not null
);
create index wechat_user_contact on wechat_user (contact_id);

-- Each thing that the platform told us, once, however often it was sent.
create table wechat_event (
  key_hash     bytea primary key,
  openid_hash  bytea not null,
  kind         text not null,
  raw_sealed   text not null,
  received_at  timestamptz not null,
  reply_sealed text, -- what was answered at once, for a platform that asks again
  done_at      timestamptz
);
create index wechat_event_open on wechat_event (received_at) where done_at is null;

-- Up to where a conversation has been told to its citizen.
create table wechat_line (
  conversation_id uuid primary key references conversation (id),
  openid_hash     bytea not null references wechat_user (openid_hash),
  told_seq        integer not null default 0
);

-- What went out of turns from_seq to to_seq, a row a message. 'sending' is claimed: whoever finds it old knows that
-- nobody knows whether it arrived.
create table wechat_delivery (
  id              bigint generated always as identity primary key,
  conversation_id uuid not null references conversation (id),
  from_seq        integer not null,
  to_seq          integer not null,
  part            smallint not null,
  state           text not null check (state in ('passive', 'sending', 'sent', 'blocked', 'unknown', 'refused')),
  code            integer,
  at              timestamptz not null,
  unique (conversation_id, from_seq, part),
  check (from_seq <= to_seq)
);

create table wechat_token (
  app_id       text primary key,
  token_sealed text not null,
  expires_at   timestamptz not null
);
