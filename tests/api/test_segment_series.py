"""Goal: a segment's history over many days is what each of the days gives by itself.

Method: a shop with orders of a seed, some handed back, and what a CRM says of its customers as they move and change
their minds. For every kind of rule (attributes as they are, windows that end with the day, comparisons that turn as
days go by, other segments, two tables, golden columns, consent, days of the month) sizes and who entered and left,
beside `customers_between`, which makes each day's flat table.
"""

import datetime
import random
import unittest

from workspace import HiloTest

CRM = """-- source: crm   kind: crm
select id as source_id, mail as email, city, letters as consent_email, city[1:1] as "first", 'x' as "until", 'y' as r,
       since as updated_at
from read_csv('data/crm.csv', types = {'id': 'VARCHAR'})
"""
SHOP = """-- source: shop   kind: shop   delivery: lines
select who as source_id, mail as email, no as order_id, 1 as line_no, bought as time, type, place as channel, sku,
       price as amount
from read_csv('data/shop/*.csv', types = {'who': 'VARCHAR', 'no': 'VARCHAR', 'sku': 'VARCHAR'})
"""
BASIC = """select count(*) filter (where type = 'order') as orders,
       count(*) filter (where type = 'order' and time >= $as_of - interval 30 day) as orders_30d,
       sum(amount) filter (where type = 'order' and time >= $as_of - interval 60 day) as revenue_60d,
       max(time) filter (where type = 'order') as last_order_at,
       date_diff('day', last_order_at::date, $day) as days_since_order,
       median(date_diff('day', previous_at, time)) filter (where type = 'order') as typical_gap_days,
       case when days_since_order > 40 then 'asleep' else mode(channel) end as state,
       avg(amount::double) as mean_amount,
       (select count(distinct sku) from items) as products
from (select *, lag(time) over (partition by type order by time_utc, seq) as previous_at from events)
"""
# A rule, and the same of customers_between.
RULES = {
    "several": ("orders >= 3", None),
    "lately": ("orders_30d >= 1 and revenue_60d > 40", None),
    "new": ("last_order_at >= $as_of - interval 10 day", "last_order_at >= day + 1 - interval 10 day"),
    "between": ("days_since_order between 11 and 25", None),
    "exactly": ("days_since_order = 12", None),
    "late": ("days_since_order > 2 * typical_gap_days", None),
    "never": ("orders = 0", None),
    "asleep": ("state = 'asleep'", None),
    "not_new": (
        "not in_segment('new') and in_segment('several')",
        "(last_order_at >= day + 1 - interval 10 day) is not true and orders >= 3",
    ),
    "assorted": ("products >= 3 and orders_30d > 0", None),
    "from_vigo": ("city = 'Vigo'", None),
    "letters": ("consent_email and days_since_order < 30", None),
    "recent": ("customer_since >= $day - 20 and city is not null", "customer_since >= day - 20 and city is not null"),
    "moved": ("city <> 'Lugo' and in_segment('letters')", "city <> 'Lugo' and consent_email and days_since_order < 30"),
    "even_days": ("day($day) % 2 = 0 and orders > 1", "day(day) % 2 = 0 and orders > 1"),
    "half": ("customer_id % 2 = 0 and days_since_order < 30", None),
    "week": ("days_since_order is not distinct from 7", None),
    "other_week": ("days_since_order is distinct from 7 and orders > 0", None),
    "listed": ("days_since_order in (3, 5, 20) or -days_since_order < -40", None),
    "unknown": ("coalesce(days_since_order, 999) > 20 and days_since_order is not null", None),
    "cased": ("case when orders > 2 then days_since_order else 0 end > 9", None),
    # Names of Hilo's own tables, of a trait.
    "first": ('"first" is not null and orders > 0', None),
    "until": ("\"until\" = 'x' and r = 'y'", None),
    # TRY loses values of columns that it shares (docs/decisions/0020).
    "ln": ("ln(mean_amount) is null and (mean_amount >= 0 or orders < 0)", "mean_amount = 0"),
}
# Each asks the one before twice: texts that stood in each other's place would double and double.
CHAIN = {"chain0": "orders > 1 and days_since_order > 5"} | {
    f"chain{at}": f"(in_segment('chain{at - 1}') and products > 1) or (not in_segment('chain{at - 1}') and orders > 3)"
    for at in range(1, 15)
}
FIRST = datetime.date(2024, 1, 1)
DAYS = 120


