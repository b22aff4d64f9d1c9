-- 接口密钥: by which another system hands work orders in and fetches their results, without anybody's password. The key
-- itself is shown once and never kept. Forward only.
create table api_key (
  id           uuid primary key default gen_random_uuid(),
  name         text not null check (char_length(name) between 1 and 40),
  scopes       text[] not null check (scopes <@ '{orders}' and cardinality(scopes) > 0),
  shown        text not null, -- how it begins, to tell it from others
  key_hash     bytea not null unique,
  made_by      uuid not null references staff (id),
  made_at      timestamptz not null,
  expires_at   timestamptz not null,
  revoked_at   timestamptz,
  revoked_by   uuid references staff (id),
  last_used_at timestamptz,
  check (expires_at > made_at),
  check ((revoked_at is null) = (revoked_by is null))
);
create unique index api_key_name on api_key (name) where revoked_at is null;
