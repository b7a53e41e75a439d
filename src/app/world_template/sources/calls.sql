-- source: calls   kind: calls   rank: 70
-- Known by the number that called. A landline is a household's; some callers withhold theirs.
select case when number <> 'anonymous' then number end as phone, call as event_id, started as time, 'call' as type,
       'phone' as channel, seconds::bigint as seconds, reason, order_no as about_order
from read_csv('data/calls/*.csv', delim = '|', all_varchar = true)
