-- What colleagues noted of a citizen is taken out with what the citizen said. Why not in 0020_security: that one had run.
drop trigger note_append_only on note;
create trigger note_append_only before update or delete on note for each row execute function refuse_change_but_erasing('text');
