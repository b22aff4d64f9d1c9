-- What proves a telling where nobody tells that it was read: the delivery of what carried it. By WeChat that is the message
-- of its turn, by telephone the short message with the card. `arrived_at` stays what it was: before the citizen's eyes.
alter table telling
  add column delivered_at timestamptz check (delivered_at >= told_at),
  add column letter_key   text; -- of the outbox's message that carried it
create index telling_by_letter on telling (letter_key) where letter_key is not null;
create index telling_unproved on telling (told_at) where delivered_at is null and letter_key is null;
