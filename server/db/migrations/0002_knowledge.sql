-- Entries and their immutable revisions. The wording never changes after insert; only the review columns move.
create table entry (
  id         text primary key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  pack       text,
  created_at timestamptz not null
);

create table revision (
  id           uuid primary key default gen_random_uuid(),
  entry_id     text not null references entry (id),
  number       integer not null check (number > 0),
  state        text not null check (state in ('draft', 'submitted', 'approved', 'published', 'withdrawn', 'superseded')),
  origin       text not null check (origin in ('pack', 'console')),
  wording      jsonb not null,
  -- Copied out of the wording for the queries below; written once, with it.
  question     text not null,
  topic        text not null,
  region       text check (region ~ '^[0-9]{6}$'),
  insurance    text check (insurance in ('employee', 'resident')),
  valid_from   date not null,
  valid_until  date check (valid_until >= valid_from),
  author_id    uuid references staff (id),
  reviewer_id  uuid references staff (id),
  created_at   timestamptz not null,
  published_at timestamptz,
  unique (entry_id, number),
  -- A pack's text is an example and has no author here; the bureau's own always has, and somebody else approves it.
  check ((origin = 'console') = (author_id is not null)),
  check (reviewer_id is distinct from author_id or reviewer_id is null),
  check (origin = 'pack' or state not in ('approved', 'published', 'superseded') or reviewer_id is not null),
  check ((state in ('published', 'superseded')) <= (published_at is not null))
);
create index revision_published on revision (entry_id) where state = 'published';
create index revision_listed on revision (created_at desc);

create function keep_wording() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (old.entry_id, old.number, old.origin, old.wording, old.question, old.topic, old.region, old.insurance, old.valid_from, old.valid_until, old.author_id, old.created_at)
     is distinct from (new.entry_id, new.number, new.origin, new.wording, new.question, new.topic, new.region, new.insurance, new.valid_from, new.valid_until, new.author_id, new.created_at)
  then raise exception 'a revision is immutable';
  end if;
  return new;
end $$;
create trigger revision_immutable before update or delete on revision for each row execute function keep_wording();

-- One row; its number grows with every change of what is published. Nodes compare it to know that they are stale.
create table knowledge_version (
  only_row boolean primary key default true check (only_row),
  version  bigint not null,
  changed_at timestamptz not null
);
insert into knowledge_version (version, changed_at) values (0, 'epoch');
