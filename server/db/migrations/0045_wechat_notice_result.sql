-- That the platform took a notice is not that it arrived: what became of it is told later, by citizen and template.
create index wechat_letter_notice on wechat_letter (openid_hash, at) where way = 'notice';
