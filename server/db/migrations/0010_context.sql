-- What a conversation is about, so that "需要什么材料" and "那退休的呢" are understood: the topic answered last, the question
-- that waits to hear of a city or insurance, and what was asked for already. Why not columns of conversation: it ends
-- with the topic, while the conversation goes on. One row a conversation, replaced as a whole. Forward only.
create table conversation_context (
  conversation_id uuid primary key references conversation (id),
  context         jsonb not null,
  changed_at      timestamptz not null
);
