-- Up to where the citizen has read, as the page before their eyes told.
alter table conversation
  add column read_seq integer not null default 0,
  add column read_at  timestamptz,
  add constraint conversation_read check ((read_seq = 0) = (read_at is null));

-- 一次性告知: all that a matter needs was told: to whom, by whom, and when it was before the citizen's eyes.
create table telling (
  conversation_id uuid not null,
  seq             integer not null,
  contact_id      uuid not null references contact (id),
  entry_id        text not null references entry (id),
  revision_id     uuid not null references revision (id),
  question        text not null, -- as it was worded then
  staff_id        uuid references staff (id), -- null: the bot
  told_at         timestamptz not null,
  arrived_at      timestamptz check (arrived_at >= told_at),
  primary key (conversation_id, seq),
  foreign key (conversation_id, seq) references turn (conversation_id, seq)
);
create index telling_to on telling (contact_id, entry_id, told_at);
