create table contact.links(record_id bigint, earlier_record_id bigint, kind varchar, value varchar);
create table contact.shared_identifiers(kind varchar, value varchar, records bigint, names bigint, reason varchar);
-- Where guarded identifiers lead beyond a cluster: `component_id` is the earliest record that any identifiers lead to.
create table contact.components(record_id bigint, component_id bigint);
create table redirects(from_id bigint, to_id bigint, run bigint, change varchar);
create view links as select record_id, earlier_record_id, kind from contact.links;
create view shared_identifiers as select kind, records, names, reason from contact.shared_identifiers;
