-- Makes way for the identities of today, and keeps those from before to compare.
create temp table former_identity as select record_id, customer_id, visitor_id from identity;
drop table identity; drop view links; drop view shared_identifiers;
drop table contact.links; drop table contact.shared_identifiers; drop table redirects;
