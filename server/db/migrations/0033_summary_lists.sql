-- An agent looks up the conversations in which they had a part. Forward only.
create index episode_of_agent on episode (staff_id, conversation_id) where kind = 'agent';