def shop_csv():
    dice = random.Random(7)
    lines = ["who,mail,no,bought,type,place,sku,price"]
    for number in range(260):
        # The first customers buy often, the last ones hardly.
        who = min(dice.randrange(30), dice.randrange(30))
        bought = datetime.datetime.combine(FIRST, datetime.time()) + datetime.timedelta(
            days=dice.randrange(DAYS), hours=dice.choice([0, 10, 23]), seconds=dice.choice([0, 3599])
        )
        kind = "return" if dice.random() < 0.1 else "order"
        place, sku, price = dice.choice(["web", "store"]), dice.choice("abcd"), dice.randrange(60) // 2
        lines.append(f"{who},c{who}@correo.es,{number},{bought},{kind},{place},{sku},{price}")
    return "\n".join(lines) + "\n"


def crm_csv():
    """Everybody twice or three times, and some under two ids, one of which says no."""
    dice = random.Random(8)
    lines = ["id,mail,city,letters,since"]
    for who in range(34):
        for _ in range(2 + who % 2):
            since = datetime.datetime.combine(FIRST, datetime.time(9)) + datetime.timedelta(days=dice.randrange(DAYS))
            mail = f"c{who}@correo.es"
            city, letters = dice.choice(["Vigo", "Lugo", ""]), dice.choice(["yes", "no", "yes", ""])
            lines.append(f"{who},{mail},{city},{letters},{since}")
        if who % 5 == 0:
            lines.append(f"{100 + who},{mail},,{dice.choice(['yes', 'no'])},{since + datetime.timedelta(days=3)}")
    return "\n".join(lines) + "\n"


class SegmentSeries(HiloTest):
    def expected(self, workspace, condition):
        rows = workspace.rows(
            f"select day::varchar, customer_id from customers_between('{FIRST}', '{FIRST + datetime.timedelta(DAYS)}', "
            f"'day') where {condition} order by all"
        )
        members = {}
        for day, customer in rows:
            members.setdefault(day, set()).add(customer)
        return members

    def shop(self):
        rules = {name: rule for name, (rule, _) in RULES.items()} | CHAIN
        files = {
            "attributes/basic.sql": BASIC,
            "sources/crm.sql": CRM,
            "data/crm.csv": crm_csv(),
            "sources/shop.sql": SHOP,
            "data/shop/1.csv": shop_csv(),
            "segments/named.sql": "select customer_id from customers _f1_1 where _f1_1.orders > 3\n",
        }
        for name, rule in rules.items():
            files[f"segments/{name}.sql"] = f"select customer_id from customers where {rule}\n"
        return self.workspace_that_ran(files)

    def test_what_grows_without_end_is_computed_day_by_day(self):
        workspace = self.shop()
        for name in ("chain14", "named"):
            history = ("segment", "history", name, "--every", "day", "--json", "--from")
            told = workspace.hilo(*history, "2024-02-20", "--to", "2024-02-24").json()["history"]
            apart = workspace.hilo(*history, "2024-02-20", "--to", "2024-02-22").json()["history"]
            self.assertEqual(told[:3], apart)
            self.assertGreater(told[-1]["members"], 0)

    def test_every_kind_of_rule_on_every_day(self):
        workspace = self.shop()
        days = [str(FIRST + datetime.timedelta(number)) for number in range(DAYS + 1)]
        for name, (rule, condition) in RULES.items():
            with self.subTest(segment=name):
                expected = self.expected(workspace, condition or rule)
                self.assertGreater(len({frozenset(members) for members in expected.values()}), 2)
                told = workspace.hilo(
                    "segment", "history", name, "--every", "day", "--from", days[0], "--to", days[-1], "--who", "--json"
                ).json()
                self.assertEqual([point["day"] for point in told["history"]], days)
                sizes = [point["members"] for point in told["history"]]
                self.assertEqual(sizes, [len(expected.get(day, ())) for day in days])
                changes = []
                for before, day in zip(days, days[1:]):
                    was, now = expected.get(before, set()), expected.get(day, set())
                    changes += [(day, "entered", who) for who in sorted(now - was)]
                    changes += [(day, "left", who) for who in sorted(was - now)]
                self.assertEqual([(row["day"], row["change"], row["customer_id"]) for row in told["who"]], changes)
                weekly = workspace.hilo(
                    "segment", "history", name, "--every", "week", "--from", days[0], "--to", days[-1], "--json"
                ).json()["history"]
                for point in weekly:
                    self.assertEqual(point["members"], len(expected.get(point["day"], ())), point["day"])


if __name__ == "__main__":
    unittest.main()
