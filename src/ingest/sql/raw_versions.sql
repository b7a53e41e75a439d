-- The versions of every record: one row per state of what a source says of a person, from the moment it held.
-- Places: {person_columns} and {qualified_columns} are what is said of a person.

create temp table record_heads as
select source, record_key, row as record_id, run as first_run from log_first_rows;

-- A source's first delivery tells of people as they had been for some time. Where its rows bear no date, they hold from
-- the present of the data: the last event that was in once the first ones were, or with the delivery. What is read anew
-- keeps its first instant, so that neither moves.
create temp table data_present as
with latest as (select delivered_at, max(time_utc) as instant
                from log_rows where "type" is not null group by delivered_at)
select s.source as silo, (select max(instant) from latest
                          where delivered_at <= greatest(s.since, (select min(delivered_at) from latest))) as instant
from (select source, min(delivered_at) as since from log_rows group by source) s;

create temp view said as
select r.source, r.record_key, r.row, hash({person_columns}) as content,
       coalesce(r.updated_at_utc, r.time_utc,
                case when r.first_delivery and r.known_at = r.delivered_at then least(p.instant, r.delivered_at) end,
                r.known_at) as valid_utc
from log_rows r left join data_present p on p.silo = r.source
where r.record_key is not null;

-- What each record said, each content once: most records say one thing all along.
create temp table contents as
select source, record_key, content, min(row) as row, min(valid_utc) as valid_utc
from said group by all;

create temp table changed_records as
select source, record_key from contents group by all having count(*) > 1;

-- A record that said several things may have gone back to an earlier one, so its rows are walked in order.
create temp table version_rows as
select source, record_key, row, valid_utc from contents anti join changed_records using (source, record_key)
union all
select source, record_key, row, valid_utc
from (select source, record_key, row, valid_utc, content,
             row_number() over walk = 1 or content is distinct from lag(content) over walk as changed
      from said semi join changed_records using (source, record_key)
      window walk as (partition by source, record_key order by valid_utc, row))
where changed;

create temp table raw_versions as
select h.record_id, h.first_run, r.run, r.source, r.record_key, r.row, v.valid_utc, ''::varchar as region,
       {qualified_columns}
from version_rows v
join log_rows r on r.row = v.row
join record_heads h on h.source = r.source and h.record_key = r.record_key;

drop view said; drop table data_present;
drop table contents; drop table changed_records; drop table version_rows;

create temp table standard(kind varchar, raw varchar, context varchar, value varchar, match_key varchar,
                           given varchar, family varchar, standing varchar, reason varchar);
