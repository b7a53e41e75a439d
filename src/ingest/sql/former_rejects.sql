-- Makes way for the rejects of today. What later passes could not use stands nowhere else: it is kept, unless its row
-- was told anew.
insert into derived_rejects
select l.row, r.column_name, r.value, r.reason
from (select * from rejects anti join log_rejects x on x.delivery = rejects.delivery and x.record = rejects.record
      where scope = 'row') r
join log_rows l on l.delivery = r.delivery and l.record = r.record
anti join concerned_rows c on c.row = l.row;

drop table rejects; drop table contact.reject_values; drop table concerned_rows;
