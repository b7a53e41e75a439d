-- The versions of one source as they were delivered. Places: {rows}, the view of the source's rows; {source} and
-- {region}, literals; {raw_columns}.
select c.record_id as _record_id, {source} as _source, c.row as _row, c.valid_utc as _valid_utc,
       {region} as _source_region, {raw_columns}
from {rows} r join (select record_id, row, valid_utc from version_rows where source = {source}) c on c.row = r.row
