-- source: crm   kind: crm   rank: 30
-- Taken down at the counter, in Latin-1. Sex is M(ujer) or H(ombre); a landline stands where nobody gave a mobile.
select cliente as source_id, cliente as loyalty_id, nombre as given_name, apellidos as family_name, correo as email,
       movil as phone, calle as address, poblacion as city, cp as postcode, pais as country, nacimiento as birth_date,
       case sexo when 'M' then 'female' when 'H' then 'male' end as gender,
       case acepta_sms when 'S' then true when 'N' then false end as consent_sms,
       case acepta_correo when 'S' then true when 'N' then false end as consent_print,
       case acepta_contacto when 'S' then true when 'N' then false end as consent_staff,
       strptime(alta, '%d/%m/%Y %H:%M:%S') as registered_at, strptime(modificado, '%d/%m/%Y %H:%M:%S') as updated_at
from read_csv('data/crm/*.csv', delim = ';', encoding = 'latin-1', all_varchar = true)
