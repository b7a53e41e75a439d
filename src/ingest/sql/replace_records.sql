-- What a run told anew of records in its place. Places: {told}, the database that holds what was told; {region}, a
-- literal.

delete from contact.versions where record_id in (select record_id from record_keys);
insert into contact.versions by name select * from {told}.contact.versions;

delete from records where record_id in (select record_id from record_keys);
insert into records by name select * from {told}.main.records;

-- These stand in an order.
create or replace table contact.identifiers as
select * from (select * from contact.identifiers anti join record_keys using (record_id)
               union all by name select * from {told}.contact.identifiers)
order by kind, value, record_id;

create or replace table contact.names as
select * from (select * from contact.names anti join record_keys using (record_id)
               union all by name select * from {told}.contact.names)
order by name_key, record_id;

-- What was the birth date of somebody yet to be born may be one now.
create temp table changed_births as
select version, record_id, birth_date
from (select v.version, v.record_id, v.birth_date as former,
             standard_birth_date(v.birth_date_raw,
                                 coalesce(v.country, nullif(s.region, ''), {region}))::date as birth_date
      from contact.versions v join sources s using (source)
      where v.birth_date_raw is not null)
where birth_date is distinct from former;

update contact.versions set birth_date = b.birth_date from changed_births b where b.version = versions.version;
