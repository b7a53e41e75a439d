-- Records and what may link them.

-- One row per record: whom a source knows, and by what. A record known by a device alone is a visitor's until something
-- links it; one whose identifiers all turned out to stand for nothing is nobody's.
create table records as
select h.record_id, h.source, case when not starts_with(h.record_key, chr(31)) then h.record_key end as source_id,
       h.first_run, min(v.valid_from) as first_known_at,
       case when not starts_with(h.record_key, chr(31))
              or bool_or(coalesce(v.email, v.phone, v.loyalty_id, v.full_name) is not null) then 'person'
            when bool_or(v.device_id is not null) then 'device'
            else 'nothing' end as known_by
from contact.versions v join record_heads h using (record_id)
group by h.record_id, h.source, h.record_key, h.first_run
order by h.record_id;

-- One row per record, kind and value: what may link records of one person. `first_run` is the run that brought it.
create table contact.identifiers as
select record_id, kind, value, min(run) as first_run
from (select c.record_id, r.run, unnest([{'kind': 'email', 'value': c.email}, {'kind': 'phone', 'value': c.phone},
                                         {'kind': 'loyalty_id', 'value': c.loyalty_id},
                                         {'kind': 'device_id', 'value': c.device_id}], recursive := true)
      from contact.versions c join raw_versions r on r.row = c.version
      where c.email is not null or c.phone is not null or c.loyalty_id is not null or c.device_id is not null)
where value is not null
group by record_id, kind, value
order by record_id, kind, value;

-- Names by which a record is known, for the guard of shared identifiers.
create table contact.names as
select c.record_id, c.name_key, min(r.run) as first_run
from contact.versions c join raw_versions r on r.row = c.version
where c.name_key is not null
group by c.record_id, c.name_key
order by c.record_id, c.name_key;

-- The way from a row of the log to its record.
create temp table record_keys as
select record_id, source, record_key from record_heads;
