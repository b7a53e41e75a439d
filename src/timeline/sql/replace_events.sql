-- What a run told anew in its place, and persons for all else. Place: {told}, the database that holds what was told.

delete from events where seq in (select row from concerned_rows);
delete from items where seq in (select row from concerned_rows);
insert into events by name select * from {told}.main.events;
insert into items by name select * from {told}.main.items;

-- A record that came to another customer takes its events along; an order's items go with it.
update events set customer_id = m.customer_id, visitor_id = m.visitor_id
from moved_records m
where m.record_id = events.record_id;

update items set customer_id = e.customer_id, visitor_id = e.visitor_id
from (select seq, e.customer_id, e.visitor_id from events e semi join moved_records using (record_id)
      where e.items > 0) e
where e.seq = items.seq;
