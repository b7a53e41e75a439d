-- Records that share an identifier with others. `kind` is that of the first identifier that links the record.
create temp table cluster_of(record_id bigint, cluster_id bigint, kind varchar, is_customer boolean,
                             has_device boolean);
create table contact.links(record_id bigint, earlier_record_id bigint, kind varchar, value varchar);
create table contact.shared_identifiers(kind varchar, value varchar, records bigint, names bigint, reason varchar);
create table redirects(from_id bigint, to_id bigint, run bigint, change varchar);
create view links as select record_id, earlier_record_id, kind from contact.links;
create view shared_identifiers as select kind, records, names, reason from contact.shared_identifiers;
