-- What is open now, the most recently spoken first: the wall asks for it every few seconds.
create index conversation_open on conversation (last_turn_at desc) where state <> 'closed';
