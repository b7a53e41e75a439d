-- The customers whose golden row or contact data may be others than before. Places: {from}, {to}, the ends of the
-- former default day and of today's, in either order.
create temp table touched as
-- Of records that the run tells of: whatever comes together does so by one of them.
select i.customer_id from identity i
semi join (from (select record_id from record_keys) union all (select record_id from changed_births)) using (record_id)
where i.customer_id is not null
union
-- Who lost a record.
select former_customer_id from moved_records where former_customer_id is not null
union
-- Of whom something holds on one of the days and not on the other.
select customer_id from versions
where customer_id is not null and time >= least({from}, {to}) and time < greatest({from}, {to})
union
-- Who was none before: a part of one that fell apart.
select customer_id from customer_spans anti join customers using (customer_id) where exists_from < {to};

drop table moved_records;
drop table changed_births;
