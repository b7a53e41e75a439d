-- source: print   kind: other   rank: 80
-- The printer's list of letters: the name as on the loyalty card, the day of posting without an hour. Latin-1.
select customer as source_id, customer as loyalty_id, recipient as full_name, street as address, postcode,
       town as city, country,
       job as event_id, campaign as campaign_id, 'print' as channel, posted_on as time, 'message_sent' as type
from read_csv('data/print/*.csv', delim = ',', encoding = 'latin-1', all_varchar = true)
