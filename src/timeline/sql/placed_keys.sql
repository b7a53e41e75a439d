-- The way from a row of the log to its person.
create temp table placed_keys as
select k.source, k.record_key, i.record_id, i.customer_id, i.visitor_id
from record_keys k join identity i using (record_id);
