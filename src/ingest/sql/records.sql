-- Records and what may link them.

-- One row per record: whom a source knows, and by what. A record known by a device alone is a visitor's until something
-- links it; one whose identifiers all turned out to stand for nothing is nobody's.
create table records as
select k.record_id, k.source, case when not starts_with(k.record_key, chr(31)) then k.record_key end as source_id,
       k.first_run, v.first_known_at,
       case when not starts_with(k.record_key, chr(31)) or v.has_person then 'person'
            when v.has_device then 'device'
            else 'nothing' end as known_by
from record_keys k
join (select record_id, min(valid_from) as first_known_at,
             bool_or(email is not null or phone is not null or loyalty_id is not null or full_name is not null)
               as has_person,
             bool_or(device_id is not null) as has_device
      from contact.versions group by record_id) v using (record_id)
order by k.record_id;

create temp view dated_versions as
select v.*, r.run, r._is_only from contact.versions v join version_rows r on r.row = v.version;

-- One row per record, kind and value: what may link records of one person. `first_run` is the run that brought it.
-- It stands by kind, value and record: identity/identity_job.cpp reads it so.
create table contact.identifiers as
{identifiers};

-- Names by which a record is known, for the guard of shared identifiers. They stand by name: see there, too.
create table contact.names as
select record_id, name_key, run as first_run
from (select record_id, name_key, run from dated_versions where _is_only and name_key is not null
      union all
      select record_id, name_key, min(run) from dated_versions where not _is_only and name_key is not null group by all)
order by name_key, record_id;

drop view dated_versions; drop table version_rows;
drop view if exists said; drop table if exists heads;
