-- Events and items, clustered by customer in the order in which things happened.
-- Places: {properties}, columns with a comma before each.

-- Where an order lost its first line to a missing rate, another one is its first.
create temp table order_heads as
select seq, arg_min(row, {'time': time_utc, 'row': row}) as head, min(time) as time, min(time_utc) as time_utc, max(known_at) as known_at,
       sum(amount) as amount, sum(original_amount) as original_amount, count(distinct original_currency) as currencies,
       sum(tax) as tax, sum(discount) as discount, sum(quantity) as quantity, count(*) as items,
       arg_min({'customer_id': customer_id, 'visitor_id': visitor_id, 'record_id': record_id}, {'time': time_utc, 'row': row})
         filter (record_id is not null) as who
from facts where is_line group by seq;

create table events as
select * from (
  select f.seq, f.customer_id, f.visitor_id, f.record_id, f.source, f.time, f.time_utc, f.known_at, f.type, f.channel, f.event_id,
         f.order_space, f.order_id, f.amount, f.original_amount, f.original_currency, f.rate_on, f.tax, f.discount, f.quantity,
         0::bigint as items, f.sku, f.category, f.price, f.store_id, f.associate_id, f.brand, f.campaign_id, f.offer_id,
         f.return_of_order_id{properties}
  from facts f where not f.is_line
  union all
  select o.seq, o.who.customer_id, o.who.visitor_id, o.who.record_id, f.source, o.time, o.time_utc, o.known_at, f.type, f.channel, f.event_id,
         f.order_space, f.order_id, try_cast(o.amount as decimal(18,4)),
         case when o.currencies = 1 then try_cast(o.original_amount as decimal(18,4)) end,
         case when o.currencies = 1 then f.original_currency end, f.rate_on,
         try_cast(o.tax as decimal(18,4)), try_cast(o.discount as decimal(18,4)), try_cast(o.quantity as decimal(18,4)),
         o.items, null, null, null, f.store_id, f.associate_id, f.brand, f.campaign_id, f.offer_id, f.return_of_order_id{properties}
  from order_heads o join facts f on f.row = o.head)
order by customer_id, time_utc, seq;

-- Items bear their order's time, channel and person, so that a question about items needs no join.
create table items as
select o.seq, row_number() over (partition by f.seq order by f.line_no nulls last, f.row) as line,
       o.who.customer_id as customer_id, o.who.visitor_id as visitor_id, f.source, o.time, o.time_utc, f.type, h.channel,
       f.order_space, f.order_id, f.line_no, f.sku, f.category, f.quantity, f.price, f.amount, f.original_amount, f.original_currency,
       f.tax, f.discount, f.unit_cost, h.store_id, h.associate_id, f.brand, f.campaign_id, f.offer_id, f.return_of_order_id, f.return_of_line{properties}
from facts f
join order_heads o on o.seq = f.seq
join facts h on h.row = o.head
where f.is_line
order by o.who.customer_id, o.time_utc, o.seq, line;

drop table facts; drop table order_heads;
