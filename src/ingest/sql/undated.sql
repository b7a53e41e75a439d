-- Since when the rows of a delivery hold that bear no date. A source's first delivery tells of people as they had been
-- for some time: they hold from the present of the data, the last event that was in once the first ones were, or with
-- the delivery. What is read anew keeps its first instant, so that neither moves.
update deliveries set undated_from = c.undated_from
from (with told as (select d.source, d.delivered_at, max(l.time_utc) filter (l."type" is not null) as latest
                    from log_rows_all l join deliveries d using (delivery)
                    where not d.void group by d.source, d.delivered_at),
      present as (select s.source, (select max(latest) from told
                                    where delivered_at <= greatest(s.since, (select min(delivered_at) from told
                                                                             where latest is not null))) as instant
                  from (select source, min(delivered_at) as since from told group by source) s)
      select d.delivery, least(p.instant, d.delivered_at) as undated_from
      from deliveries d left join present p using (source) where d.first) c
where c.delivery = deliveries.delivery;
