-- The half of the golden questions called test is only measured: whoever writes entries must not read it. Runs keep their
-- totals apart from now on, and what was kept of that half's texts goes. Null where a run counted both together.
alter table golden_run
  add column kept_back_correct  integer,
  add column kept_back_offered  integer,
  add column kept_back_withheld integer,
  add column kept_back_wrong    integer,
  add check (num_nulls(kept_back_correct, kept_back_offered, kept_back_withheld, kept_back_wrong) in (0, 4));

-- Which half a row stands in: knowledge/golden.ts, halfOf.
update golden_run set missed = coalesce(
  (select jsonb_agg(m.row) from jsonb_array_elements(missed) as m(row)
    where get_byte(sha256(convert_to(coalesce(m.row ->> 'expected', m.row ->> 'id'), 'UTF8')), 0) % 2 = 0),
  '[]');
