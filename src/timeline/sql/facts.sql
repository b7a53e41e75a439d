-- The rows of one source with their person and their money in the workspace's currency.
-- Places: {rows}, with nulls for the columns that it does not give; {rates} and {products}, which have rows where it
-- gives currencies and products; {source} and {currency}, literals; {properties}, columns with a comma before each.

create or replace temp view facts as
select r.row as seq, r.row, k.customer_id, k.visitor_id, k.record_id, {source} as source, r.time, r.time_utc,
       r.known_at, r.known_at_assumed, r.type, r.channel, r.event_id,
       coalesce(r.order_space, (select order_space from sources where source = {source})) as order_space,
       r.order_id, r.line_no, r.sku, coalesce(r.category, p.category) as category, r.quantity,
       in_currency(r.price, x.rate) as price,
       in_currency(row_amount(r.amount, r.quantity, r.price, r.discount), x.rate) as amount,
       in_currency(r.tax, x.rate) as tax, in_currency(r.discount, x.rate) as discount,
       coalesce(in_currency(r.unit_cost, x.rate), p.unit_cost) as unit_cost,
       row_amount(r.amount, r.quantity, r.price, r.discount) as original_amount,
       coalesce(r.currency, {currency}) as original_currency, x.rate_on,
       r.store_id, r.associate_id, coalesce(r.brand, p.brand) as brand, r.campaign_id, r.offer_id,
       r.return_of_order_id, r.return_of_line,
       -- Orders rows of one order by time, then by row, in one comparable number.
       epoch_us(r.time_utc)::hugeint * 1000000000000 + r.row as _moment{properties}
from {rows} r
left join (select * from placed_keys where source = {source}) k on k.record_key = r.record_key
left join {rates} x on x.row = r.row
left join {products} p on p.sku = r.sku
where r.type is not null and (r.currency is null or r.currency = {currency} or x.rate is not null);
