-- The records that a run may have brought to another person, and whatever any identifier leads to from them, guarded
-- ones too: what becomes of them depends on nobody else. Their identities of before are kept to compare, and make way.

create temp view component_of as
select i.record_id, coalesce(c.component_id, i.customer_id, i.visitor_id, i.record_id) as component_id
from identity i left join contact.components c using (record_id);

create temp table concerned_records as
with told as (
  select record_id from record_keys
  union
  select record_id from contact.identifiers
  semi join (select kind, value from contact.identifiers semi join record_keys using (record_id)) using (kind, value))
select record_id from told
union
select record_id from component_of
semi join (select component_id from component_of semi join told using (record_id)) using (component_id);

create temp table former_identity as
select record_id, customer_id, visitor_id from identity semi join concerned_records using (record_id);

delete from identity where record_id in (select record_id from concerned_records);
delete from contact.components where record_id in (select record_id from concerned_records);
delete from contact.links where record_id in (select record_id from concerned_records);
delete from redirects
where from_id in (select record_id from concerned_records) or to_id in (select record_id from concerned_records);
delete from contact.shared_identifiers
where (kind, value) in (select (kind, value) from contact.identifiers semi join concerned_records using (record_id)
                        union all
                        select (kind, value) from former_identifiers);

drop view component_of; drop table former_identifiers;
