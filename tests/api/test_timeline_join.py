"""`hilo timeline join`: features as they were known strictly before an instant, whatever came afterwards.

Leaks are planted: after the instant something comes that changes what is told of the time before it. Each is seen to
change the customer's row as corrected now, and none of them changes what the join gives. Then everything after the
instant is noise.
"""

import os
import random
import unittest

from test_cuts import DEFINITIONS, SETTINGS, SOURCES, Retailer
from workspace import HiloTest

SEEDS = int(os.environ.get("JOIN_SEEDS", "2"))
INSTANT = "2024-02-04 14:00:00"  # of the shop's zone; labels are of this moment
KIOSK_RUN = "2024-02-03T06:00:00Z"  # before the instant: what a query read then was known then
FIRST_RUN = "2024-02-05T06:00:00Z"
LATER_RUN = "2024-03-01T06:00:00Z"

LEAK_SOURCES = {
    "crm": "-- source: crm   kind: crm   rank: 10\n"
    "select id as source_id, email, phone, name as full_name, city, news = 'yes' as consent_email,"
    " changed as updated_at from read_csv('data/crm/*.csv', all_varchar = true)",
    "loyalty": "-- source: loyalty   kind: loyalty   rank: 50\n"
    "select card as loyalty_id, email, phone, name as full_name, tier, changed as updated_at"
    " from read_csv('data/loyalty/*.csv', all_varchar = true)",
    "shop": "-- source: shop   kind: shop   rank: 20   delivery: lines\n"
    "select email, no as order_id, line as line_no, bought as time, kind as type, sku, qty as quantity, price,"
    " money as currency from read_csv('data/shop/*.csv', types = {'no': 'VARCHAR'})",
    "tills": "-- source: tills   kind: pos   rank: 30   delivery: full\n"
    "select email, receipt as order_id, sold as time, 'order' as type, sku, qty as quantity, amount"
    " from read_csv('data/tills/*.csv', types = {'receipt': 'VARCHAR'})",
    "web": "-- source: web   kind: web\n"
    "select device as device_id, email, id as event_id, seen as time, what as type"
    " from read_csv('data/web/*.csv', types = {'id': 'VARCHAR', 'email': 'VARCHAR', 'device': 'VARCHAR'})",
    "kiosk": "-- source: kiosk   kind: other\n"
    "select email, id as event_id, seen as time, 'kiosk' as type, taps as quantity"
    " from read_csv('data/kiosk/*.csv', types = {'id': 'VARCHAR'})",
    "finance": "-- source: finance   kind: other\n"
    "select email, id as event_id, booked as time, learned as known_at, 'invoice_paid' as type, amount"
    " from read_csv('data/finance/*.csv', types = {'id': 'VARCHAR'})",
    "products": "-- source: products   kind: product\n"
    "select sku, category, cost as unit_cost, since as known_at from read_csv('data/products/*.csv')",
    "rates": "-- source: rates   kind: fx_rate\n"
    "select money as currency, day, rate, since as known_at from read_csv('data/rates/*.csv')",
}

LEAK_DEFINITIONS = {
    "attributes/basic.sql": "select count(*) filter (where type = 'order') as orders,\n"
    "  sum(amount) filter (where type = 'order') as revenue, max(time) as last_at, count(*) as events,\n"
    "  count(*) filter (where type = 'view') as views, sum(quantity) filter (where type = 'kiosk') as taps,\n"
    "  sum(amount) filter (where type = 'invoice_paid') as paid,\n"
    "  count(*) filter (where type = 'return') as returns,\n"
    "  at(orders, $as_of - interval 10 day) as orders_before from events\n",
    "attributes/goods.sql": "select sum(amount - quantity * unit_cost) as margin,\n"
    "  mode(category order by category) as favourite_category from items\n",
    "attributes/ranks.sql": "select rank() over (order by revenue desc nulls last) as revenue_rank from customers\n",
}

HEADERS = {
    "crm": "id,email,phone,name,city,news,changed",
    "loyalty": "card,email,phone,name,tier,changed",
    "shop": "email,no,line,bought,kind,sku,qty,price,money",
    "tills": "email,receipt,sold,sku,qty,amount",
    "web": "device,email,id,seen,what",
    "kiosk": "email,id,seen,taps",
    "finance": "email,id,booked,learned,amount",
    "products": "sku,category,cost,since",
    "rates": "money,day,rate,since",
}


