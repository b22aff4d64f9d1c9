-- What is to be done with a revision on a later day. Why not valid_from alone: that is part of the text and is judged
-- with it; when the text goes live is decided afterwards, and what is live may have to end without a new text.
create table revision_plan (
  id          uuid primary key default gen_random_uuid(),
  revision_id uuid not null references revision (id),
  move        text not null check (move in ('publish', 'withdraw')),
  on_day      date not null,
  state       text not null default 'waiting' check (state in ('waiting', 'done', 'refused', 'cancelled')),
  refusal     text,
  planned_by  uuid not null references staff (id),
  planned_at  timestamptz not null,
  settled_at  timestamptz,
  check ((state = 'refused') = (refusal is not null)),
  check ((state = 'waiting') = (settled_at is null))
);
create unique index revision_plan_once on revision_plan (revision_id, move) where state = 'waiting';
create index revision_plan_due on revision_plan (on_day) where state = 'waiting';
