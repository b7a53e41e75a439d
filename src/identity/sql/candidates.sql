-- Identifiers that at least two records carry: all others link nobody.
create temp table shared as
select kind, value from contact.identifiers group by kind, value having count(*) > 1;
