-- source: social   kind: social   rank: 95
-- Handles that follow the brand. Rows named profile are no events; few profiles tell an address.
select handle as source_id, handle as loyalty_id, name as full_name, bio_contact as email, id as event_id,
       case when "action" <> 'profile' then happened_at end as time,
       case when "action" <> 'profile' then 'social' end as type,
       case when "action" <> 'profile' then 'social' end as channel, "action" as post_kind, happened_at as updated_at
from read_csv('data/social/*.csv', delim = ',', all_varchar = true)
