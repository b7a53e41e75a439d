-- Who entered and who left since each segment's last record. {run} = the run that records, {recorded} = the segments.
insert into segment_changes
with former as (select segment, customer_id from segment_changes where segment in (select unnest({recorded}::varchar[]))
                group by all having sum(change) > 0)
select {run}, segment, customer_id, change
from (select segment, customer_id, 1 as change from members_now anti join former using (segment, customer_id)
      union all
      select segment, customer_id, -1 from former anti join members_now using (segment, customer_id))
order by segment, customer_id;
