-- source: stores   kind: store
select store_id, city, country from read_csv('data/dimensions/stores.csv', delim = ',')
