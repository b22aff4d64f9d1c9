-- The order in which alerts were written, so that a server finds those it has not passed on to the consoles yet.
alter table staff_alert add column place bigint generated always as identity;
create unique index staff_alert_place on staff_alert (place);
