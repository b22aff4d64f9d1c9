-- What the customer service sent and nobody could work on is seen to its end when it is given up, after five tries, as an
-- event of the official account is: what has no end is never forgotten.
update wechat_kf_message set done_at = received_at where done_at is null and tries >= 5;
