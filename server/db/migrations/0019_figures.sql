-- What is counted, and what is kept of it. Why reports are rows: a week that was reported keeps its numbers, whatever
-- is found out later. Why lists of reasons are rows too: an old rating keeps the list that it was given by.
create table report (
  id          uuid primary key default gen_random_uuid(),
  kind        text not null check (kind in ('week', 'month')),
  from_day    date not null,
  to_day      date not null, -- the last day, counted
  computed_at timestamptz not null,
  figures     jsonb not null,
  check (to_day > from_day),
  unique (kind, from_day)
);
create trigger report_append_only before update or delete on report for each row execute function refuse_change();

-- A version is five rows, one a level.
create table reason_list (
  version integer not null check (version > 0),
  level   smallint not null check (level between 1 and 5),
  reasons text[] not null check (cardinality(reasons) > 0),
  made_at timestamptz not null,
  made_by uuid references staff (id), -- null: as shipped
  primary key (version, level)
);
create trigger reason_list_append_only before update or delete on reason_list for each row execute function refuse_change();
insert into reason_list (version, level, reasons, made_at) values
  (1, 5, array['答复准确', '态度热情', '回应及时', '讲得明白', '一次说清'], '2026-01-01T00:00:00+08:00'),
  (1, 4, array['答复准确', '态度较好', '回应较快', '讲得明白'], '2026-01-01T00:00:00+08:00'),
  (1, 3, array['基本解决', '等候稍久', '讲得不够细'], '2026-01-01T00:00:00+08:00'),
  (1, 2, array['没有解决问题', '答非所问', '等候太久', '态度不好', '没有一次说清', '推诿'], '2026-01-01T00:00:00+08:00'),
  (1, 1, array['没有解决问题', '答复错误', '等候太久', '态度恶劣', '推诿扯皮', '多次往返'], '2026-01-01T00:00:00+08:00');
alter table rating add foreign key (reasons_version, level) references reason_list (version, level);

-- A window (窗口) whose visitors rate by a QR code on its desk. Its code is printed, so it stays; a closed one takes no rating.
create table service_window (
  id        uuid primary key default gen_random_uuid(),
  code      uuid not null unique default gen_random_uuid(),
  name      text not null unique,
  made_at   timestamptz not null,
  made_by   uuid not null references staff (id),
  closed_at timestamptz
);
alter table rating add column window_id uuid references service_window (id);

-- A person was wanted and nobody was there: without this row the bot would seem to have done it alone.
create table person_missed (
  conversation_id uuid not null references conversation (id) on delete cascade,
  at              timestamptz not null,
  reason          text not null,
  primary key (conversation_id, at)
);

-- A visit to a window is rated like any other part, and nobody of ours is named by it.
alter table episode drop constraint episode_kind_check, drop constraint episode_check,
  add constraint episode_kind_check check (kind in ('bot', 'agent', 'case', 'window')),
  add constraint episode_staff_check check ((kind in ('bot', 'window')) = (staff_id is null));

create index conversation_started on conversation (started_at);
create index handover_asked on handover (asked_at);
create index rating_given on rating (given_at) where given_at is not null;
create index rating_asked on rating (asked_at);
create index case_file_opened on case_file (opened_at);
create index case_event_at on case_event (at) where kind in ('re-rated', 'reopened');
create index episode_agent_started on episode (started_at) where kind = 'agent';
create index callback_of on callback (conversation_id);
create index case_file_of on case_file (conversation_id) where conversation_id is not null;
