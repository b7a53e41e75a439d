-- source: online_retail   kind: shop   order_space: shop   delivery: full   rank: 1
-- The two yearly exports. They overlap in the first days of December 2010: whole invoices stand in both, and count
-- once.
-- This is the one place where the path of the data is set.
select CustomerID                                                          as source_id,
       Country                                                             as country,
       InvoiceNo                                                           as order_id,
       InvoiceDate                                                         as time,
       case when InvoiceNo like 'C%' then 'return' else 'order' end        as type,
       'web'                                                               as channel,
       StockCode                                                           as sku,
       Description                                                         as description,
       Quantity                                                            as quantity,
       UnitPrice                                                           as price,
       Quantity * UnitPrice                                                as amount
from read_csv('data/online_retail_*.csv*',
              types = {'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'CustomerID': 'VARCHAR'})
