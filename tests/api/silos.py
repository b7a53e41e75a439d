"""A small retailer: seven silos in the formats that silos come in, overlapping in their people.

Ana is in the CRM, the web shop and the loyalty scheme, her e-mail and phone spelled differently in each. Íñigo is in
the CRM and the loyalty scheme by phone. Zoë buys on the web in dollars. Two receipts of the tills name nobody.
"""

from workspace import gzipped, zstandard

CRM = """-- source: crm   kind: crm   rank: 10
select id as source_id, nombre as given_name, apellidos as family_name, email, telefono as phone, calle as address,
       ciudad as city, cp as postcode, nacimiento as birth_date, acepta_email as consent_email, cambiado as updated_at
from read_csv('data/crm/*.csv', types = {'id': 'VARCHAR', 'cp': 'VARCHAR', 'telefono': 'VARCHAR'})
"""
CRM_CSV = """id;nombre;apellidos;email;telefono;calle;ciudad;cp;nacimiento;acepta_email;cambiado
1;Ana;García Muñoz;ana.garcia@correo.es;600 111 222;Calle Mayor 1;Córdoba;14001;1980-05-17;true;2023-01-10 09:00:00
2;Íñigo;Peña;;+34 611 222 333;Plaza España 3;Logroño;26001;1975-12-01;false;2023-01-11 09:00:00
3;Lucía;Núñez;lucia@buzon.es;;Avenida del Mar 8;Cádiz;11001;1990-02-28;;2023-01-12 09:00:00
"""

SHOP = """-- source: shop   kind: shop   rank: 1   delivery: full
select customer as source_id, mail as email, name as full_name, order_no as order_id, line as line_no,
       placed_at as time, 'Order Completed' as type, 'web' as channel, sku, qty as quantity, unit_price as price,
       currency
from read_json('data/shop/*.jsonl.gz')
"""
SHOP_JSON = (
    '{"customer": "A7", "mail": "Ana.Garcia@correo.es ", "name": "GARCIA MUÑOZ, Ana", "order_no": "W-1", "line": 1, '
    '"placed_at": "2024-03-01 10:00:00", "sku": "TEA", "qty": 2, "unit_price": 4.50, "currency": "EUR"}\n'
    '{"customer": "A7", "mail": "Ana.Garcia@correo.es ", "name": "GARCIA MUÑOZ, Ana", "order_no": "W-1", "line": 2, '
    '"placed_at": "2024-03-01 10:00:00", "sku": "CUP", "qty": 1, "unit_price": 9.90, "currency": "EUR"}\n'
    '{"customer": "A8", "mail": "zoe@postal.us", "name": "Zoë Black", "order_no": "W-2", "line": 1, '
    '"placed_at": "2024-03-02 12:30:00", "sku": "TEA", "qty": 1, "unit_price": 5.00, "currency": "USD"}\n'
)

TILLS = """-- source: tills   kind: pos   rank: 2   delivery: lines
select card as loyalty_id, receipt as order_id, line as line_no, sold_at as time,
       case when qty < 0 then 'return' else 'order' end as type, 'store' as channel, shop as store_id, sku,
       qty as quantity, total as amount
from read_csv('data/tills/*.csv.zst')
"""
TILLS_CSV = """card,receipt,line,sold_at,shop,sku,qty,total
L-100,R-1,1,2024-03-05 17:00:00,S1,TEA,1,4.50
L-100,R-1,2,2024-03-05 17:00:00,S1,POT,1,25.00
L-101,R-2,1,2024-03-06 11:00:00,S2,CUP,2,19.80
,R-3,1,2024-03-06 12:00:00,S2,CUP,1,9.90
,R-4,1,2024-03-07 12:00:00,S2,TEA,3,13.50
L-101,R-5,1,2024-03-09 10:00:00,S2,CUP,-1,-9.90
"""

LOYALTY = """-- source: loyalty   kind: loyalty   rank: 20
select card as source_id, card as loyalty_id, name as full_name, mobile as phone, mail as email, joined as updated_at
from read_csv('data/loyalty.csv', types = {'mobile': 'VARCHAR'})
"""
LOYALTY_CSV = """card,name,mobile,mail,joined
L-100,Ana García,+34-600-111-222,n/a,2023-02-01 10:00:00
L-101,Iñigo Peña,0034611222333,,2023-02-02 10:00:00
"""

MAILS = """-- source: mails   kind: email
select id as event_id, address as email, sent as time, event as type, 'email' as channel, campaign as campaign_id
from read_csv('data/mails/*.csv')
"""
MAILS_CSV = """id,address,sent,event,campaign
m1,ana.garcia@correo.es,2024-02-28 08:00:00,Email Delivered,SPRING
m2,ana.garcia@correo.es,2024-02-28 08:05:00,Email Opened,SPRING
m3,lucia@buzon.es,2024-02-28 08:00:00,Email Delivered,SPRING
"""

FX = """-- source: rates   kind: fx_rate
select currency, day, rate from read_csv('data/fx.csv')
"""
FX_CSV = "currency,day,rate\nUSD,2024-01-01,0.90\nUSD,2024-03-02,0.92\n"

PRODUCTS = """-- source: products   kind: product
select sku, category, brand, unit_cost from read_csv('data/products.csv')
"""
PRODUCTS_CSV = (
    "sku,category,brand,unit_cost\nTEA,drinks,Casa,1.20\nCUP,tableware,Casa,3.00\nPOT,tableware,Casa,8.00\n"
)


def files():
    """The whole retailer, as Workspace takes it."""
    return {
        "sources/crm.sql": CRM,
        "data/crm/2024-06.csv": CRM_CSV.encode("windows-1252"),
        "sources/shop.sql": SHOP,
        "data/shop/2024-03.jsonl.gz": gzipped(SHOP_JSON),
        "sources/tills.sql": TILLS,
        "data/tills/2024-03.csv.zst": zstandard(TILLS_CSV),
        "sources/loyalty.sql": LOYALTY,
        "data/loyalty.csv": b"\xff\xfe" + LOYALTY_CSV.encode("utf-16-le"),
        "sources/mails.sql": MAILS,
        "data/mails/2024-02.csv": MAILS_CSV,
        "sources/rates.sql": FX,
        "data/fx.csv": FX_CSV,
        "sources/products.sql": PRODUCTS,
        "data/products.csv": PRODUCTS_CSV,
    }
