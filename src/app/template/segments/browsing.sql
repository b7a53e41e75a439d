-- title: Browsing
-- Looked at five products or more within 30 days and ordered nothing.
select customer_id
from customers
where product_views_30d >= 5 and orders_30d = 0
