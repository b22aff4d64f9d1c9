-- The outbox as it is run: what waits can be stopped, what did not go out goes again by the table, and a table of many
-- thousand rows is put in piece by piece.
alter table outbox_message drop constraint outbox_message_state_check;
alter table outbox_message add constraint outbox_message_state_check
  check (state in ('waiting', 'sending', 'delivered', 'dead', 'opted_out', 'cancelled'));
create index outbox_message_by_kind on outbox_message (kind, queued_at desc);
create index outbox_message_by_recipient on outbox_message (recipient_masked, queued_at desc);

-- The same file goes out again where some of it never did: what each message says decides, not the file.
alter table notice_batch drop constraint notice_batch_kind_file_hash_key;
alter table notice_batch
  -- Rows that were stopped before they were messages.
  add column dropped      integer not null default 0 check (dropped >= 0),
  add column cancelled_at timestamptz,
  add column cancelled_by uuid references staff (id),
  add constraint notice_batch_cancelled check ((cancelled_at is null) = (cancelled_by is null));
create index notice_batch_of_file on notice_batch (kind, file_hash);

-- Rows on their way into the outbox: numbers and words, sealed together. Gone as soon as they are messages.
create table notice_piece (
  batch_id    uuid not null references notice_batch (id),
  number      integer not null,
  row_count   integer not null check (row_count > 0),
  rows_sealed text not null,
  primary key (batch_id, number)
);
