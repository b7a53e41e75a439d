-- source: push   kind: push   rank: 60   time_zone: UTC
-- Knows telephones, not people. Times are milliseconds since 1970, UTC.
select "to"->>'$.device' as device_id, id as event_id, campaign as campaign_id, 'push' as channel, epoch_ms(ts) as time,
       case status when 'sent' then 'message_sent' when 'opened' then 'message_opened'
                   when 'tapped' then 'message_clicked'
                   when 'failed' then 'message_bounced' when 'muted' then 'unsubscribed' end as type
from read_json('data/push/*.jsonl')
