-- source: products   kind: product
select sku, name, category, brand, list_price as price, unit_cost
from read_csv('data/dimensions/products.csv', delim = ',', types = {'sku': 'VARCHAR'})
