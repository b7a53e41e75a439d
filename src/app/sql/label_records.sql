-- The records that labels are about, and whose they are today. Places: {labels} and {published}, files of databases, as
-- literals; {record}, the labels' column with a number of a row, which becomes that of a record.
attach {labels} as joined;
attach {published} as published (read_only);

create temp view told_rows as
select d.source, r.record_key, r.row from log_rows_all r join deliveries d using (delivery)
where r.record_key is not null;

create temp table asked as
select source, record_key, row from told_rows where row in (select {record} from joined.labels);

create temp table first_rows as
select source, record_key, min(row) as record
from told_rows semi join asked using (source, record_key) group by source, record_key;

create temp table renamed as
select a.row, f.record from asked a join first_rows f using (source, record_key);

update joined.labels set {record} = n.record from renamed n where n.row = {record} and n.record <> n.row;

create table joined.told as select distinct record as {record} from renamed;

create table joined.candidates as
select {record}, {record} as record_id, false as is_other from joined.told
union all
select o.record_id, i.record_id, true
from published.identity o
join published.identity i on i.customer_id = o.customer_id and i.record_id <> o.record_id
where o.record_id in (select {record} from joined.told);

detach joined;
detach published;
