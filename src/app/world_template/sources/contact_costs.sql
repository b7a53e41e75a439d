-- source: contact_costs   kind: contact_cost
select channel, cost_eur as amount, 'EUR' as currency from read_csv('data/dimensions/contact_costs.csv', delim = ',')
