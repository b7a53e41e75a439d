-- What one source said of its records, and which of its rows are versions: one per state of what it says of a person,
-- from the moment it held. Places: {rows}, the view of the source's rows; {source}, a literal; {person_columns}, what
-- is said of a person; {known}, whether a row counts by when it became known; {counted}, a filter for rows that count.
-- A record is numbered by all of its rows, so that it has its number whatever counts of it.

create or replace temp view said as
select r.record_key, r.row, d.run, not d.void and {known} as counts, hash({person_columns}) as content,
       coalesce(r.updated_at_utc, r.time_utc, case when r.known_at = d.delivered_at then d.undated_from end,
                r.known_at) as valid_utc
from {rows} r join deliveries d using (delivery)
where r.record_key is not null;

-- Most records say one thing all along: the first row that said it stands for all.
create or replace temp table heads as
select record_key, min(row) as record_id, min(run) as first_run,
       min(row) {counted} as row, min(run) {counted} as run,
       min(valid_utc) {counted} as valid_utc,
       min(content) {counted} as least_content, max(content) {counted} as most_content
from said group by record_key;

insert into record_keys select record_id, {source}, record_key, first_run from heads;

-- A record that said several things may have gone back to an earlier one, so its rows are walked in order.
insert into version_rows
select {source}, record_id, row, run, valid_utc, true from heads where least_content = most_content
union all
select {source}, record_id, row, run, valid_utc, false
from (select h.record_id, s.row, s.run, s.valid_utc,
             row_number() over walk = 1 or s.content is distinct from lag(s.content) over walk as changed
      from said s
      join (select record_key, record_id from heads where least_content <> most_content) h using (record_key)
      where s.counts
      window walk as (partition by h.record_id order by s.valid_utc, s.row))
where changed;
