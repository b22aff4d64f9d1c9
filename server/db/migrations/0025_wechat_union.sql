-- The platform's own word that ids of two roads are one account in WeChat: asked once of each, kept hashed. Whoever comes
-- by a second road and is known by the first is the same contact from then on; two who are both known stay two.
create table wechat_union (
  person_hash bytea primary key,
  union_hash  bytea,
  asked_at    timestamptz not null
);
create index wechat_union_same on wechat_union (union_hash) where union_hash is not null;
