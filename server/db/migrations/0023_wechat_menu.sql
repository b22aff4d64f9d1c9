create table wechat_menu (
  app_id       text primary key,
  menu         jsonb not null,
  published_at timestamptz not null
);
