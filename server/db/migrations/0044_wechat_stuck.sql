-- What a citizen sent and nobody could work on is tried again later and later, for hours. Operators see it, with why, and
-- may have it tried at once; when it is given up its citizen is told so, once.
alter table wechat_event
  add column again_at timestamptz,
  add column cause text,
  add column given_up_at timestamptz,
  add column sorry_at timestamptz;
create index wechat_event_stuck on wechat_event (received_at) where tries > 0 and (done_at is null or given_up_at is not null);

alter table wechat_kf_message
  add column again_at timestamptz,
  add column cause text,
  add column given_up_at timestamptz,
  add column sorry_at timestamptz;
create index wechat_kf_message_stuck on wechat_kf_message (received_at)
  where tries > 0 and (done_at is null or given_up_at is not null);
