-- Each time the golden questions were tried on what was live, and which of them were not answered rightly. Why kept:
-- a figure that falls must be traced to the publication after which it fell.
create table golden_run (
  id       uuid primary key default gen_random_uuid(),
  began_at timestamptz not null,
  ended_at timestamptz not null,
  cause    text not null check (cause in ('asked', 'published')),
  staff_id uuid references staff (id),
  total    integer not null,
  correct  integer not null,
  offered  integer not null,
  withheld integer not null,
  wrong    integer not null,
  -- Rows that were not answered rightly: {id, question, expected, fate, told}.
  missed   jsonb not null,
  check (total = correct + offered + withheld + wrong)
);
create index golden_run_listed on golden_run (began_at desc);

-- Pairs of entries that somebody has looked at and lets stand.
create table entry_pair_settled (
  kind       text not null check (kind in ('alike', 'contradiction')),
  a          text not null references entry (id),
  b          text not null references entry (id),
  reason     text not null,
  staff_id   uuid not null references staff (id),
  settled_at timestamptz not null,
  primary key (kind, a, b),
  check (a < b)
);
create index served_answer_of_revision on served_answer (revision_id, served_at) where revision_id is not null;
