-- title: VIP at risk
-- The best customers among those who have gone silent: the first to be called.
select customer_id
from customers
where in_segment('vip') and in_segment('at_risk')
