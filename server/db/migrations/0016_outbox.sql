-- What leaves the house: kept with the business that causes it, sent by server/outbox.ts, tried again with the same key
-- until it is taken or nobody tries any more. Recipient and words are sealed: a notice tells of somebody's illness.
create table notice_template (
  kind       text primary key check (kind in ('chronic_review', 'reimbursement', 'payment_due')),
  text       text not null,
  changed_at timestamptz not null,
  changed_by uuid references staff (id)
);
insert into notice_template (kind, text, changed_at) values
  ('chronic_review', '{称呼}您好，您{申请日期}提交的门诊慢特病认定申请，目前进度：{进度}。如需补充材料，请到{办理地点}办理。', '2026-11-22'),
  ('reimbursement', '{称呼}您好，您{受理日期}提交的医疗费用零星报销申请，目前进度：{进度}。', '2026-11-22'),
  ('payment_due', '{称呼}您好，{年度}年度城乡居民基本医疗保险正在缴费，个人缴费{金额}元，请于{截止日期}前缴纳，以免影响待遇。', '2026-11-22');

-- A table of notices that somebody sent. The same file counts once for each kind.
create table notice_batch (
  id        uuid primary key default gen_random_uuid(),
  kind      text not null references notice_template (kind),
  file_hash bytea not null,
  staff_id  uuid not null references staff (id),
  sent_at   timestamptz not null,
  total     integer not null,
  repeated  integer not null,
  unique (kind, file_hash),
  check (repeated between 0 and total)
);
create index notice_batch_listed on notice_batch (sent_at desc);

create table outbox_message (
  id               uuid primary key default gen_random_uuid(),
  idempotency_key  text not null unique,
  channel          text not null check (channel in ('sms', 'email', 'wechat')),
  kind             text not null,
  -- Nobody asked for it: it waits for the day, and not at all for whoever does not want such messages.
  proactive        boolean not null,
  recipient_sealed text not null,
  recipient_masked text not null,
  recipient_hash   bytea not null,
  subject          text check (subject is null or channel = 'email'),
  text_sealed      text not null,
  state            text not null default 'waiting' check (state in ('waiting', 'sending', 'delivered', 'dead', 'opted_out')),
  tries            integer not null default 0,
  queued_at        timestamptz not null,
  next_try_at      timestamptz,
  last_error       text,
  driver           text,
  delivered_at     timestamptz,
  batch_id         uuid references notice_batch (id),
  check ((state in ('waiting', 'sending')) = (next_try_at is not null)),
  check ((state = 'delivered') = (delivered_at is not null)),
  check (state <> 'dead' or last_error is not null)
);
create index outbox_message_listed on outbox_message (queued_at desc, id);
create index outbox_message_of_batch on outbox_message (batch_id) where batch_id is not null;
create index outbox_message_open on outbox_message (next_try_at) where state in ('waiting', 'sending');

create table outbox_opt_out (
  id               uuid primary key default gen_random_uuid(),
  recipient_hash   bytea not null unique,
  recipient_masked text not null,
  at               timestamptz not null,
  -- Absent: the citizen's own answer to a message.
  staff_id         uuid references staff (id)
);
