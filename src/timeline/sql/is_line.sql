-- Whether a row tells of a line of an order; all other rows with a type are events of their own.
create or replace temp macro is_line(type, order_id) as
  order_id is not null and type in ('order', 'return', 'invoice', 'refund');
