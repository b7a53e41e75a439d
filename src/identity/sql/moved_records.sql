-- Who came to another customer, or to another visitor, or from one to the other.
create temp table moved_records as
select i.record_id, i.customer_id, i.visitor_id, f.customer_id as former_customer_id
from identity i join former_identity f using (record_id)
where i.customer_id is distinct from f.customer_id or i.visitor_id is distinct from f.visitor_id;
drop table former_identity; drop table concerned_records;