def mail(who):
    return f"{who}@correo.es"


def files(number, **rows):
    """Each source's file of that number."""
    texts = {source: "\n".join([HEADERS[source], *lines]) + "\n" for source, lines in rows.items()}
    return {f"data/{source}/{number}.csv": text for source, text in texts.items()}


# Leak -> (rows of the first run by source, rows of the later run by source). The leak's name is its customer's.
# fmt: off
LEAKS = {
    "late_order": ({}, {"shop": ["late_order@correo.es,L1,1,2024-01-20 10:00:00,order,A,1,30,EUR"]}),
    "corrected_price": (
        {"shop": ["corrected_price@correo.es,C1,1,2024-01-10 10:00:00,order,A,1,10,EUR"]},
        {"shop": ["corrected_price@correo.es,C1,1,2024-01-10 10:00:00,order,A,1,99,EUR"]}),
    "added_line": (
        {"shop": ["added_line@correo.es,D1,1,2024-01-10 10:00:00,order,A,1,10,EUR"]},
        {"shop": ["added_line@correo.es,D1,2,2024-01-10 10:00:00,order,B,1,5,EUR"]}),
    "late_return": (
        {"shop": ["late_return@correo.es,R1,1,2024-01-10 10:00:00,order,A,1,10,EUR"]},
        {"shop": ["late_return@correo.es,R2,1,2024-01-15 10:00:00,return,A,1,10,EUR"]}),
    "full_order_told_anew": (
        {"tills": ["full_order_told_anew@correo.es,T1,2024-01-12 10:00:00,A,2,20"]},
        {"tills": ["full_order_told_anew@correo.es,T1,2024-01-12 10:00:00,A,1,10"]}),
    "corrected_event": (
        {"web": [",corrected_event@correo.es,W1,2024-01-12 10:00:00,view"]},
        {"web": [",corrected_event@correo.es,W1,2024-01-12 10:00:00,bot"]}),
    "late_event": ({}, {"web": [",late_event@correo.es,W2,2024-01-13 10:00:00,view"]}),
    "moved_before": ({}, {"crm": ["moved_before,moved_before@correo.es,,,Kiel,,2024-01-20 10:00:00"]}),
    "consent_withdrawn": ({}, {"crm": ["consent_withdrawn,consent_withdrawn@correo.es,,,Ulm,no,2024-01-20 10:00:00"]}),
    "name_unlinks": (  # three more names on one telephone: it links nobody any more
        {"crm": ["name_unlinks_too,,612345678,Ana Ruiz,Bonn,,2024-01-01 10:00:00"],
         "loyalty": ["K1,name_unlinks@correo.es,612345678,Ana Ruiz,gold,2024-01-01 10:00:00"]},
        {"loyalty": ["K2,,612345678,Luis Gil,gold,2024-01-01 10:00:00",
                     "K3,,612345678,Eva Sol,gold,2024-01-01 10:00:00",
                     "K4,,612345678,Leo Mar,gold,2024-01-01 10:00:00"]}),
    "merged_with_a_buyer": (
        {"shop": ["buyer_alone@correo.es,M1,1,2024-01-10 10:00:00,order,A,1,70,EUR"]},
        {"web": ["dm,merged_with_a_buyer@correo.es,W3,2024-02-10 10:00:00,view",
                 "dm,buyer_alone@correo.es,W4,2024-02-10 10:00:00,view"]}),
    "device_logs_in": (
        {"web": ["dd,,W5,2024-01-10 10:00:00,view", "dd,,W6,2024-01-11 10:00:00,view"]},
        {"web": ["dd,device_logs_in@correo.es,W7,2024-02-11 10:00:00,view"]}),
    "another_category": (
        {"shop": ["another_category@correo.es,P1,1,2024-01-10 10:00:00,order,OTHER,1,10,EUR"]},
        {"products": ["OTHER,late category,1,2024-02-20 00:00:00"]}),
    "another_cost": (
        {"shop": ["another_cost@correo.es,P2,1,2024-01-10 10:00:00,order,COST,1,10,EUR"]},
        {"products": ["COST,cost,9,2024-02-20 00:00:00"]}),
    "late_rate": (
        {"shop": ["late_rate@correo.es,X1,1,2024-01-10 10:00:00,order,A,1,10,USD"]},
        {"rates": ["USD,2024-01-05,2.5,2024-02-20 00:00:00"]}),
    "query_changed": ({"kiosk": ["query_changed@correo.es,Q1,2024-01-10 10:00:00,3"]}, {}),
    "learned_late": ({"finance": ["learned_late@correo.es,F1,2024-01-10 10:00:00,2024-02-05 20:00:00,500"]}, {}),
    "same_day_after": ({"web": [",same_day_after@correo.es,W8,2024-02-04 16:00:00,view"]}, {}),
    "at_the_instant": ({"web": [",at_the_instant@correo.es,W9,2024-02-04 14:00:00,view"]}, {}),
    "older_record": ({}, {"loyalty": ["K9,older_record@correo.es,,,silver,2021-01-01 10:00:00"]}),
    "orders_before": ({}, {"shop": ["orders_before@correo.es,O1,1,2023-12-20 10:00:00,order,A,1,1,EUR"]}),
}
# fmt: on
# query_changed comes by another query of the kiosk's source; the last ones stand in the log from the first run on.


