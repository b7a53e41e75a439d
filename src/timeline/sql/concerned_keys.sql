-- All that is concerned: rows of facts, and records by their keys.

create or replace temp table concerned_rows as select distinct row from concerned_facts;

create temp table concerned_keys as
select distinct source, record_key
from (select source, record_key from seeds union all select source, record_key from concerned_facts)
where record_key is not null;

-- Rows of earlier deliveries are few and looked for one by one; the new ones lie in files of their own.
create temp table earlier_facts as
select distinct source, row from concerned_facts anti join concerned_deliveries using (delivery);

drop table seeds; drop table seed_orders; drop table seed_events; drop table seed_contents; drop table concerned_facts;
drop table concerned_products; drop table concerned_rates;
