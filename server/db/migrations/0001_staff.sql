-- Who works here, who is signed in, and what was done. A staff row without a password hash cannot sign in:
-- it is waiting for its one-time set-up link, so no account with a known password ever exists.
create table staff (
  id            uuid primary key default gen_random_uuid(),
  name          text not null unique,
  display_name  text not null,
  work_number   text not null unique,
  password_hash text,
  roles         text[] not null check (cardinality(roles) > 0 and roles <@ array['agent', 'supervisor', 'editor', 'reviewer', 'officer', 'auditor', 'administrator']),
  failed_tries  integer not null default 0,
  locked_until  timestamptz,
  created_at    timestamptz not null,
  disabled_at   timestamptz
);

create table setup_link (
  token_hash bytea primary key,
  staff_id   uuid not null references staff (id),
  expires_at timestamptz not null,
  used_at    timestamptz
);

-- Named staff_session: only the hash of the cookie is kept, so a copy of the database signs nobody in.
create table staff_session (
  token_hash bytea primary key,
  staff_id   uuid not null references staff (id),
  csrf       text not null,
  created_at timestamptz not null,
  seen_at    timestamptz not null,
  expires_at timestamptz not null
);
create index staff_session_of on staff_session (staff_id);

create table presence (
  staff_id uuid primary key references staff (id),
  state    text not null check (state in ('online', 'busy', 'offline')),
  since    timestamptz not null,
  seen_at  timestamptz not null
);

-- Append-only; each row carries the hash of the one before it, so a removed or changed row shows.
create table audit (
  id       bigint generated always as identity primary key,
  at       timestamptz not null,
  staff_id uuid references staff (id),
  act      text not null,
  subject  text not null,
  detail   jsonb not null default '{}',
  previous text not null,
  hash     text not null unique
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();
