-- What the sources fill, one after the other: see said.sql and versions.sql.

-- A source's first delivery tells of people as they had been for some time. Where its rows bear no date, they hold from
-- the present of the data: the last event that was in once the first ones were, or with the delivery. What is read anew
-- keeps its first instant, so that neither moves.
create temp table delivery_clocks as
with told as (select d.source, d.delivered_at, max(l.time_utc) filter (l."type" is not null) as latest
              from log_rows_all l join deliveries d using (delivery)
              where not d.void group by d.source, d.delivered_at),
present as (select s.source, (select max(latest) from told
                              where delivered_at <= greatest(s.since, (select min(delivered_at) from told
                                                                       where latest is not null))) as instant
            from (select source, min(delivered_at) as since from told group by source) s)
select d.delivery, d.run, d.void, d.delivered_at,
       case when d.first then least(p.instant, d.delivered_at) end as undated_from
from deliveries d left join present p using (source);

-- The way from a row of the log to its record, whose id is the first row that named it, void deliveries included.
create temp table record_keys(record_id bigint, source varchar, record_key varchar, first_run integer);

-- Which rows are versions, with the run that brought them, and whether their record has no other.
create temp table version_rows(source varchar, record_id bigint, row bigint, run integer, valid_utc timestamp,
                               _is_only boolean);
