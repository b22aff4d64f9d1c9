-- 佐证: files that prove that something was put right. Of the case and its round: what was done before it was reopened
-- proves nothing of what was done after. Sealed, drawn anew, never changed, deleted with what the case holds. Forward only.
create table case_evidence (
  id             uuid primary key default gen_random_uuid(),
  case_id        uuid not null references case_file (id),
  round          smallint not null check (round >= 0),
  type           text not null check (type in ('image/jpeg', 'image/png', 'application/pdf')),
  name           text not null,
  bytes          integer not null check (bytes > 0),
  content_sealed bytea not null,
  content_hash   bytea not null,
  kept_by        uuid not null references staff (id),
  kept_at        timestamptz not null,
  unique (case_id, round, content_hash)
);
alter table case_evidence alter column content_sealed set storage external;
