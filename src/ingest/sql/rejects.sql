-- Everything that was not taken: rows of the ingest, values of persons, rows that later passes could not use. Places:
-- {region}, a literal; relations: {versions}, whose values are judged; {ingest_rejects}; {rows}, the log's rows;
-- {kept}, rejects that stand already.

-- Values without a standard form are few: they alone are asked what is wrong with them.
create temp view valued as
select v.*, coalesce(v.country, nullif(s.region, ''), {region}) as _region
from {versions} v join sources s using (source);

-- Kept with those that nothing is wrong with: a condition on the reason might be asked before the others.
create temp table value_rejects as
select version as row, 'country' as column_name, country_raw as value, fault_of_country(country_raw) as reason
from valued where country_raw is not null and country is null
union all
select version, 'email', email_raw, fault_of_email(email_raw)
from valued where email_raw is not null and email is null
union all
select version, 'phone', phone_raw, fault_of_phone(phone_raw, _region)
from valued where phone_raw is not null and phone is null
union all
select version, 'full_name', full_name_raw, fault_of_full_name(full_name_raw)
from valued
where full_name_raw is not null and (full_name is null or given_name_raw is not null or family_name_raw is not null)
union all
select version, 'given_name', given_name_raw, fault_of_given_name(given_name_raw)
from valued where given_name_raw is not null and (given_name is null or full_name_raw is not null)
union all
select version, 'family_name', family_name_raw, fault_of_family_name(family_name_raw)
from valued
where family_name_raw is not null and (family_name is null or full_name_raw is not null)
union all
select version, 'address', address_raw, fault_of_address(address_raw)
from valued where address_raw is not null and address_key is null
union all
select version, 'city', city_raw, fault_of_city(city_raw)
from valued where city_raw is not null and city_key is null
union all
select version, 'postcode', postcode_raw, fault_of_postcode(postcode_raw, _region)
from valued where postcode_raw is not null and postcode is null
union all
select version, 'birth_date', birth_date_raw, fault_of_birth_date(birth_date_raw, _region)
from valued where birth_date_raw is not null and birth_date is null
union all
select version, 'gender', gender_raw, fault_of_gender(gender_raw)
from valued where gender_raw is not null and gender is null;

drop view valued;

create temp table all_rejects as
from {kept}
union all by name
select source, file, delivery, record, line, column_name, value, coalesce(sensitive, true) as sensitive,
       'row' as scope, reason
from {ingest_rejects}
union all by name
select d.source, d.file, l.delivery, l.record, l.line, r.column_name, left(r.value, 200) as value, r.sensitive,
       r.scope, r.reason
from (select *, column_name not in ('country', 'city', 'gender') as sensitive, 'value' as scope
      from value_rejects where reason is not null
      union all by name
      select *, false as sensitive, 'row' as scope from derived_rejects) r
join {rows} l on l.row = r.row join deliveries d using (delivery);

create temp table numbered_rejects as
select row_number() over (order by delivery, record, scope, column_name, reason, value) as reject_id, *
from all_rejects;

create table contact.reject_values as
select reject_id, value from numbered_rejects where sensitive and value is not null order by reject_id;

create table rejects as
select reject_id, source, file, delivery, record, line, column_name,
       case when sensitive then left(value, 1) || '***' else value end as value, sensitive, scope, reason
from numbered_rejects order by reject_id;
