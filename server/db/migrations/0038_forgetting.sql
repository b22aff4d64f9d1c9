-- Messages that left the house are kept as long as the bureau says, like the rest.
alter table retention drop constraint retention_check,
  add constraint retention_check check (case kind when 'conversations' then days >= 180 when 'callbacks' then days >= 180
    when 'cases' then days >= 1095 when 'attachments' then days >= 30 when 'messages' then days >= 180 else false end);
insert into retention (kind, days, changed_at) values ('messages', 180, 'epoch');
