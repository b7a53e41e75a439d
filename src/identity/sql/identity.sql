-- One row per record: its customer, or its visitor where the whole cluster knows nothing but devices, or nobody.
create table identity as
with placed as (
  select r.record_id, r.source, r.source_id, r.known_by, coalesce(c.cluster_id, r.record_id) as cluster_id
  from records r left join cluster_of c using (record_id)),
known as (
  select cluster_id, bool_or(known_by = 'person') as is_customer, bool_or(known_by = 'device') as has_device
  from placed group by cluster_id),
reasons as (
  select record_id, min(kind) as kind
  from (select record_id, kind from links union all select earlier_record_id, kind from links) group by record_id)
select p.record_id, p.source, p.source_id,
       case when k.is_customer then p.cluster_id end as customer_id,
       case when not k.is_customer and k.has_device then p.cluster_id end as visitor_id,
       case when p.record_id = p.cluster_id then 'first record' else 'shared ' || r.kind end as reason
from placed p
join known k using (cluster_id)
left join reasons r using (record_id)
order by p.record_id;
