-- The rejects that stand: all but those of rows that were told anew, and of birth dates that are others now. Makes way
-- for the rejects of today, and says what is to be judged for them.
create temp table turned_births as
select l.row, l.delivery, l.record, l.line from log_rows l join changed_births b on b.version = l.row;

create temp table kept_rejects as
select r.* exclude (reject_id, value), case when r.sensitive then v.value else r.value end as value
from (select * from rejects anti join retold_facts using (delivery, record) where scope = 'row'
      union all
      select * from rejects anti join retold_people using (delivery, record)
      anti join (select delivery, record, 'birth_date' as column_name from turned_births)
        using (delivery, record, column_name)
      where scope = 'value') r
left join contact.reject_values v using (reject_id);

-- Versions told anew, and of those with another birth date that alone.
create temp view versions_to_judge as
from contact.versions semi join record_keys using (record_id)
union all
select * replace (null::varchar as country_raw, null::varchar as email_raw, null::varchar as phone_raw,
                  null::varchar as full_name_raw, null::varchar as given_name_raw, null::varchar as family_name_raw,
                  null::varchar as address_raw, null::varchar as city_raw, null::varchar as postcode_raw,
                  null::varchar as gender_raw)
from contact.versions semi join changed_births using (version);

create temp view rows_to_judge as from retold_people union from retold_facts union from turned_births;

drop table rejects; drop table contact.reject_values;
