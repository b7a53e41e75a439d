-- What is recorded of segments, run by run. segment_changes: 1 = entered, -1 = left, since the segment's last record.
create table segments(segment varchar, title varchar, description varchar, version varchar, rule varchar);
create table segment_records(run bigint, recorded_at timestamp, segment varchar, version varchar, day date,
                             members bigint, entered bigint, departed bigint);
create table segment_changes(run bigint, segment varchar, customer_id bigint, change tinyint);
create view segment_members as
select segment, customer_id
from segment_changes
where segment in (select segment from segment_records where run = (select max(run) from segment_records))
group by all
having sum(change) > 0
order by segment, customer_id;
