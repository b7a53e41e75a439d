-- Scalar macros of the ingest: made once in every database that stages deliveries.

-- The event's type by its standard name: Segment's e-commerce spec where it has one, otherwise snake_case.
create or replace temp macro standard_type(raw) as
  case regexp_replace(lower(trim(raw)), '[ \-]+', '_', 'g')
    when 'order_completed'         then 'order'
    when 'order_refunded'          then 'return'
    when 'product_viewed'          then 'product_view'
    when 'product_added'           then 'cart_add'
    when 'product_removed'         then 'cart_remove'
    when 'checkout_started'        then 'checkout'
    when 'products_searched'       then 'search'
    when 'email_delivered'         then 'message_sent'
    when 'email_opened'            then 'message_opened'
    when 'email_link_clicked'      then 'message_clicked'
    when 'unsubscribed'            then 'unsubscribed'
    when 'page_viewed'             then 'page_view'
    else nullif(regexp_replace(lower(trim(raw)), '[ \-]+', '_', 'g'), '')
  end;

create or replace temp macro standard_word(raw) as nullif(lower(trim(raw)), '');

-- A wall time or an instant in text: with an offset or Z it is an instant, otherwise wall time in the given zone.
create or replace temp macro has_offset(raw) as
  regexp_matches(trim(raw), ':\d\d(\.\d+)?\s*(Z|[+-]\d\d(:?\d\d)?)$');

-- Whether a value that was rejected may be contact data, whatever its column is called: it holds an @, or as many
-- digits as a telephone number and is no day or moment.
create or replace temp macro looks_like_contact(value) as
  contains(value, '@')
  or (regexp_matches(value, '([0-9][ ./()-]*){9}')
      and not regexp_full_match(trim(value), '[0-9]{4,5}[./-][0-9]{1,2}[./-][0-9]{1,2}([ T][0-9:.,+Z -]*)?')
      and not regexp_full_match(trim(value), '[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4,5}([ T][0-9:.,+Z -]*)?')
      and not regexp_full_match(trim(value), '-?([0-9]+[.,][0-9]+|[0-9]{14,})'));

-- An identifier, or null where it is a word for "nothing" (standardise/identifier.h holds the full rule; this one
-- decides early, row by row, who a row is about). A shared identifier of one character all over stands for
-- nothing; a source's own key may be one: a counter does reach 1111.
create or replace temp macro is_nothing(raw) as
  lower(trim(raw)) in ('', '-', '.', '0', 'n/a', 'na', 'null', 'none', 'nil', 'nan', 'unknown', 'undefined',
                       '[object object]')
  or regexp_full_match(trim(raw), '0+(-0+)*');

create or replace temp macro meant_own_id(raw) as case when not is_nothing(raw) then trim(raw) end;

create or replace temp macro meant_id(raw) as
  case when not is_nothing(raw)
        and not (length(trim(raw)) >= 4 and replace(trim(raw), left(trim(raw), 1), '') = '') then trim(raw) end;
