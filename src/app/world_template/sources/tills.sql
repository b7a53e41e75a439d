-- source: tills   kind: pos   delivery: lines   rank: 20   order_space: tills
-- Receipts number as web orders do, so they have a space of their own. Without a customer a receipt names nobody.
-- Decimal commas, days as 31.12.2023, local time. What is brought back has a receipt of its own, in negative pieces.
select customer as loyalty_id, receipt as order_id, line as line_no,
       strptime(date || ' ' || time, '%d.%m.%Y %H:%M:%S') as time,
       case kind when 'RETURN' then 'return' else 'order' end as type, 'store' as channel, shop as store_id,
       cashier as associate_id, sku, qty as quantity, total as amount, discount, coupon as campaign_id,
       of_receipt as return_of_order_id, of_line as return_of_line
from read_csv('data/tills/*.txt', delim = '|', decimal_separator = ',',
              types = {'receipt': 'VARCHAR', 'date': 'VARCHAR', 'time': 'VARCHAR', 'customer': 'VARCHAR',
                       'cashier': 'VARCHAR', 'sku': 'VARCHAR', 'coupon': 'VARCHAR', 'of_receipt': 'VARCHAR',
                       'of_line': 'BIGINT', 'line': 'BIGINT', 'qty': 'BIGINT', 'total': 'DECIMAL(18,2)',
                       'discount': 'DECIMAL(18,2)'})
