-- title: Never bought
-- Known by name, without an order: accounts, newsletters, loyalty cards.
select customer_id
from customers
where orders = 0
