-- Versions in standard form, the raw values beside them. Places: {joins} to `standard`, {traits}, {valid_from}.

create table contact.versions as
select v.record_id, v.source, v.row as version, {valid_from} as valid_from, v.valid_utc as valid_from_utc,
       s_email.value as email, s_phone.value as phone, s_loyalty_id.value as loyalty_id, s_device_id.value as device_id,
       coalesce(s_full_name.value,
                nullif(trim(concat_ws(' ', s_given_name.value, s_family_name.value)), '')) as full_name,
       coalesce(s_given_name.value, s_full_name.given) as given_name,
       coalesce(s_family_name.value, s_full_name.family) as family_name,
       coalesce(s_full_name.match_key,
                nullif(trim(concat_ws(' ', s_given_name.match_key, s_family_name.match_key)), '')) as name_key,
       case when s_address.value is not null then regexp_replace(trim(v.address), '\s+', ' ', 'g') end as address,
       s_address.value as address_key,
       case when s_city.value is not null then regexp_replace(trim(v.city), '\s+', ' ', 'g') end as city,
       s_city.value as city_key, s_postcode.value as postcode, s_country.value as country,
       s_birth_date.value::date as birth_date, s_gender.value as gender,
       nullif(lower(trim(v.acquisition_channel)), '') as acquisition_channel{traits},
       v.source_id, v.email as email_raw, v.phone as phone_raw, v.full_name as full_name_raw,
       v.given_name as given_name_raw, v.family_name as family_name_raw, v.address as address_raw,
       v.city as city_raw, v.postcode as postcode_raw,
       v.country as country_raw, v.birth_date as birth_date_raw, v.gender as gender_raw
from raw_versions v{joins}
order by v.record_id, v.valid_utc, v.row;
