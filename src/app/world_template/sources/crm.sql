-- source: crm   kind: crm   rank: 30
-- Taken down at the counter: dates as 31/12/2023, some fields empty, some nonsense.
select cliente as source_id, nombre as given_name, apellidos as family_name, correo as email, movil as phone,
       calle as address, poblacion as city, cp as postcode, pais as country, nacimiento as birth_date,
       strptime(alta, '%d/%m/%Y') as updated_at
from read_csv('data/crm/*.csv', delim = ';')
