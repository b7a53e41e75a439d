-- Which rows of the log tell of something that happened, once each (docs/decisions/0004-one-fact-once.md).

create temp table event_rows as
select r.row, r.delivery, r.source, r.content_key, r.event_id, r.line_no, r.type,
       coalesce(r.order_space, s.order_space) as order_space, r.order_id, s.delivery as mode, s.rank,
       r.order_id is not null and r.type in ('order', 'return', 'invoice', 'refund') as is_line
from log_rows r join sources s using (source)
where r.type is not null;

-- Orders: the best-ranked source has the word, of its deliveries the latest.
create temp table order_words as
select order_space, order_id, type, min({'rank': rank, 'age': -delivery, 'source': source}) as word
from event_rows where is_line group by order_space, order_id, type;

create temp table line_rows as
select e.row, e.order_space, e.order_id, e.type, e.line_no, e.delivery, e.mode,
       e.mode = 'lines' and e.delivery < max(e.delivery) over (partition by e.order_space, e.order_id, e.type, e.line_no) as outdated
from event_rows e
join order_words w using (order_space, order_id, type)
where e.is_line and e.source = w.word.source and (e.mode <> 'full' or e.delivery = -w.word.age);

-- Single events: the latest word under an event's id; without one, rows of equal content count once however often they are
-- delivered, but as often as one delivery holds them.
create temp table repeated_contents as
select source, content_key from event_rows
where not is_line and event_id is null
group by all having min(delivery) <> max(delivery);

create temp table chosen_rows as
select row, row as seq, false as is_line, null::varchar as order_space from event_rows
where not is_line and event_id is null
  and (source, content_key) not in (select (source, content_key) from repeated_contents)
union all
select min(row), min(row), false, null
from (select source, content_key, row, row_number() over (partition by source, content_key, delivery order by row) as copy
      from event_rows semi join repeated_contents using (source, content_key) where not is_line and event_id is null)
group by source, content_key, copy
union all
select arg_max(row, {'delivery': delivery, 'row': row}), arg_max(row, {'delivery': delivery, 'row': row}), false, null
from event_rows where not is_line and event_id is not null group by source, event_id
union all
select row, min(row) over (partition by order_space, order_id, type), true, order_space from line_rows where not outdated;

drop table event_rows; drop table order_words; drop table line_rows; drop table repeated_contents;
