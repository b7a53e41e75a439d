-- The orders of one source among the events, and their items. Places: {lines}, what its lines tell; {head}, what of it
-- an order's first line tells for the order; {sums}, what is added up; {common}, what lines may have in common;
-- {constants}, what all of its rows say alike; {order}, {totals} and {common_columns}, the same of the order;
-- {item_order}, {item}, what items have of their order and of their own. Lists of columns, each with a comma before it,
-- but for {constants}, with one behind.

create temp table line_facts as
select l.seq, l.line, f.row, f._moment, f.customer_id, f.visitor_id, f.record_id, f.time, f.time_utc, f.known_at,
       f.known_at_assumed, f.amount, f.original_currency{lines}
from facts f
join line_rows l on l.row = f.row
where is_line(f.type, f.order_id);

-- An order's first line gives it its time and channel; the first line that names a person gives it its person.
create temp table order_heads as
select o.*{head}
from line_facts f
join (select seq, arg_min(row, _moment) as _head, min(time) as time, min(time_utc) as time_utc,
             max(known_at) as known_at, bool_or(known_at_assumed) as known_at_assumed, sum(amount) as amount,
             min(original_currency) as original_currency, min(original_currency) <> max(original_currency) as _mixed,
             count(*) as items,
             arg_min(record_id, _moment) filter (record_id is not null) as record_id,
             arg_min_null(customer_id, _moment) filter (record_id is not null) as customer_id,
             arg_min_null(visitor_id, _moment) filter (record_id is not null) as visitor_id{sums}{common}
      from line_facts group by seq) o on o._head = f.row;

-- Lines that can each be kept may be too much together.
insert into derived_rejects
select _head, 'amount', amount::varchar, 'is more than an amount can be: the lines of the order together'
from order_heads where amount is not null and try_cast(amount as decimal(18,4)) is null;

insert into events by name
select {constants}*
from (select o.seq, o.customer_id, o.visitor_id, o.record_id, o.time, o.time_utc, o.known_at, o.known_at_assumed,
             o.items{order}{totals}{common_columns}
      from order_heads o
      order by customer_id, time_utc, seq);

-- Items bear their order's time, channel and person, so that a question about items needs no join.
insert into items by name
select {constants}*
from (select o.seq, f.line, o.customer_id, o.visitor_id, o.time, o.time_utc{item_order}{item}
      from line_facts f
      join order_heads o on o.seq = f.seq
      order by o.customer_id, o.time_utc, o.seq, f.line);

drop table line_facts; drop table order_heads;
