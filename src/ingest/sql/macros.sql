-- Scalar macros of the ingest: made once in every session that stages deliveries.

-- Whether a value that was rejected may be contact data, whatever its column is called: it holds an @, or as many
-- digits as a telephone number and is no day or moment.
create or replace temp macro looks_like_contact(value) as
  contains(value, '@')
  or (regexp_matches(value, '([0-9][ ./()-]*){9}')
      and not regexp_full_match(trim(value), '[0-9]{4,5}[./-][0-9]{1,2}[./-][0-9]{1,2}([ T][0-9:.,+Z -]*)?')
      and not regexp_full_match(trim(value), '[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4,5}([ T][0-9:.,+Z -]*)?')
      and not regexp_full_match(trim(value), '-?([0-9]+[.,][0-9]+|[0-9]{14,})'));
