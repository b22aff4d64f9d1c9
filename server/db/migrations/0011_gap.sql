-- Questions that nobody answered, gathered into gaps (缺口) until an editor answers or dismisses them. Why tables of their
-- own beside served_answer: what was served is a fact, a gap is work with an owner. Nothing here is deleted by age.
create table gap (
  id               uuid primary key default gen_random_uuid(),
  state            text not null default 'open' check (state in ('open', 'drafting', 'published', 'told', 'dismissed')),
  question         text not null, -- of those asked, the first; masked
  owner_id         uuid references staff (id),
  due_on           date,
  -- The draft that answers it; whatever comes after that revision of the entry counts as well.
  entry_id         text references entry (id),
  revision_number  integer,
  dismissed_reason text,
  opened_at        timestamptz not null,
  last_asked_at    timestamptz not null,
  moved_at         timestamptz not null,
  check ((entry_id is null) = (revision_number is null)),
  check (state not in ('drafting', 'published', 'told') or entry_id is not null),
  check ((state = 'dismissed') = (dismissed_reason is not null))
);
create index gap_listed on gap (state, last_asked_at desc);
create index gap_of_entry on gap (entry_id) where state = 'drafting';

-- gap_id is null where the words ask nothing ("1", "？"): looked at, and not to be looked at again.
create table gap_question (
  conversation_id uuid not null,
  seq             integer not null,
  gap_id          uuid references gap (id),
  contact_id      uuid not null references contact (id),
  cause           text not null check (cause in ('unknown', 'unchosen', 'not_helped', 'bad_rating')),
  question        text not null, -- masked
  compared        text not null, -- normalised, for telling what is alike
  asked_at        timestamptz not null,
  told_at         timestamptz,
  primary key (conversation_id, seq),
  foreign key (conversation_id, seq) references served_answer (conversation_id, seq)
);
create index gap_question_of on gap_question (gap_id, asked_at desc);
create index gap_question_untold on gap_question (contact_id) where told_at is null and gap_id is not null;

-- Up to when served answers have been looked through.
create table gap_look (
  only_row boolean primary key default true check (only_row),
  until    timestamptz not null
);
insert into gap_look (until) values ('epoch');
create index served_answer_at on served_answer (served_at);
