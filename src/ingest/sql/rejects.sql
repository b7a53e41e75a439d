-- Everything that was not taken: rows of the ingest, values of persons, rows that later passes could not use.

create temp table value_rejects as
select v.row, s.kind as column_name, s.raw as value, s.reason
from (unpivot (select row, region, country, email, phone, full_name, given_name, family_name, address, city,
                      postcode, birth_date, gender
               from raw_versions)
      on country, email, phone, full_name, given_name, family_name, address, city, postcode, birth_date, gender
      into name column_name value raw) v
join standard s on s.kind = v.column_name and s.raw = v.raw and s.standing = 'invalid'
  and s.context = case when s.kind in ('phone', 'postcode', 'birth_date') then v.region else '' end;

create temp table all_rejects as
select source, file, delivery, record, line, column_name, value, coalesce(sensitive, true) as sensitive,
       'row' as scope, reason
from log_rejects
union all
select l.source, d.file, l.delivery, l.record, l.line, v.column_name, left(v.value, 200),
       v.column_name not in ('country', 'city', 'gender'), 'value', v.reason
from value_rejects v join log_rows l on l.row = v.row join deliveries d using (delivery)
union all
select l.source, d.file, l.delivery, l.record, l.line, r.column_name, left(r.value, 200), false, 'row', r.reason
from derived_rejects r join log_rows l on l.row = r.row join deliveries d using (delivery);

create temp table numbered_rejects as
select row_number() over (order by delivery, record, scope, column_name, reason, value) as reject_id, *
from all_rejects;

create table contact.reject_values as
select reject_id, value from numbered_rejects where sensitive and value is not null order by reject_id;

create table rejects as
select reject_id, source, file, delivery, record, line, column_name,
       case when sensitive then left(value, 1) || '***' else value end as value, sensitive, scope, reason
from numbered_rejects order by reject_id;
