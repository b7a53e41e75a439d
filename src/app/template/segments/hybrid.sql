-- title: Hybrid shoppers
-- Bought both in the store and online within a year.
select customer_id
from customers
where buyer_type = 'hybrid'
