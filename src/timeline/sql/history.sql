-- Events and items, clustered by customer in the order in which things happened.
-- Places: {properties} and {order_properties}, columns with a comma before each; {common_properties}, what an order's
-- lines have in common.

-- An order's first line gives it its time and channel; the first line that names a person gives it its person.
create temp table order_heads as
select o.*, i.customer_id, i.visitor_id, f.source, f.type, f.channel, f.event_id, f.order_space, f.order_id, f.rate_on,
       f.store_id, f.associate_id, f.brand, f.campaign_id, f.offer_id, f.return_of_order_id
from (select seq, arg_min(row, _moment) as _head, min(time) as time, min(time_utc) as time_utc,
             max(known_at) as known_at, bool_or(known_at_assumed) as known_at_assumed,
             sum(amount) as amount, sum(original_amount) as original_amount,
             min(original_currency) as original_currency, min(original_currency) <> max(original_currency) as _mixed,
             sum(tax) as tax, sum(discount) as discount, sum(quantity) as quantity, count(*) as _items,
             arg_min(record_id, _moment) filter (record_id is not null) as record_id{common_properties}
      from line_facts group by seq) o
join line_facts f on f.row = o._head
left join identity i on i.record_id = o.record_id;

-- Lines that can each be kept may be too much together.
insert into derived_rejects
select _head, 'amount', amount::varchar, 'is more than an amount can be: the lines of the order together'
from order_heads where amount is not null and try_cast(amount as decimal(18,4)) is null;

create table events as
select * from (
  select f.seq, f.customer_id, f.visitor_id, f.record_id, f.source, f.time, f.time_utc, f.known_at,
         f.known_at_assumed, f.type, f.channel,
         f.event_id, f.order_space, f.order_id, f.amount, f.original_amount, f.original_currency, f.rate_on, f.tax,
         f.discount, f.quantity, 0::bigint as items, f.sku, f.category, f.price, f.store_id, f.associate_id, f.brand,
         f.campaign_id, f.offer_id, f.return_of_order_id{properties}
  from facts f where not f._is_line
  union all
  select o.seq, o.customer_id, o.visitor_id, o.record_id, o.source, o.time, o.time_utc, o.known_at,
         o.known_at_assumed, o.type, o.channel,
         o.event_id, o.order_space, o.order_id, try_cast(o.amount as decimal(18,4)),
         case when not o._mixed then try_cast(o.original_amount as decimal(18,4)) end,
         case when not o._mixed then o.original_currency end, o.rate_on, try_cast(o.tax as decimal(18,4)),
         try_cast(o.discount as decimal(18,4)), try_cast(o.quantity as decimal(18,4)), o._items, null, null, null,
         o.store_id, o.associate_id, o.brand, o.campaign_id, o.offer_id, o.return_of_order_id{order_properties}
  from order_heads o)
order by customer_id, time_utc, seq;

create temp table line_numbers as
select row, row_number() over (partition by seq order by line_no nulls last, row) as line
from line_facts;

-- Items bear their order's time, channel and person, so that a question about items needs no join.
create table items as
select o.seq, n.line, o.customer_id, o.visitor_id, f.source, o.time, o.time_utc, f.type, o.channel, f.order_space,
       f.order_id,
       f.line_no, f.sku, f.category, f.quantity, f.price, f.amount, f.original_amount, f.original_currency, f.tax,
       f.discount, f.unit_cost, o.store_id, o.associate_id, f.brand, f.campaign_id, f.offer_id, f.return_of_order_id,
       f.return_of_line{properties}
from line_facts f
join line_numbers n on n.row = f.row
join order_heads o on o.seq = f.seq
order by o.customer_id, o.time_utc, o.seq, n.line;

drop table line_facts; drop table order_heads; drop table line_numbers;
drop view facts; drop table foreign_rows; drop table placed_rows; drop table chosen_rows;
