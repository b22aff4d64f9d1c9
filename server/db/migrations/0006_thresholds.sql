-- From which score on a base of knowledge may be believed, as it was found by trying that base on its own questions.
-- Why kept: the trial takes seconds, and every node and every restart would repeat it. The key says which texts were
-- tried and how; a base that was never tried has no row. Forward only.
create table knowledge_thresholds (
  base       text primary key,
  thresholds jsonb not null,
  tried_at   timestamptz not null
);
create index knowledge_thresholds_tried on knowledge_thresholds (tried_at desc);
