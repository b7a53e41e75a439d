-- source: decisions   kind: other   rank: 99
-- The marketing department's log: who was to get what, with which probability, and who was left out by lot.
select recipient as loyalty_id, id as event_id, campaign as campaign_id, decided_at as time, 'decision' as type,
       'decision' as channel, propensity::double as propensity, treated::boolean as treated,
       held_out::boolean as held_out
from read_csv('data/decisions/*.csv', delim = ',', all_varchar = true)
