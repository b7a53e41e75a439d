-- Versions in standard form, the raw values beside them: one row per state of what a source says of a person.
-- Places: said, the versions of a source as they were delivered; traits; valid_from.

select v._record_id as record_id, v._source as source, v._row as version, {valid_from} as valid_from,
       v._valid_utc as valid_from_utc,
       standard_email(v.email) as email, standard_phone(v.phone, v._region) as phone,
       standard_loyalty_id(v.loyalty_id) as loyalty_id, standard_device_id(v.device_id) as device_id,
       coalesce(v._full_name.value,
                nullif(trim(concat_ws(' ', v._given_name.value, v._family_name.value)), '')) as full_name,
       coalesce(v._given_name.value, v._full_name.given) as given_name,
       coalesce(v._family_name.value, v._full_name.family) as family_name,
       coalesce(v._full_name.match_key,
                nullif(trim(concat_ws(' ', v._given_name.match_key, v._family_name.match_key)), '')) as name_key,
       case when v._address is not null then regexp_replace(trim(v.address), '\s+', ' ', 'g') end as address,
       v._address as address_key,
       case when v._city is not null then regexp_replace(trim(v.city), '\s+', ' ', 'g') end as city,
       v._city as city_key, standard_postcode(v.postcode, v._region) as postcode, v._country as country,
       standard_birth_date(v.birth_date, v._region)::date as birth_date, standard_gender(v.gender) as gender,
       nullif(lower(trim(v.acquisition_channel)), '') as acquisition_channel{traits},
       v.source_id, v.email as email_raw, v.phone as phone_raw, v.full_name as full_name_raw,
       v.given_name as given_name_raw, v.family_name as family_name_raw, v.address as address_raw,
       v.city as city_raw, v.postcode as postcode_raw,
       v.country as country_raw, v.birth_date as birth_date_raw, v.gender as gender_raw
from (select *, coalesce(_country, _source_region) as _region
      from (select *, standard_country(country) as _country, standard_full_name(full_name) as _full_name,
                   standard_given_name(given_name) as _given_name, standard_family_name(family_name) as _family_name,
                   standard_address(address) as _address, standard_city(city) as _city
            from ({said}))) v