-- title: Clicks e-mail
-- Clicked in at least one of three e-mails sent within a year.
select customer_id
from customers
where emails_sent_365d >= 3 and emails_clicked_365d * 3 >= emails_sent_365d
