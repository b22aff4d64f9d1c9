-- The number of a caller who hung up while an agent still has the conversation: for the link by which they may rate that
-- part, and for a card that they are yet to be sent. Sealed, gone when the conversation is closed, and within two days.
create table caller_number (
  conversation_id uuid primary key references conversation (id),
  number_sealed   text not null,
  kept_at         timestamptz not null
);
