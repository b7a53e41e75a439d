-- source: sms   kind: sms   rank: 60
-- Numbers as people in Spain write them: 612 34 56 78, abroad 0049 15123456789.
select numero as phone, id as event_id, campana as campaign_id, 'sms' as channel,
       strptime(fecha, '%d/%m/%Y %H:%M:%S') as time,
       case estado when 'enviado' then 'message_sent' when 'leido' then 'message_opened'
                   when 'clic' then 'message_clicked' when 'rechazado' then 'message_bounced'
                   when 'baja' then 'unsubscribed' end as type
from read_csv('data/sms/*.csv', delim = ';', all_varchar = true)
