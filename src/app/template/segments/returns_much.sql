-- title: Returns much
-- Three returns or more, worth more than two fifths of what was bought.
select customer_id
from customers
where returns >= 3 and return_rate > 0.4
