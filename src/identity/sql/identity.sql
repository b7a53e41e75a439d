-- One row per record: its customer, or its visitor where the whole cluster knows nothing but devices, or nobody.
-- Place: {records}, a relation.
select r.record_id, r.source, r.source_id,
       case when coalesce(c.is_customer, r.known_by = 'person') then coalesce(c.cluster_id, r.record_id) end
         as customer_id,
       case when not coalesce(c.is_customer, r.known_by = 'person') and coalesce(c.has_device, r.known_by = 'device')
            then coalesce(c.cluster_id, r.record_id) end as visitor_id,
       case when coalesce(c.cluster_id, r.record_id) = r.record_id then 'first record' else 'shared ' || c.kind end
         as reason
from {records} r
left join cluster_of c using (record_id)
order by r.record_id
