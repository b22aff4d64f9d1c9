-- What supervisors set about the queue as a whole: whether it gives citizens to agents, and how long a citizen whom an agent
-- waits for may be silent. One row; no mode: as the first start was configured. Forward only.
create table queue_setting (
  is_only     boolean primary key default true check (is_only),
  mode        text check (mode in ('claim', 'assign')),
  ask_minutes smallint not null default 15 check (ask_minutes between 1 and 240), -- then: are you still there
  end_minutes smallint not null default 5 check (end_minutes between 1 and 240)   -- after that: it ends
);
insert into queue_setting default values;
