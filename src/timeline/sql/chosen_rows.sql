-- Which rows of the log tell of something that happened, once each (docs/decisions: one fact once): the rows of single
-- events but for dropped_rows(row), and the lines of orders in line_rows(row, seq, line).

create temp table order_rows as
select r.row, r.delivery, r.source, r.line_no, s.delivery as mode, s.rank,
       {'space': coalesce(r.order_space, s.order_space), 'id': r.order_id, 'type': r.type} as order_key
from log_rows r join sources s using (source)
where is_line(r.type, r.order_id);

-- Orders by number: whose word counts, the best-ranked source's latest delivery. A delivery is one source's.
create temp table order_words as
select order_key, row_number() over () as order_no, word, d.source
from (select order_key, arg_min(delivery, rank * 1000000000000 - delivery) as word
      from order_rows group by order_key) w
join deliveries d on d.delivery = w.word;

create temp table word_rows as
select e.row, w.order_no, e.line_no, e.delivery, e.mode
from order_rows e
join order_words w on w.order_key = e.order_key and w.source = e.source
where e.mode <> 'full' or e.delivery = w.word;

-- Under `lines`, a line_no that came again replaces what it said before.
delete from word_rows where row in (
  select l.row
  from word_rows l
  join (select order_no, line_no, max(delivery) as latest from word_rows where mode = 'lines' group by all) n
    on n.order_no = l.order_no and n.line_no = l.line_no
  where l.mode = 'lines' and l.delivery < n.latest);

-- Lines count from 1 within their order; one whose money has no rate will not be told of and does not count.
create temp table line_rows as
select l.row, min(l.row) over (partition by l.order_no) as seq,
       row_number() over (partition by l.order_no, x.row is null order by l.line_no nulls last, l.row) as line
from word_rows l left join (select row from foreign_rows where rate is null) x on x.row = l.row;

drop table order_rows; drop table order_words; drop table word_rows;

-- Single events: the latest word under an event's id counts. Few come again, so they are looked for by a hash first.
create temp view named_rows as
select r.row, r.source, r.event_id, hash(r.source, r.event_id) as name
from log_rows r
where r.type is not null and r.event_id is not null and not is_line(r.type, r.order_id);

create temp table repeated_names as select name from named_rows group by name having count(*) > 1;

-- Without an id, rows of equal content count once however often they are delivered, but as often as one delivery holds
-- them.
create temp table repeated_contents as
select source, content_key from log_rows
where type is not null and event_id is null and not is_line(type, order_id)
group by all having min(delivery) <> max(delivery);

create temp table dropped_rows as
select row
from (select row, max(row) over (partition by source, event_id) as latest
      from named_rows semi join repeated_names using (name))
where row <> latest
union all
select row
from (select row, min(row) over (partition by source, content_key, copy) as first
      from (select source, content_key, row,
                   row_number() over (partition by source, content_key, delivery order by row) as copy
            from log_rows semi join repeated_contents using (source, content_key)
            where type is not null and event_id is null and not is_line(type, order_id)))
where row <> first;

drop view named_rows; drop table repeated_names; drop table repeated_contents;
