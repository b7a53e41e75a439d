-- title: At risk
-- Good customers who have been silent for longer than twice their usual gap.
select customer_id
from customers
where orders_365d >= 2 and days_since_order > 2 * typical_gap_days
