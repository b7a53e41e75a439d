-- The versions of one source as they were delivered, in the order of the log: a store is the same to the byte. Places:
-- {rows}, the view of the source's rows; {source} and {region}, literals; {columns}, all that may be said.
select version_record(r.row) as _record_id, {source} as _source, r.row as _row, version_moment(r.row) as _valid_utc,
       {region} as _source_region, {columns}
from {rows} r
where version_record(r.row) is not null
