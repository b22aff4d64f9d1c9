-- From where an act came: the address of the console, masked. Absent for what the system did by itself, and in rows of
-- before, whose hash was made without it. Forward only.
alter table audit add column address text;
create index audit_subject on audit (subject, id desc);
