-- Waiting counts: after so many minutes whoever waits stands where a place higher would have put them, so that under a load
-- that never ends nobody is passed for ever (desk/handover.ts).
alter table queue_setting add column age_minutes smallint not null default 5 check (age_minutes between 1 and 240);
