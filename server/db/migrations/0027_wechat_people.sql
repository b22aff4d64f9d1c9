-- What WeChat does for people beside answering on the spot: notices they agreed to, letters of the outbox, codes by
-- which somebody on the web or on the telephone goes on in WeChat. Forward only.

-- 订阅通知: each "accept" of a template is one more that may be sent, unless the account's kind makes it all of them.
create table wechat_consent (
  openid_hash bytea not null references wechat_user (openid_hash),
  template_id text not null,
  accepted    integer not null default 0 check (accepted >= 0),
  used        integer not null default 0 check (used >= 0),
  refused_at  timestamptz, -- the last word was no
  changed_at  timestamptz not null,
  primary key (openid_hash, template_id)
);

-- A message that no turn stands behind: an agent's notice, a letter of the outbox. Claimed before it goes, so that
-- nothing goes twice; 'sending' that is old went with its process, and nobody knows whether it arrived.
create table wechat_letter (
  key             text primary key,
  openid_hash     bytea not null references wechat_user (openid_hash),
  conversation_id uuid references conversation (id),
  way             text not null check (way in ('message', 'notice')),
  state           text not null check (state in ('sending', 'sent', 'unknown', 'refused')),
  code            integer,
  at              timestamptz not null
);
create index wechat_letter_of on wechat_letter (conversation_id, at) where conversation_id is not null;

-- A code shown to one person elsewhere, to be scanned once in WeChat. What it says is 128 bits of chance, kept hashed;
-- who scans it is asked, and only "agreed" joins.
create table wechat_join (
  token_hash  bytea primary key,
  contact_id  uuid not null references contact (id),
  made_at     timestamptz not null,
  expires_at  timestamptz not null,
  openid_hash bytea references wechat_user (openid_hash),
  scanned_at  timestamptz,
  answer      text check (answer in ('agreed', 'declined')),
  answered_at timestamptz,
  check ((openid_hash is null) = (scanned_at is null)),
  check ((answer is null) = (answered_at is null)),
  check (answer is null or scanned_at is not null)
);
create index wechat_join_asked on wechat_join (openid_hash, scanned_at) where answer is null;

-- One person by their own consent, no colleague having found it.
alter table verified_contact drop constraint verified_contact_how_check;
alter table verified_contact alter column staff_id drop not null;
alter table verified_contact
  add constraint verified_contact_how_check check (how in ('rang_back', 'documents', 'wechat_scan')),
  add constraint verified_contact_by_check check ((how = 'wechat_scan') = (staff_id is null));

-- Where a message goes that its own channel does not take: the whole of it, sealed.
alter table outbox_message add column otherwise_sealed text;

-- Agreed to notices, or left: whoever looks at one of their conversations is told.
create index wechat_line_citizen on wechat_line (openid_hash);
