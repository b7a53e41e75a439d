-- source: tills   kind: pos   delivery: lines   rank: 20   order_space: tills
-- Receipts number as web orders do, so they have a space of their own. Without a card a receipt names nobody.
select card as loyalty_id, receipt as order_id, line as line_no, strptime(date || ' ' || time, '%d.%m.%Y %H:%M') as time,
       'order' as type, 'store' as channel, shop as store_id, sku, qty as quantity, total as amount
from read_csv('data/tills/*.csv', delim = '|', decimal_separator = ',', types = {'time': 'VARCHAR', 'date': 'VARCHAR'})
