-- Rows that count and cannot be told of: what no rate or no amount can hold. Places: {currency}, a literal.

create temp view counted_rows as
select r.* from log_rows r anti join dropped_rows d on d.row = r.row
where r.type is not null and not is_line(r.type, r.order_id)
union all
select r.* from log_rows r semi join line_rows l on l.row = r.row
where is_line(r.type, r.order_id);

insert into derived_rejects
select l.row, 'currency', l.currency,
       'has no rate to ' || {currency} || ' on or before its day: a source of kind fx_rate gives them'
from counted_rows l semi join (select row from foreign_rows where rate is null) using (row)
where l.currency <> {currency};

-- An amount too large to be kept is told; price, tax, discount and cost beside it are null then. Domestic money that
-- was given is never too large.
insert into derived_rejects
select r.row, 'amount', coalesce(row_amount(r.amount, r.quantity, r.price, r.discount),
                                 r.quantity * r.price::double)::varchar, 'is more than an amount can be'
from counted_rows r left join foreign_rows x on x.row = r.row
where (r.amount is null and r.quantity is not null and r.price is not null
       or r.amount is not null and r.currency <> {currency})
  and (r.currency is null or r.currency = {currency} or x.rate is not null)
  and in_currency(row_amount(r.amount, r.quantity, r.price, r.discount), x.rate) is null;

drop view counted_rows;
