-- What the seeds share a fact with others by. Orders go by their number alone here: whoever else has it is told anew
-- for nothing. Rows of the same order, event or content are to be put into `concerned_facts`.

create temp table seed_orders as
select distinct order_id from seeds where type is not null and is_line(type, order_id);

create temp table seed_events as
select distinct source, event_id from seeds
where type is not null and event_id is not null and not is_line(type, order_id);

create temp table seed_contents as
select distinct source, content_key from seeds
where type is not null and event_id is null and not is_line(type, order_id);

create temp table concerned_facts as select row, delivery, source, record_key from seeds where type is not null;
