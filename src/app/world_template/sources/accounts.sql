-- source: accounts   kind: crm   rank: 20
-- Accounts of the web shop. Some people have two. Numbers of accounts, cards and customers never collide (U, L, K), so
-- that each can stand as a loyalty id: that links what silos say of the same number.
select account_id as source_id, account_id as loyalty_id, email, first_name as given_name, last_name as family_name,
       phone, street as address, city, postcode, country, date_of_birth as birth_date,
       ad_cookies = 'yes' as consent_ads,
       updated_at
from read_csv('data/accounts/*.csv', delim = ',', all_varchar = true)
