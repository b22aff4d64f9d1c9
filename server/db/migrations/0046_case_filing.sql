-- What a citizen told a member of staff becomes a case as well: who wrote it down, and by which ask of theirs, so that an
-- answer that was lost on its way opens no second case. Forward only.
create table case_filing (
  case_id   uuid primary key references case_file (id),
  staff_id  uuid not null references staff (id),
  client_id text not null,
  unique (staff_id, client_id)
);
create trigger case_filing_append_only before update or delete on case_filing for each row execute function refuse_change();
