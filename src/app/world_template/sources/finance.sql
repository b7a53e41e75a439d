-- source: finance   kind: finance   delivery: lines   rank: 90
-- Invoices and credit notes: another word for sales that shop and tills tell of. German, Latin-1, 1.234,56.
select nullif(Kunde, '') as source_id, Kunde as loyalty_id, Beleg as order_id, 1 as line_no,
       strptime(Datum, '%d.%m.%Y') as time,
       case Art when 'Rechnung' then 'invoice' when 'Gutschrift' then 'refund' end as type,
       Auftrag as about_order, case Kanal when 'Laden' then 'store' else 'web' end as channel, Betrag as amount,
       "Währung" as currency
from read_csv('data/finance/*.csv', delim = ';', encoding = 'latin-1', decimal_separator = ',',
              types = {'Datum': 'VARCHAR', 'Auftrag': 'VARCHAR', 'Betrag': 'DECIMAL(18,2)', 'Kunde': 'VARCHAR'})
