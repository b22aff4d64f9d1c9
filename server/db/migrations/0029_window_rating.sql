-- Whom a visitor of a window names: the number on the clerk's badge, which need not be a member of staff of ours. Without it
-- a bad rating of a window can be put right by nobody in particular. Forward only.
alter table rating
  add column clerk text check (clerk ~ '^[A-Za-z0-9]{1,12}$'),
  add constraint rating_clerk_at_window check (clerk is null or window_id is not null);