def rows_of(part):
    """The rows of all leaks by source."""
    rows = {source: [] for source in HEADERS}
    for leak in LEAKS.values():
        for source, lines in leak[part].items():
            rows[source] += lines
    return rows


class Leaks(HiloTest):
    def planted(self, later):
        """The shop after its first run, and after a later one that brings all leaks where `later`."""
        first = rows_of(0)
        first["crm"] += [f"{who},{mail(who)},,Person {who},Ulm,yes,2024-01-01 10:00:00" for who in LEAKS]
        first["products"] += ["A,kind,1,2024-01-01 00:00:00", "B,kind,1,2024-01-01 00:00:00",
                              "OTHER,early category,1,2024-01-01 00:00:00",
                              "COST,cost,1,2024-01-01 00:00:00"]  # fmt: skip
        first["rates"] += ["USD,2023-01-01,0.5,2023-01-01 00:00:00"]
        definitions = {f"sources/{name}.sql": text for name, text in LEAK_SOURCES.items()}
        kiosk = {"sources/kiosk.sql": definitions.pop("sources/kiosk.sql")} | files(1, kiosk=first.pop("kiosk"))
        workspace = self.workspace({"hilo.yaml": SETTINGS} | kiosk)
        workspace.run(now=KIOSK_RUN)
        workspace.write(definitions | LEAK_DEFINITIONS | files(1, **first))
        workspace.run(now=FIRST_RUN)
        if later:
            brought = {source: lines for source, lines in rows_of(1).items() if lines}
            changed = LEAK_SOURCES["kiosk"].replace("taps as quantity", "taps + 100 as quantity")
            workspace.write({"sources/kiosk.sql": changed} | files(2, **brought))
            workspace.run(now=LATER_RUN)
        return workspace

    def joined(self, workspace, labels, *args):
        workspace.write({"labels.csv": labels})
        outcome = workspace.hilo("timeline", "join", "--labels", "labels.csv", "-o", "joined.csv", "--json", *args)
        self.assertEqual(outcome.code, 0, str(outcome))
        return (workspace.root / "joined.csv").read_text(), outcome.json()

    REPORT = {"rows": len(LEAKS), "unknown": 0, "nobody": 0, "instants": 1, "seconds": 0}

    def test_no_planted_leak_gets_through(self):
        before, after = self.planted(later=False), self.planted(later=True)
        ids = {who: before.customer_id(f"crm:{who}") for who in LEAKS}
        self.assertEqual(len(set(ids.values())), len(LEAKS))
        labels = "customer_id,instant,churned\n"
        labels += "".join(f"{ids[who]},{INSTANT},{number % 2}\n" for number, who in enumerate(ids))
        known, report = self.joined(before, labels)
        self.assertEqual(report | {"seconds": 0}, self.REPORT)
        # As corrected now, every leak shows: in the table of that day, which the join gives without it.
        rows = known.splitlines()
        header, features = rows[0].split(",")[4:], [row.split(",", 4)[4] for row in rows[1:]]
        columns = ", ".join(header)
        for who, told in zip(ids, features, strict=True):
            with self.subTest(who):
                query = f"select {columns} from customers_on('2024-02-04') where customer_id = {ids[who]}"
                leaky = after.hilo("sql", "--csv", query)
                self.assertEqual(leaky.code, 0, str(leaky))
                # An order that came late is the one thing that would show in everybody's rank.
                self.assertNotEqual(self.but_rank(header, leaky.out.splitlines()[1]), self.but_rank(header, told))
        self.assertEqual(self.joined(after, labels)[0], known)
        # A day that ends before the late rows came is known as it was, too.
        day = "select * exclude (customer_id) from customers order by customer_id"
        self.assertEqual(
            after.hilo("sql", "--csv", "--known-on", "2024-02-10", day).out, before.hilo("sql", "--csv", day).out
        )

    def but_rank(self, header, row):
        return [value for name, value in zip(header, row.split(","), strict=True) if name != "revenue_rank"]


