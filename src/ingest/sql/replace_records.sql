-- What a run told anew of records in its place. Places: {told}, the database that holds what was told; {region}, a
-- literal.

delete from contact.versions where record_id in (select record_id from record_keys);
insert into contact.versions by name select * from {told}.contact.versions;

delete from records where record_id in (select record_id from record_keys);
insert into records by name select * from {told}.main.records;

create temp table former_identifiers as
select kind, value from contact.identifiers semi join record_keys using (record_id);

delete from contact.identifiers where record_id in (select record_id from record_keys);
insert into contact.identifiers by name select * from {told}.contact.identifiers;

delete from contact.names where record_id in (select record_id from record_keys);
insert into contact.names by name select * from {told}.contact.names;

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
