-- source: ads   kind: ads   rank: 80
-- The audience is an account where there is one, else the browser's cookie.
select case when starts_with(audience, 'U') then audience end as loyalty_id,
       case when starts_with(audience, 'dv') then audience end as device_id, id as event_id, campaign as campaign_id,
       'ads' as channel, "at" as time,
       case event when 'impression' then 'message_sent' when 'viewed' then 'message_opened'
                  when 'click' then 'message_clicked' when 'hidden' then 'unsubscribed' end as type
from read_csv('data/ads/*.csv', delim = ',', all_varchar = true)
