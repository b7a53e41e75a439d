-- From when each customer exists: its first record or its first event, whichever is earlier. Places: {open_columns}.
create or replace view versions as
select i.customer_id, v.record_id, v.source, v.version as seq, v.valid_from as time,
       v.valid_from_utc as time_utc{open_columns}
from contact.versions v join identity i using (record_id);

create or replace table customer_spans as
select customer_id, min(since) as exists_from, min(since)::date as customer_since
from (select customer_id, time as since from versions where customer_id is not null
      union all
      select customer_id, min(time) from events where customer_id is not null group by customer_id)
group by customer_id order by customer_id;
