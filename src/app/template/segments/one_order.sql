-- title: One order
-- Bought once, more than 60 days ago, and not again yet.
select customer_id
from customers
where orders = 1 and days_since_order between 61 and 365
