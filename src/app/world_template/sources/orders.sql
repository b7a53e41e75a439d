-- source: orders   kind: shop   delivery: lines   rank: 10   order_space: shop
-- One row per line, times in UTC. Guests have no account; a line that was put right comes again.
select nullif(account, '') as source_id, account as loyalty_id, guest_email as email, guest_name as full_name,
       order_no as order_id, line as line_no, placed_at as time, 'order' as type, channel, sku, qty as quantity,
       line_total as amount, discount, coupon as campaign_id
from read_csv('data/orders/*.csv', delim = ',',
              types = {'order_no': 'VARCHAR', 'placed_at': 'VARCHAR', 'guest_email': 'VARCHAR', 'guest_name': 'VARCHAR',
                       'account': 'VARCHAR', 'coupon': 'VARCHAR', 'sku': 'VARCHAR', 'line': 'BIGINT', 'qty': 'BIGINT',
                       'line_total': 'DECIMAL(18,2)', 'discount': 'DECIMAL(18,2)'})
