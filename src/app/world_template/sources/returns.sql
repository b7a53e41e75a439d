-- source: returns   kind: shop   delivery: lines   rank: 10   order_space: shop
-- What came back to the web shop. Amounts are told as paid back, so they turn negative here.
select nullif(account, '') as source_id, account as loyalty_id, guest_email as email, return_no as order_id,
       1 as line_no,
       returned_at as time, 'return' as type, 'web' as channel, sku, -qty as quantity, -refund as amount,
       order_no as return_of_order_id, line as return_of_line, nullif(brought_to, '') as store_id
from read_csv('data/returns/*.csv', delim = ',',
              types = {'order_no': 'VARCHAR', 'returned_at': 'VARCHAR', 'guest_email': 'VARCHAR', 'account': 'VARCHAR',
                       'sku': 'VARCHAR', 'line': 'BIGINT', 'qty': 'BIGINT', 'refund': 'DECIMAL(18,2)',
                       'brought_to': 'VARCHAR'})
