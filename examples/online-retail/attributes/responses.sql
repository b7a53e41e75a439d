-- How many orders of the last year came within a week after a message was sent, by channel.
--
-- That they followed does not say that the message brought them: who gets messages buys more anyway. Only these two
-- kinds of events are read, as each needs to know what came before it.
select
  count(*) filter (where type = 'order' and email_sent_at >= time - interval 7 day
                     and time >= $as_of - interval 365 day)                                as orders_after_email_365d,
  count(*) filter (where type = 'order' and sms_sent_at >= time - interval 7 day
                     and time >= $as_of - interval 365 day)                                as orders_after_sms_365d,
  count(*) filter (where type = 'order' and push_sent_at >= time - interval 7 day
                     and time >= $as_of - interval 365 day)                                as orders_after_push_365d
from (select *,
             max(case when type = 'message_sent' and channel = 'email' then time end)
               over (order by time_utc, seq)                            as email_sent_at,
             max(case when type = 'message_sent' and channel = 'sms' then time end)
               over (order by time_utc, seq)                            as sms_sent_at,
             max(case when type = 'message_sent' and channel = 'push' then time end)
               over (order by time_utc, seq)                            as push_sent_at
      from events
      where type in ('order', 'message_sent'))
