-- Which contact was found to be the same person as which, by whom and when. Why beside verified_contact: that one says
-- only what came of all of it, so a mistake that had joined two groups could not be taken apart again. A person is
-- whoever is held together by joins that stand. Forward only.
create table person_join (
  id         uuid primary key default gen_random_uuid(),
  contact_id uuid not null references contact (id),
  other_id   uuid not null references contact (id), -- the same one: the owner of a number was found on that number
  how        text not null check (how in ('rang_back', 'documents', 'sms_code', 'wechat_scan')),
  staff_id   uuid references staff (id),
  at         timestamptz not null,
  undone_by  uuid references staff (id),
  undone_at  timestamptz,
  check ((how = 'wechat_scan') = (staff_id is null)),
  check ((undone_by is null) = (undone_at is null))
);
create index person_join_of on person_join (contact_id) where undone_at is null;
create index person_join_with on person_join (other_id) where undone_at is null;

-- Of what was joined until now nobody noted with whom: each with the first of their group.
insert into person_join (contact_id, other_id, how, staff_id, at)
select contact_id, first_value(contact_id) over (partition by person_id order by at, contact_id), how, staff_id, at
from verified_contact;
