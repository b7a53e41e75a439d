-- Which rows of the log tell of the records in erased_records(record_id), and by what they are known.

create temp table erased_keys as
select distinct d.source, r.record_key
from log_rows_all r join deliveries d using (delivery) semi join erased_records e on e.record_id = r.row
where r.record_key is not null;

create temp table own_rows as
select r.row, r.delivery, coalesce(r.order_space, s.order_space) as order_space, r.order_id, r.record_key, r.email,
       r.phone, r.loyalty_id, r.device_id, r.full_name, r.address
from log_rows_all r join deliveries d using (delivery) join sources s using (source)
semi join erased_keys k on k.source = d.source and k.record_key = r.record_key;

create temp table erased_orders as
select distinct order_space, order_id from own_rows where order_id is not null and order_space is not null;

create temp table erased_values as
select distinct kind, lower(trim(value)) as value
from (unpivot (select record_key, email, phone, loyalty_id, device_id, full_name, address from own_rows)
      on record_key, email, phone, loyalty_id, device_id, full_name, address into name kind value value)
where not starts_with(value, chr(31));

create temp table erased_rows as
select row, delivery from own_rows
union
-- Lines of their orders, and returns of these, in which nobody is named.
select r.row, r.delivery
from log_rows_all r join deliveries d using (delivery) join sources s using (source)
where r.record_key is null
  and ((coalesce(r.order_space, s.order_space), r.order_id) in (select (order_space, order_id) from erased_orders)
       or (coalesce(r.order_space, s.order_space), r.return_of_order_id)
          in (select (order_space, order_id) from erased_orders))
union
-- What a former query made of them counts no more, but stands in the log; it may have had other keys.
select r.row, r.delivery
from log_rows_all r join deliveries d using (delivery)
where d.void
  and (lower(trim(r.email)) in (select value from erased_values where kind = 'email')
       or lower(trim(r.phone)) in (select value from erased_values where kind = 'phone')
       or lower(trim(r.loyalty_id)) in (select value from erased_values where kind = 'loyalty_id')
       or lower(trim(r.device_id)) in (select value from erased_values where kind = 'device_id'));

-- What only they were known by: a household's phone is somebody else's, too.
create temp table exclusive_values as
with others as (select email, phone, loyalty_id, device_id from log_rows_all anti join erased_rows using (row))
select kind, value from erased_values v
where (kind = 'email' and not exists (from others o where lower(trim(o.email)) = v.value))
   or (kind = 'phone' and not exists (from others o where lower(trim(o.phone)) = v.value))
   or (kind = 'loyalty_id' and not exists (from others o where lower(trim(o.loyalty_id)) = v.value))
   or (kind = 'device_id' and not exists (from others o where lower(trim(o.device_id)) = v.value));

drop table own_rows;
