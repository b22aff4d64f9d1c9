-- What /public said of a month stays as it was said: a number that changed afterwards, because an appeal was upheld or somebody
-- was forgotten, would tell by the difference what was left out. `content` holds only what the page shows. Forward only.
create table published_month (
  month        date primary key check (extract(day from month) = 1),
  published_at timestamptz not null,
  content      jsonb not null
);
create trigger published_month_append_only before update or delete on published_month for each row execute function refuse_change();
