-- source: products   kind: product
select sku, name, category, brand, list_price as price, unit_cost,
       timestamp '2000-01-01' as known_at -- the catalogue is as old as the shop, though it is delivered at the end
from read_csv('data/dimensions/products.csv', delim = ',', types = {'sku': 'VARCHAR'})
