-- source: shop   kind: shop   delivery: full   rank: 10   order_space: shop
-- One row per line of an order.
select customer as source_id, email, first_name as given_name, last_name as family_name, order_no as order_id,
       line as line_no, placed_at as time, 'order' as type, 'web' as channel, sku, qty as quantity, line_total as amount
from read_csv('data/shop/*.csv')
