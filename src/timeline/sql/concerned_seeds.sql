-- Where what a run concerns begins: the rows that are told anew in any case are to be put into `seeds`. Place: {run}.

-- Deliveries whose rows are new, or hold since another moment than before.
create temp table concerned_deliveries as
select d.delivery
from deliveries d left join former_deliveries f using (delivery)
where d.run = {run} or d.undated_from is distinct from f.undated_from;

create temp table concerned_products as
select distinct sku
from ((select sku, category, brand, unit_cost from products
       except select sku, category, brand, unit_cost from former_products)
      union all
      (select sku, category, brand, unit_cost from former_products
       except select sku, category, brand, unit_cost from products));

-- A rate holds until the next one.
create temp table concerned_rates as
select currency, min(day) as since
from ((select currency, day, rate from fx_rates except select currency, day, rate from former_fx_rates)
      union all
      (select currency, day, rate from former_fx_rates except select currency, day, rate from fx_rates))
group by currency;

create temp table seeds(row bigint, delivery bigint, source varchar, record_key varchar, content_key ubigint,
                        type varchar, order_id varchar, event_id varchar);
