-- The chosen rows with their person and their money in the workspace's currency.
-- Places: {currency}, a literal; {properties}, columns with a comma before each.

create temp table foreign_rows as
select r.row, f.rate, f.day as rate_on
from log_rows r
semi join chosen_rows c on c.row = r.row
asof left join fx_rates f on f.currency = r.currency and f.day <= r.time
where r.currency <> {currency};

insert into derived_rejects
select l.row, 'currency', l.currency, 'has no rate to ' || {currency} || ' on or before its day: a source of kind fx_rate gives them'
from log_rows l semi join (select row from foreign_rows where rate is null) using (row);

create temp table facts as
select c.seq, r.row, c.is_line, i.customer_id, i.visitor_id, i.record_id, r.source, r.delivery, r.time, r.time_utc, r.known_at, r.type, r.channel,
       r.event_id, c.order_space, r.order_id, r.line_no, r.sku, coalesce(r.category, p.category) as category, r.quantity,
       try_cast(r.price::decimal(28,4) * coalesce(x.rate, 1) as decimal(18,4)) as price,
       try_cast(a.amount * coalesce(x.rate, 1) as decimal(18,4)) as amount,
       try_cast(r.tax::decimal(28,4) * coalesce(x.rate, 1) as decimal(18,4)) as tax,
       try_cast(r.discount::decimal(28,4) * coalesce(x.rate, 1) as decimal(18,4)) as discount,
       coalesce(r.unit_cost, p.unit_cost) as unit_cost,
       a.amount as original_amount, coalesce(r.currency, {currency}) as original_currency, x.rate_on,
       r.store_id, r.associate_id, coalesce(r.brand, p.brand) as brand, r.campaign_id, r.offer_id, r.return_of_order_id, r.return_of_line{properties}
from chosen_rows c
join log_rows r on r.row = c.row
left join foreign_rows x on x.row = c.row
left join products p on p.sku = r.sku
left join record_keys k on k.source = r.source and k.record_key = r.record_key
left join identity i on i.record_id = k.record_id,
lateral (select try_cast(coalesce(r.amount::decimal(38,8), r.quantity::decimal(28,4) * r.price - coalesce(r.discount, 0)) as decimal(18,4)) as amount) a
where r.currency is null or r.currency = {currency} or x.rate is not null;

drop table foreign_rows; drop table chosen_rows;
