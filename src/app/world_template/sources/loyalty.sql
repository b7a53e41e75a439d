-- source: loyalty   kind: loyalty   rank: 40
-- Paper forms, scanned: letters and digits that look alike are taken for one another. UTF-16, parted by tabs.
select card as source_id, card as loyalty_id, holder as full_name, e_mail as email, mobile as phone, address,
       town as city, postcode, country, born as birth_date,
       case sms_ok when 'yes' then true when 'no' then false end as consent_sms,
       case post_ok when 'yes' then true when 'no' then false end as consent_print,
       case contact_ok when 'yes' then true when 'no' then false end as consent_staff,
       strptime(changed, '%d-%b-%Y %H:%M:%S') as updated_at
from read_csv('data/loyalty/*.txt', delim = '\t', encoding = 'utf-16le', all_varchar = true)
