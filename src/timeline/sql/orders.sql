-- The orders among the events, and their items. Places: {properties} and {order_properties}, columns with a comma
-- before each; {common_properties}, what an order's lines have in common.

-- An order's first line gives it its time and channel; the first line that names a person gives it its person.
create temp table order_heads as
select o.*, i.customer_id, i.visitor_id, f.source, f.type, f.channel, f.event_id, f.order_space, f.order_id, f.rate_on,
       f.store_id, f.associate_id, f.brand, f.campaign_id, f.offer_id, f.return_of_order_id
from line_facts f
join (select seq, arg_min(row, _moment) as _head, min(time) as time, min(time_utc) as time_utc,
             max(known_at) as known_at, bool_or(known_at_assumed) as known_at_assumed,
             sum(amount) as amount, sum(original_amount) as original_amount,
             min(original_currency) as original_currency, min(original_currency) <> max(original_currency) as _mixed,
             sum(tax) as tax, sum(discount) as discount, sum(quantity) as quantity, count(*) as items,
             arg_min(record_id, _moment) filter (record_id is not null) as record_id{common_properties}
      from line_facts group by seq) o on o._head = f.row
left join identity i on i.record_id = o.record_id;

-- Lines that can each be kept may be too much together.
insert into derived_rejects
select _head, 'amount', amount::varchar, 'is more than an amount can be: the lines of the order together'
from order_heads where amount is not null and try_cast(amount as decimal(18,4)) is null;

insert into events by name
select o.seq, o.customer_id, o.visitor_id, o.record_id, o.source, o.time, o.time_utc, o.known_at,
       o.known_at_assumed, o.type, o.channel,
       o.event_id, o.order_space, o.order_id, try_cast(o.amount as decimal(18,4)) as amount,
       case when not o._mixed then try_cast(o.original_amount as decimal(18,4)) end as original_amount,
       case when not o._mixed then o.original_currency end as original_currency, o.rate_on,
       try_cast(o.tax as decimal(18,4)) as tax, try_cast(o.discount as decimal(18,4)) as discount,
       try_cast(o.quantity as decimal(18,4)) as quantity, o.items,
       o.store_id, o.associate_id, o.brand, o.campaign_id, o.offer_id, o.return_of_order_id{order_properties}
from order_heads o
order by customer_id, time_utc, seq;

-- Items bear their order's time, channel and person, so that a question about items needs no join.
insert into items by name
select o.seq, f.line, o.customer_id, o.visitor_id, f.source, o.time, o.time_utc, f.type, o.channel, f.order_space,
       f.order_id,
       f.line_no, f.sku, f.category, f.quantity, f.price, f.amount, f.original_amount, f.original_currency, f.tax,
       f.discount, f.unit_cost, o.store_id, o.associate_id, f.brand, f.campaign_id, f.offer_id, f.return_of_order_id,
       f.return_of_line{properties}
from line_facts f
join order_heads o on o.seq = f.seq
order by o.customer_id, o.time_utc, o.seq, f.line;

drop table line_facts; drop table order_heads;
