-- How few of the calls of the last 24 hours were answered: from when supervisors were told until it was well again, so that
-- they are told once a dip however often it is looked, and by whichever node. Forward only.
create table answered_dip (
  began_at timestamptz primary key,
  ended_at timestamptz check (ended_at >= began_at)
);
create unique index answered_dip_open on answered_dip ((true)) where ended_at is null;