class Noise(HiloTest):
    def test_everything_after_is_noise(self):
        """Two shops agree up to the instant; after it the one has other rows in the same files, and other runs."""
        for seed in range(SEEDS):
            with self.subTest(seed=seed):
                self.play(seed)

    def play(self, seed):
        cut = "2024-02-01"
        first = Retailer(random.Random(seed)).first()
        shops = []
        for noise in (random.Random(seed + 1_000), random.Random(seed + 2_000)):
            retailer = Retailer(noise)
            retailer.files = len(first)
            own = {name: self.noisy(name, text, cut, retailer) for name, text in first.items()}
            definitions = {f"sources/{name}.sql": text for name, text in SOURCES.items()}
            workspace = self.workspace({"hilo.yaml": SETTINGS} | definitions | DEFINITIONS | own)
            for day in (1, 2, 3):
                workspace.run(now=f"2024-03-{day:02}T06:00:00Z")
                workspace.write(retailer.next())
            shops.append(workspace)
        labels = "customer_id,instant\n"
        for day, instant in (("2024-01-31", cut), ("2024-01-19", "2024-01-20 12:30:00")):
            rows, others = (self.rows_known(workspace, day) for workspace in shops)
            self.assertEqual(rows, others)
            labels += "".join(f"{row},{instant}\n" for row in rows)
        told = []
        for workspace in shops:
            workspace.write({"labels.csv": labels})
            asked = ("--labels", "labels.csv", "--segments", "all", "-o", "joined.csv", "--json")
            outcome = workspace.hilo("timeline", "join", *asked)
            self.assertEqual(outcome.code, 0, str(outcome))
            told.append((workspace.root / "joined.csv").read_text())
            self.assertLess(outcome.json()["unknown"] + outcome.json()["nobody"], outcome.json()["rows"])
        self.assertEqual(told[0], told[1])
        self.assertIn(",in_buyers,in_changed,in_silent\n", told[0])
        self.assertIn(",true,false,", told[0])

    def rows_known(self, workspace, day):
        """The rows of the log that were known at the end of a day, of records that were a customer's then."""
        query = "select seq as row from versions where customer_id is not null union select seq from events"
        query += " where customer_id is not null"
        outcome = workspace.hilo("sql", "--reveal", "--json", "--known-on", day, query + " order by row")
        self.assertEqual(outcome.code, 0, str(outcome))
        return [row["row"] for row in outcome.json()]

    def noisy(self, name, text, cut, retailer):
        """The file with others in the place of rows of after the cut, and of those that are known since they came."""
        source = name.split("/")[1]
        header, *rows = text.splitlines()
        dated = {"crm": "changed", "shop": "bought", "tills": "sold", "web": "seen", "visits": "seen"}.get(source)
        place = header.split(",").index(dated) if dated else None

        def is_before(row):
            return place is not None and row.split(",")[place] and row.split(",")[place] < cut

        told = [header]
        for row in rows:
            while not is_before(row):
                other = ",".join(map(str, retailer.row(source)))
                if not is_before(other):
                    row = other
                    break
            told.append(row)
        return "\n".join(told) + "\n"


if __name__ == "__main__":
    unittest.main()
