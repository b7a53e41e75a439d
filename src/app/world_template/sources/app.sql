-- source: app   kind: app   rank: 70   time_zone: UTC
-- Rows named install and settings are no events: they tell of a telephone and whether it takes push messages.
select ctx->>'$.account' as loyalty_id, ctx->>'$.device' as device_id, id as event_id,
       case when e not in ('install', 'settings') then epoch_ms(t) end as time,
       case when e not in ('install', 'settings') then e end as type,
       case when e not in ('install', 'settings') then 'app' end as channel, sku, campaign as campaign_id,
       push as consent_push, epoch_ms(t) as updated_at
from read_json('data/app/*.jsonl', columns = {'id': 'VARCHAR', 'e': 'VARCHAR', 't': 'BIGINT', 'ctx': 'JSON',
                                              'sku': 'VARCHAR', 'campaign': 'VARCHAR', 'push': 'BOOLEAN'})
