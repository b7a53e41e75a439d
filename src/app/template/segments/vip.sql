-- title: VIP
-- Many orders and much money within a year. The amount is in the workspace's currency: set it to yours.
select customer_id
from customers
where orders_365d >= 4 and revenue_365d >= 500
