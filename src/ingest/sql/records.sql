-- Records and what may link them. Most records have one version; only the others need to be grouped.

create temp table several as select distinct record_id from version_rows where not _is_only;

create temp view only_versions as select * from contact.versions anti join several using (record_id);

create temp view other_versions as select * from contact.versions semi join several using (record_id);

-- One row per record: whom a source knows, and by what. A record known by a device alone is a visitor's until something
-- links it; one whose identifiers all turned out to stand for nothing is nobody's.
create or replace temp macro tells_person(email, phone, loyalty_id, full_name) as
  email is not null or phone is not null or loyalty_id is not null or full_name is not null;

create table records as
select k.record_id, k.source, case when not starts_with(k.record_key, chr(31)) then k.record_key end as source_id,
       k.first_run, v.first_known_at,
       case when not starts_with(k.record_key, chr(31)) or v.has_person then 'person'
            when v.has_device then 'device'
            else 'nothing' end as known_by
from record_keys k
join (select record_id, valid_from as first_known_at, tells_person(email, phone, loyalty_id, full_name) as has_person,
             device_id is not null as has_device
      from only_versions
      union all
      select record_id, min(valid_from), bool_or(tells_person(email, phone, loyalty_id, full_name)),
             bool_or(device_id is not null)
      from other_versions group by record_id) v using (record_id)
order by k.record_id;

-- One row per record, kind and value: what may link records of one person. `first_run` is the run that brought it.
-- identity/identity_job.cpp reads all of it in this order.
create table contact.identifiers as
{identifiers};

-- Names by which a record is known, for the guard of shared identifiers. By name: see there, too.
create table contact.names as
select n.record_id, n.name_key, r.run as first_run
from (select record_id, name_key, version from only_versions where name_key is not null
      union all
      select record_id, name_key, min(version) from other_versions where name_key is not null group by all) n
join version_rows r on r.row = n.version
order by n.name_key, n.record_id;

drop view only_versions; drop view other_versions; drop table several; drop table version_rows;
drop view if exists said; drop table if exists heads;
