-- No account is made with a password that anybody but its holder knows, and nobody makes an administrator alone. Forward only.
alter table staff
  -- Its holder has chosen a password at least once: before that nobody holds the account, nor the office that it is for.
  add column set_up_at timestamptz,
  -- Who gave the account with an office out of hand (made it, or voided its password): it may do nothing until somebody of
  -- another office has confirmed that its holder is who opened the link.
  add column unconfirmed_by uuid references staff (id);
update staff set set_up_at = created_at where password_hash is not null;

-- The last passwords of an account, none of which may come again.
create table password_history (
  staff_id      uuid not null references staff (id),
  password_hash text not null,
  set_at        timestamptz not null,
  primary key (staff_id, password_hash)
);
insert into password_history (staff_id, password_hash, set_at)
  select id, password_hash, created_at from staff where password_hash is not null;
