-- What the sources fill, one after the other: see said.sql and versions.sql.

-- The way from a row of the log to its record, whose id is the first row that named it, void deliveries included.
create temp table record_keys(record_id bigint, source varchar, record_key varchar, first_run integer);

-- Which rows are versions, with the run that brought them, and whether their record has no other.
create temp table version_rows(source varchar, record_id bigint, row bigint, run integer, valid_utc timestamp,
                               _is_only boolean);
