-- The chosen rows with their person and their money in the workspace's currency.
-- Places: {currency}, a literal; {properties}, columns with a comma before each.

create temp table foreign_rows as
select r.row, f.rate, f.day as rate_on
from log_rows r
semi join chosen_rows c on c.row = r.row
asof left join fx_rates f on f.currency = r.currency and f.day <= r.time
where r.currency <> {currency};

insert into derived_rejects
select l.row, 'currency', l.currency,
       'has no rate to ' || {currency} || ' on or before its day: a source of kind fx_rate gives them'
from log_rows l semi join (select row from foreign_rows where rate is null) using (row);

-- The rows and their persons in one table, so that the wide rows of the log are joined once.
create temp table placed_rows as
select c.row, c.seq, c._is_line, p.record_id, p.customer_id, p.visitor_id
from chosen_rows c
left join (select r.row, i.record_id, i.customer_id, i.visitor_id
           from log_rows r
           join record_keys k on k.source = r.source and k.record_key = r.record_key
           join identity i on i.record_id = k.record_id
           where r.type is not null) p on p.row = c.row;

-- Money in the workspace's currency; domestic money has no rate and stays as it is.
create or replace temp macro in_currency(money, rate) as
  case when rate is null then money else try_cast(money::decimal(28,4) * rate as decimal(18,4)) end;

-- A view: most facts are single events, which go into their table from the log at once. Only lines are met again.
create temp view facts as
select c.seq, r.row, c._is_line, c.customer_id, c.visitor_id, c.record_id, r.source, r.time, r.time_utc, r.known_at,
       r.known_at_assumed,
       r.type, r.channel, r.event_id, coalesce(r.order_space, s.order_space) as order_space, r.order_id, r.line_no,
       r.sku, coalesce(r.category, p.category) as category, r.quantity,
       in_currency(r.price, x.rate) as price, in_currency(a.amount, x.rate) as amount,
       in_currency(r.tax, x.rate) as tax, in_currency(r.discount, x.rate) as discount,
       coalesce(in_currency(r.unit_cost, x.rate), p.unit_cost) as unit_cost,
       a.amount as original_amount, coalesce(r.currency, {currency}) as original_currency, x.rate_on,
       r.store_id, r.associate_id, coalesce(r.brand, p.brand) as brand, r.campaign_id, r.offer_id,
       r.return_of_order_id, r.return_of_line,
       -- Orders rows of one order by time, then by row, in one comparable number.
       epoch_us(r.time_utc)::hugeint * 1000000000000 + r.row as _moment{properties}
from placed_rows c
join log_rows r on r.row = c.row
join sources s on s.source = r.source
left join foreign_rows x on x.row = c.row
left join products p on p.sku = r.sku,
lateral (select coalesce(r.amount, try_cast(r.quantity::decimal(19,4) * r.price - coalesce(r.discount, 0)
                                            as decimal(18,4))) as amount) a
where r.currency is null or r.currency = {currency} or x.rate is not null;

-- An amount too large to be kept is told; price, tax, discount and cost beside it are null then.
insert into derived_rejects
select f.row, 'amount', coalesce(f.original_amount, r.quantity * r.price::double)::varchar,
       'is more than an amount can be'
from facts f join log_rows r on r.row = f.row
where f.amount is null and (r.amount is not null or (r.quantity is not null and r.price is not null));

create temp table line_facts as select * from facts where _is_line;
