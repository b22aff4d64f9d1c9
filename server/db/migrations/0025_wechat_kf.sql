-- WeChat beside the official account: the company's customer service (微信客服, "kf") and the mini-program. Each is a
-- road of its own, with ids, tokens and allowances of its own, to the same conversations.
alter table wechat_user add column road text not null default 'oa' check (road in ('oa', 'kf', 'mini'));
alter table wechat_event add column road text not null default 'oa' check (road in ('oa', 'kf', 'mini'));

-- kf takes a number of ours with each message: the same number twice is one message, and a failure told later names it.
alter table wechat_delivery
  add column message_id text unique,
  add column tries smallint not null default 0;

-- A customer service account: how far it was read. calls counts what the platform announced, pulled how much of that was
-- read to its end; where they differ somebody has to read on.
create table wechat_kf_account (
  open_kfid    text primary key,
  cursor       text,
  token_sealed text,
  token_at     timestamptz,
  calls        integer not null default 0,
  pulled       integer not null default 0,
  heard_at     timestamptz,
  check (pulled <= calls)
);

-- What was read, each thing once, in the platform's order; kept in the transaction that moves the cursor.
create table wechat_kf_message (
  seq         bigint generated always as identity unique,
  key_hash    bytea primary key,
  open_kfid   text not null references wechat_kf_account (open_kfid),
  person_hash bytea, -- nobody's for what concerns the account alone
  raw_sealed  text not null,
  received_at timestamptz not null,
  tries       smallint not null default 0,
  done_at     timestamptz
);
create index wechat_kf_message_open on wechat_kf_message (seq) where done_at is null;
create index wechat_kf_message_person on wechat_kf_message (person_hash);

-- Who has the platform's session with a citizen, as far as we were told.
create table wechat_kf_session (
  openid_hash bytea primary key,
  holder      text not null check (holder in ('ours', 'theirs', 'nobody')),
  at          timestamptz not null
);
