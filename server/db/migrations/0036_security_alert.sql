-- The security administrator is told of what colleagues do out of the ordinary, the auditor of the day's head of the chain.
-- Kinds are named by the contract (contract/alert.ts); here stands only what a kind looks like. Forward only.
alter table staff_alert drop constraint if exists staff_alert_kind_check,
  add constraint staff_alert_kind_check check (kind ~ '^[a-z]+(\.[a-z-]+)?$');
create index audit_at on audit (at);
