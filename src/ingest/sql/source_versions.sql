-- The versions of one source as they were delivered, in the order of the log: a join by several threads keeps none, and
-- a store is the same to the byte. What the source does not give is added behind the sort. Places: {rows}, the view of
-- the source's rows; {source} and {region}, literals; {given}, the source's columns; {columns}, all.
select _record_id, {source} as _source, _row, _valid_utc, {region} as _source_region, {columns}
from (select c.record_id as _record_id, c.row as _row, c.valid_utc as _valid_utc{given}
      from {rows} r join (select record_id, row, valid_utc from version_rows where source = {source}) c
        on c.row = r.row
      order by c.row)
