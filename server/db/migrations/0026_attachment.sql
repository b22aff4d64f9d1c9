-- Files that were sent in a conversation. Their turn is a fact and says what they are; the content stands here, sealed, so
-- that every node finds it and what is taken out is taken out in one place. Why not in DATA_DIR: nodes share PostgreSQL
-- alone, and a backup of it is whole. A row is never changed, only deleted. Forward only.
create table attachment (
  id              uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references conversation (id),
  client_id       text not null, -- of the turn that carries it
  sent_by         text not null check (sent_by in ('customer', 'agent')),
  kind            text not null check (kind in ('image', 'pdf', 'voice', 'video')),
  type            text not null check (type in ('image/jpeg', 'image/png', 'application/pdf', 'audio/amr', 'audio/wav', 'video/mp4')),
  name            text not null,
  bytes           integer not null check (bytes > 0),
  width           integer check (width > 0),
  height          integer check (height > 0),
  content_sealed  bytea not null,
  small_sealed    bytea, -- a picture to be looked at in passing
  kept_at         timestamptz not null,
  unique (conversation_id, client_id),
  check ((kind = 'image') = (width is not null and height is not null and small_sealed is not null))
);
create index attachment_old on attachment (kept_at);
-- Sealed bytes do not shrink.
alter table attachment alter column content_sealed set storage external, alter column small_sealed set storage external;

-- Pictures of papers say more than words do, and are needed for less long.
alter table retention drop constraint retention_check,
  add constraint retention_check check (case kind when 'conversations' then days >= 180 when 'callbacks' then days >= 180 when 'cases' then days >= 1095 when 'attachments' then days >= 30 else false end);
insert into retention (kind, days, changed_at) values ('attachments', 180, 'epoch');
