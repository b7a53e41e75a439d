-- source: visits   kind: visits   rank: 70
-- Check-ins at shop doors, by card or by the telephone that carries the app.
select customer as loyalty_id, device as device_id, visit as event_id, store as store_id, entered_at as time,
       'store_visit' as type, 'store' as channel
from read_csv('data/visits/*.csv', delim = ',', all_varchar = true)
