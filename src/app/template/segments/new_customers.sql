-- title: New customers
-- The first order lies within the last 30 days.
select customer_id
from customers
where first_order_at >= $as_of - interval 30 day
