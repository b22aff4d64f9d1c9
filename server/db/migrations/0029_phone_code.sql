-- 验证码: a citizen shows that a number is theirs by reading out what was sent to it. The number is kept as the keyed hash by
-- which callers are looked up, the code as a keyed hash of its own. Forward only.
create table phone_code (
  id              uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references conversation (id),
  staff_id        uuid not null references staff (id),
  phone_hash      bytea not null,
  code_hash       bytea not null,
  sent_at         timestamptz not null,
  expires_at      timestamptz not null,
  tries           smallint not null default 0 check (tries between 0 and 5),
  used_at         timestamptz,
  check (expires_at > sent_at)
);
create index phone_code_of_conversation on phone_code (conversation_id, sent_at desc);
create index phone_code_of_number on phone_code (phone_hash, sent_at desc);

alter table verified_contact
  drop constraint verified_contact_how_check,
  add constraint verified_contact_how_check check (how in ('rang_back', 'documents', 'sms_code', 'wechat_scan'));
