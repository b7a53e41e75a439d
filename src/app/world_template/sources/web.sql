-- source: web   kind: web   rank: 70
-- Who looks around is a device, and an account from the moment of logging in. A household may share a tablet.
select "user"->>'$.account' as loyalty_id, "user"->>'$.device' as device_id, id as event_id, "at" as time, type,
       'web' as channel, product->>'$.sku' as sku, utm->>'$.campaign' as campaign_id
from read_json('data/web/*.jsonl', columns = {'id': 'VARCHAR', 'user': 'JSON', 'type': 'VARCHAR', 'at': 'VARCHAR',
                                              'product': 'JSON', 'utm': 'JSON'})
