-- Groups of words that citizens use for one and the same thing, kept by editors. Why not similar questions of each entry: one
-- word stands in hundreds of them.
create table synonym (
  id         uuid primary key default gen_random_uuid(),
  words      jsonb not null check (jsonb_typeof(words) = 'array' and jsonb_array_length(words) between 2 and 10),
  staff_id   uuid not null references staff (id),
  changed_at timestamptz not null
);
