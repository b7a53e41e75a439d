-- Money of other currencies: the rate of each row. Places: {currency}, a literal.

-- Money in the workspace's currency; domestic money has no rate and stays as it is.
create or replace temp macro in_currency(money, rate) as
  case when rate is null then money else try_cast(money::decimal(28,4) * rate as decimal(18,4)) end;

-- What a row came to, where it does not say so.
create or replace temp macro row_amount(amount, quantity, price, discount) as
  coalesce(amount, try_cast(quantity::decimal(19,4) * price - coalesce(discount, 0) as decimal(18,4)));

create temp table foreign_rows as
select r.row, f.rate, f.day as rate_on
from log_rows r
asof left join fx_rates f on f.currency = r.currency and f.day <= r.time
where r.type is not null and r.currency <> {currency};
