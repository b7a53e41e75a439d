-- What a retailer wants to know of every customer, as of any day.
--
-- Written as if for one customer: `events` is what that customer did before $as_of, the end of $day; `items` the lines
-- of its orders. Amounts are in the workspace's currency; windows end with the day; gaps and ages are in days.
select
  -- Recency, frequency, value
  count(*)    filter (where type = 'order')                                                as orders,
  count(*)    filter (where type = 'order' and time >= $as_of - interval 30 day)           as orders_30d,
  count(*)    filter (where type = 'order' and time >= $as_of - interval 90 day)           as orders_90d,
  count(*)    filter (where type = 'order' and time >= $as_of - interval 365 day)          as orders_365d,
  sum(amount) filter (where type = 'order')                                                as revenue,
  sum(amount) filter (where type = 'order' and time >= $as_of - interval 30 day)           as revenue_30d,
  sum(amount) filter (where type = 'order' and time >= $as_of - interval 90 day)           as revenue_90d,
  sum(amount) filter (where type = 'order' and time >= $as_of - interval 365 day)          as revenue_365d,
  avg(amount) filter (where type = 'order')                                                as average_order_value,
  min(time)   filter (where type = 'order')                                                as first_order_at,
  max(time)   filter (where type = 'order')                                                as last_order_at,
  date_diff('day', first_order_at::date, $day)                                             as tenure_days,
  date_diff('day', last_order_at::date, $day)                                              as days_since_order,
  median(date_diff('day', previous_at, time)) filter (where type = 'order')                as typical_gap_days,

  -- Where they buy
  count(*)    filter (where type = 'order' and channel = 'store'
                        and time >= $as_of - interval 365 day)                             as store_orders_365d,
  count(*)    filter (where type = 'order' and channel in ('web', 'app')
                        and time >= $as_of - interval 365 day)                             as online_orders_365d,
  sum(amount) filter (where type = 'order' and channel = 'store'
                        and time >= $as_of - interval 365 day)                             as store_revenue_365d,
  sum(amount) filter (where type = 'order' and channel in ('web', 'app')
                        and time >= $as_of - interval 365 day)                             as online_revenue_365d,
  case when store_orders_365d > 0 and online_orders_365d > 0 then 'hybrid'
       when store_orders_365d > 0 then 'offline'
       when online_orders_365d > 0 then 'online' end                                       as buyer_type,
  online_orders_365d / nullif(store_orders_365d + online_orders_365d, 0)                   as online_share_365d,
  first(channel) filter (where type = 'order')                                             as first_channel,
  mode(channel)  filter (where type = 'order')                                             as favourite_channel,

  -- Where they came from: the very first thing known of them. What was decided about them or booked is none
  first(source)      filter (where type not in ('decision', 'invoice', 'refund'))          as first_source,
  first(campaign_id) filter (where campaign_id is not null
                               and type not in ('decision', 'message_bounced'))            as first_campaign,

  -- What they bring back
  count(*)     filter (where type = 'return')                                              as returns,
  -sum(amount) filter (where type = 'return')                                              as returned_value,
  returned_value / nullif(revenue, 0)                                                      as return_rate,

  -- Messages: sent, opened, clicked; responses.sql has the orders that followed
  count(*) filter (where type = 'message_sent' and channel = 'email'
                     and time >= $as_of - interval 365 day)                                as emails_sent_365d,
  count(*) filter (where type = 'message_opened' and channel = 'email'
                     and time >= $as_of - interval 365 day)                                as emails_opened_365d,
  count(*) filter (where type = 'message_clicked' and channel = 'email'
                     and time >= $as_of - interval 365 day)                                as emails_clicked_365d,
  count(*) filter (where type = 'message_sent' and channel = 'sms'
                     and time >= $as_of - interval 365 day)                                as sms_sent_365d,
  count(*) filter (where type = 'message_opened' and channel = 'sms'
                     and time >= $as_of - interval 365 day)                                as sms_opened_365d,
  count(*) filter (where type = 'message_clicked' and channel = 'sms'
                     and time >= $as_of - interval 365 day)                                as sms_clicked_365d,
  count(*) filter (where type = 'message_sent' and channel = 'push'
                     and time >= $as_of - interval 365 day)                                as pushes_sent_365d,
  count(*) filter (where type = 'message_opened' and channel = 'push'
                     and time >= $as_of - interval 365 day)                                as pushes_opened_365d,
  count(*) filter (where type = 'message_clicked' and channel = 'push'
                     and time >= $as_of - interval 365 day)                                as pushes_clicked_365d,

  -- Service and presence
  count(*)  filter (where type = 'ticket' and time >= $as_of - interval 365 day)           as tickets_365d,
  count(*)  filter (where type = 'call' and time >= $as_of - interval 365 day)             as calls_365d,
  count(*)  filter (where type = 'store_visit' and time >= $as_of - interval 365 day)      as store_visits_365d,
  count(*)  filter (where type = 'product_view' and time >= $as_of - interval 30 day)      as product_views_30d,
  max(time) filter (where type not in ('decision', 'message_sent', 'message_bounced',
                                       'invoice', 'refund'))                               as last_seen_at,

  -- What they buy
  (select count(distinct sku) filter (where type = 'order') from items)                    as products_bought,
  (select mode(category) filter (where type = 'order') from items)                         as favourite_category,
  (select last(category) filter (where type = 'order' and category is not null) from items) as latest_category,
  (select sum(amount - unit_cost * quantity) filter (where type = 'order'
             and time >= $as_of - interval 365 day) from items)                            as margin_365d
from (select *, lag(time) over (partition by type order by time_utc, seq) as previous_at from events)
