-- source: email   kind: email   rank: 50   time_zone: America/New_York
select subscriber as loyalty_id, id as event_id, campaign as campaign_id, 'email' as channel,
       strptime(event_time, '%m/%d/%Y %I:%M:%S %p') as time,
       case event when 'delivered' then 'message_sent' when 'open' then 'message_opened'
                  when 'click' then 'message_clicked' when 'bounce' then 'message_bounced'
                  when 'unsubscribe' then 'unsubscribed' end as type
from read_csv('data/email/*.csv', delim = ',', all_varchar = true)
