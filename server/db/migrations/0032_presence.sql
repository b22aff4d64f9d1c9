-- Who set an agent's state: they themselves, or the system, because nobody looked at whom they were given or because no
-- console of theirs was connected. The console says so, in every tab. Forward only.
alter table presence
  add column cause text not null default 'chosen' check (cause in ('chosen', 'unseen', 'gone')),
  add check (cause = 'chosen' or state <> 'online');
