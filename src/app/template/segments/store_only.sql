-- title: Store only
-- Two orders or more in the store within a year, none online: whom to show the web shop.
select customer_id
from customers
where buyer_type = 'offline' and store_orders_365d >= 2
