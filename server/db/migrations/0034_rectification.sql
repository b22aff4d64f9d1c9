-- 整改: every case has an owner who may work it and can be given another one, follows 12345 where an order changes, and keeps
-- what its first contact was counted from, so that a calendar that is put right moves it as it moves the deadline. Forward only.
alter table case_file
  add column contact_from date,
  add column contact_days smallint check (contact_days >= 0),
  -- The day that 12345 set, while it binds the count: more time that we gave, or a case begun anew, goes by our own rule.
  add column latest_on date;
-- Whoever was sent back from an appeal was to be contacted anew from that day on.
update case_file f set
  contact_from = coalesce(
    (select (max(e.at) at time zone 'Asia/Shanghai')::date from case_event e
      where e.case_id = f.id and e.from_state = 'appeal' and e.to_state = 'to_verify'),
    (f.opened_at at time zone 'Asia/Shanghai')::date),
  contact_days = (select r.first_contact_days from case_rule r where r.kind = f.kind and r.city in ('', coalesce(f.city, '')) order by r.city desc limit 1),
  latest_on = (select w.due_on from work_order w where w.case_id = f.id and f.extended = 0 and f.reopened = 0);
alter table case_file alter contact_from set not null, alter contact_days set not null;
create index case_file_owner on case_file (owner_id) where closed_at is null;

alter table case_event drop constraint case_event_kind_check;
alter table case_event add constraint case_event_kind_check check (kind in ('opened', 'moved', 'reopened', 're-rated', 'extended', 'urged', 'tried', 'recounted', 'given', 'ordered'));

-- What 12345 says of an order after it was passed on: another deadline, an urge, a withdrawal. The same one twice is one.
-- Its words stand in the event of the case, where they are erased with the case.
create table work_order_change (
  number   text not null references work_order (number),
  kind     text not null check (kind in ('deadline', 'urge', 'withdraw')),
  at       timestamptz not null,
  due_on   date,
  taken_by uuid not null references staff (id),
  taken_at timestamptz not null,
  primary key (number, kind, at),
  check ((kind = 'deadline') = (due_on is not null))
);
create trigger work_order_change_append_only before update or delete on work_order_change for each row execute function refuse_change();

-- The kinds stand in contract/alert.ts, which several parts add to; here only their shape.
alter table staff_alert drop constraint staff_alert_kind_check;
alter table staff_alert add constraint staff_alert_kind_check check (kind ~ '^[a-z]+(\.[a-z-]+)?$');
