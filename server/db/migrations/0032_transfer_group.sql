-- A transfer back to the queue may name who is wanted there: those who know a matter, those who serve a region. What is named
-- stands over what is guessed from the citizen's words and over where the conversation is held. Forward only.
alter table handover add column region text check (region ~ '^[0-9]{6}$');
