-- title: Lapsed
-- Bought once upon a time, but not for a year.
select customer_id
from customers
where orders > 0 and days_since_order > 365
