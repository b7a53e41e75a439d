-- The rejects that stand: all but those of rows that were told anew, and of birth dates that are in order now. Makes
-- way for the rejects of today.
create temp table kept_rejects as
select r.* exclude (reject_id, value), case when r.sensitive then v.value else r.value end as value
from (select * from rejects anti join retold_facts using (delivery, record) where scope = 'row'
      union all
      select * from rejects anti join retold_people using (delivery, record)
      anti join (select l.delivery, l.record, 'birth_date' as column_name
                 from log_rows l join changed_births b on b.version = l.row) using (delivery, record, column_name)
      where scope = 'value') r
left join contact.reject_values v using (reject_id);

drop table rejects; drop table contact.reject_values;
