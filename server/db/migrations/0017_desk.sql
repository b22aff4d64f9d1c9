-- What agents work with beside the conversation itself. Forward only.

-- What colleagues write for each other. Why not turns of a fifth speaker: every road to a citizen (socket, history,
-- phone) carries turns, and none of them reads this table. after_seq is the last turn when it was written: its place.
create table note (
  id              uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references conversation (id),
  client_id       text not null,
  staff_id        uuid not null references staff (id),
  after_seq       integer not null check (after_seq >= 0),
  text            text not null,
  written_at      timestamptz not null,
  unique (conversation_id, client_id)
);
create index note_of on note (conversation_id, written_at);
create trigger note_append_only before update or delete on note for each row execute function refuse_change();

create table note_mention (
  note_id  uuid not null references note (id),
  staff_id uuid not null references staff (id),
  seen_at  timestamptz,
  primary key (note_id, staff_id)
);
create index note_mention_unseen on note_mention (staff_id) where seen_at is null;

-- Replies that are written once and said often; owner_id null: everybody's.
create table canned_reply (
  id         uuid primary key default gen_random_uuid(),
  owner_id   uuid references staff (id),
  name       text not null,
  text       text not null,
  changed_by uuid not null references staff (id),
  changed_at timestamptz not null,
  unique nulls not distinct (owner_id, name)
);

-- What a 小结 is filed under. One that is used no more stays in the summaries that have it, so its row stays too.
create table summary_tag (
  name       text primary key check (char_length(name) between 1 and 20),
  place      integer generated always as identity,
  is_used    boolean not null default true,
  changed_by uuid references staff (id), -- null: as shipped
  changed_at timestamptz
);
insert into summary_tag (name) values ('政策咨询'), ('办事指引'), ('进度查询'), ('投诉建议'), ('需要回访'), ('其他');

-- What became of approved text that an agent was offered: by the bot, as its draft, or by the search beside the thread.
create table offered_answer (
  id              uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references conversation (id),
  asked_seq       integer not null, -- the citizen's turn that it was offered for
  revision_id     uuid not null references revision (id),
  offered_by      text not null check (offered_by in ('bot', 'search')),
  fate            text not null check (fate in ('accepted', 'edited', 'rejected')),
  said_seq        integer,          -- the turn that it became
  reason          text,
  staff_id        uuid not null references staff (id),
  at              timestamptz not null,
  foreign key (conversation_id, asked_seq) references turn (conversation_id, seq),
  foreign key (conversation_id, said_seq) references turn (conversation_id, seq),
  check ((fate = 'rejected') = (said_seq is null)),
  check (fate = 'rejected' or reason is null),
  unique (conversation_id, said_seq)
);
create unique index offered_answer_rejected on offered_answer (conversation_id, asked_seq, revision_id) where fate = 'rejected';

-- Contacts that a named agent has found to be one person. A row each, so that a mistake is taken back by taking one away;
-- what a citizen calls themselves puts nobody here.
create table verified_contact (
  contact_id uuid primary key references contact (id),
  person_id  uuid not null,
  how        text not null check (how in ('rang_back', 'documents')),
  staff_id   uuid not null references staff (id),
  at         timestamptz not null
);
create index verified_contact_person on verified_contact (person_id);
