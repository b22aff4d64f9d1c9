-- Asked at every message of a citizen: does the quota hold anything of this conversation up? Few rows ever are.
create index wechat_delivery_held_up on wechat_delivery (conversation_id) where state = 'blocked';
