-- source: newsletter   kind: email   rank: 50   time_zone: America/New_York
-- The service that sends e-mail stands in New York, and so do its clocks.
select "Subscriber ID" as source_id, "Subscriber ID" as loyalty_id, "Email Address" as email,
       "First Name" as given_name,
       "Last Name" as family_name, "Status" = 'Subscribed' as consent_email,
       strptime("Last Changed", '%m/%d/%Y %I:%M:%S %p') as updated_at
from read_csv('data/newsletter/*.csv', delim = ',', all_varchar = true)
