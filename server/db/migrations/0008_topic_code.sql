-- The four digits by which a caller asks for an entry, as they are printed. Why a table of its own and not a column:
-- a code is given once and outlives what becomes of its entry; nothing here is ever changed or deleted. Forward only.
create table topic_code (
  code     text primary key check (code ~ '^[1-9]{4}$' and code ~ '1'),
  entry_id text not null unique references entry (id),
  given_at timestamptz not null
);
create trigger topic_code_kept before update or delete on topic_code for each row execute function refuse_change();
