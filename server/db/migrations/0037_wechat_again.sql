-- What WeChat did not take for now goes again by itself: 'delayed' goes again at due_at. There, too, a claimed message
-- counts as forsaken, and one whose fate is unknown is sent again under its number. Null: nothing is due any more.
alter table wechat_delivery drop constraint wechat_delivery_state_check;
alter table wechat_delivery
  add column due_at timestamptz,
  add constraint wechat_delivery_state_check
    check (state in ('passive', 'sending', 'sent', 'delayed', 'blocked', 'unknown', 'refused'));
update wechat_delivery set due_at = at + interval '1 minute'
  where state = 'sending' or (state = 'unknown' and message_id is not null and tries < 5);
alter table wechat_delivery add constraint wechat_delivery_due_check
  check (case state when 'sending' then due_at is not null when 'delayed' then due_at is not null
    when 'unknown' then true else due_at is null end);

-- The rounds look at what is due, not at everything that was ever sent.
create index wechat_delivery_due on wechat_delivery (due_at) where due_at is not null;
-- Asked whenever something is told: was anything before it held up?
drop index wechat_delivery_held_up;
create index wechat_delivery_held_up on wechat_delivery (conversation_id) where state in ('blocked', 'delayed');
-- Counted over the last minutes, to tell administrators of it.
create index wechat_delivery_failed on wechat_delivery (at) where state in ('refused', 'unknown');
-- Looked through every few seconds for what was said and told to nobody.
create index conversation_wechat on conversation (last_turn_at) where channel = 'wechat';

-- An event that fails again and again is given up, and keeps nobody else's waiting.
alter table wechat_event add column tries smallint not null default 0;

-- 'wechat.failing': WeChat takes nothing.
alter table staff_alert drop constraint if exists staff_alert_kind_check;
alter table staff_alert add constraint staff_alert_kind_check check (kind ~ '^[a-z]+(\.[a-z-]+)?$');
