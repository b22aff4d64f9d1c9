-- The desk phone of a member of staff: the name under which it registers with the phone process. One phone, one person,
-- so that whoever answers it is known. Forward only.
alter table staff add column extension text unique check (extension ~ '^[0-9]{2,6}$');
