-- One row per record: its customer, or its visitor where the whole cluster knows nothing but devices.
create table identity as
with placed as (
  select r.record_id, r.source, r.source_id, r.device_only, coalesce(c.cluster_id, r.record_id) as cluster_id
  from records r left join cluster_of c using (record_id)),
nameless as (select cluster_id, bool_and(device_only) as is_visitor from placed group by cluster_id)
select p.record_id, p.source, p.source_id,
       case when not n.is_visitor then p.cluster_id end as customer_id,
       case when n.is_visitor then p.cluster_id end as visitor_id,
       case when l.record_id is null then 'first record' else 'shared ' || l.kind end as reason
from placed p
join nameless n using (cluster_id)
left join (select record_id, min(kind) as kind from links group by record_id) l using (record_id)
order by p.record_id;
