-- source: clienteling   kind: other   rank: 70
-- What sales associates noted: whom they spoke to, and what came of it.
select customer as loyalty_id, id as event_id, associate as associate_id, campaign as campaign_id, 'staff' as channel,
       "at" as time,
       case what when 'contacted' then 'message_sent' when 'answered' then 'message_opened'
                 when 'appointment' then 'message_clicked' when 'not reached' then 'message_bounced'
                 when 'wants no more' then 'unsubscribed' end as type
from read_csv('data/clienteling/*.csv', delim = ';', all_varchar = true)
