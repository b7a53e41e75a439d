-- Which rows of the log tell of something that happened, once each (docs/decisions: one fact once).

create temp table event_rows as
select r.row, r.delivery, r.source, r.content_key, r.event_id, r.line_no, s.delivery as mode, s.rank,
       case when r.order_id is not null and r.type in ('order', 'return', 'invoice', 'refund')
            then {'space': coalesce(r.order_space, s.order_space), 'id': r.order_id, 'type': r.type} end as order_key
from log_rows r join sources s using (source)
where r.type is not null;

-- Orders by number: whose word counts, the best-ranked source's latest delivery. A delivery is one source's.
create temp table order_words as
select order_key, row_number() over () as order_no, word, d.source
from (select order_key, arg_min(delivery, rank * 1000000000000 - delivery) as word
      from event_rows where order_key is not null group by order_key) w
join deliveries d on d.delivery = w.word;

create temp table line_rows as
select e.row, w.order_no, e.line_no, e.delivery, e.mode
from event_rows e
join order_words w on w.order_key = e.order_key and w.source = e.source
where e.mode <> 'full' or e.delivery = w.word;

-- Under `lines`, a line_no that came again replaces what it said before.
delete from line_rows where row in (
  select l.row
  from line_rows l
  join (select order_no, line_no, max(delivery) as latest from line_rows where mode = 'lines' group by all) n
    on n.order_no = l.order_no and n.line_no = l.line_no
  where l.mode = 'lines' and l.delivery < n.latest);

-- Single events: the latest word under an event's id; without one, rows of equal content count once however often they
-- are delivered, but as often as one delivery holds them.
create temp table repeated_contents as
select source, content_key from event_rows
where order_key is null and event_id is null
group by all having min(delivery) <> max(delivery);

create temp table chosen_rows as
select row, row as seq, false as _is_line from event_rows
where order_key is null and event_id is null
  and (source, content_key) not in (select (source, content_key) from repeated_contents)
union all
select min(row), min(row), false
from (select source, content_key, row,
             row_number() over (partition by source, content_key, delivery order by row) as copy
      from event_rows semi join repeated_contents using (source, content_key)
      where order_key is null and event_id is null)
group by source, content_key, copy
union all
select max(row), max(row), false
from event_rows where order_key is null and event_id is not null group by source, event_id
union all
select l.row, h.seq, true
from line_rows l join (select order_no, min(row) as seq from line_rows group by order_no) h using (order_no);

drop table event_rows; drop table order_words; drop table line_rows; drop table repeated_contents;
