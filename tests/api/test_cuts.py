"""A store that runs brought up to date holds what one built from the log alone holds, whatever came in which run.

Method: a small retailer whose people, orders and events get into each other's way (few mailboxes, telephones, numbers
of orders and events, so that most rows correct, repeat, merge or split something) delivers at random for some runs, and
after each run every row of every table is compared with those of a rebuild. A failure names the seed;
CUTS_SEED=7 plays that one alone, CUTS_SEEDS=500 the first 500.
"""

import os
import random
import shutil
import unittest

from workspace import HiloTest, Workspace, change_store

SEEDS = int(os.environ.get("CUTS_SEEDS", "6"))
RUNS = 5

SETTINGS = """name: Test shop
currency: EUR
time_zone: Europe/Madrid
region: ES
identity:
  names_per_identifier_max: 3
  records_per_identifier_max: 6
engine:
  threads: 2
"""

SOURCES = {
    "crm": "-- source: crm   kind: crm   rank: 10\n"
    "select id as source_id, email, phone, name as full_name, birth as birth_date, city, news = 'yes' as consent_email,"
    " changed as updated_at from read_csv('data/crm/*.csv', all_varchar = true)",
    "loyalty": "-- source: loyalty   kind: loyalty   rank: 50\n"
    "select card as loyalty_id, email, phone, tier from read_csv('data/loyalty/*.csv', all_varchar = true)",
    "shop": "-- source: shop   kind: shop   rank: 20   delivery: lines   order_space: sales\n"
    "select who as source_id, email, device as device_id, no as order_id, line as line_no, bought as time,"
    " kind as type, sku, qty as quantity, price, money as currency, note"
    " from read_csv('data/shop/*.csv', types = {'who': 'VARCHAR', 'no': 'VARCHAR', 'note': 'VARCHAR'})",
    "tills": "-- source: tills   kind: pos   rank: 30   delivery: full   order_space: sales\n"
    "select card as loyalty_id, phone, receipt as order_id, sold as time, 'order' as type, sku, qty as quantity,"
    " amount, store as store_id from read_csv('data/tills/*.csv', types = {'receipt': 'VARCHAR', 'phone': 'VARCHAR'})",
    "web": "-- source: web   kind: web\n"
    "select device as device_id, email, id as event_id, seen as time, what as type, sku"
    " from read_csv('data/web/*.csv', types = {'id': 'VARCHAR', 'email': 'VARCHAR'})",
    "visits": "-- source: visits   kind: web\n"
    "select device as device_id, seen as time, what as type, page from read_csv('data/visits/*.csv')",
    "products": "-- source: products   kind: product\n"
    "select sku, category, cost as unit_cost from read_csv('data/products/*.csv')",
    "rates": "-- source: rates   kind: fx_rate\n"
    "select money as currency, day, rate from read_csv('data/rates/*.csv')",
}

DEFINITIONS = {
    "attributes/past.sql": "select count(*) filter (where type = 'order') as bought,\n"
    "  at(bought, $as_of - interval 12 day) as bought_before, at(city, $day - 20) as city_before,\n"
    "  at(revenue, date '2024-02-10') as revenue_then from events\n",
    "segments/buyers.sql": "-- title: Buyers\nselect * from customers where orders > 0\n",
    "segments/silent.sql": "-- title: Silent buyers\nselect * from customers where in_segment('buyers') and "
    "last_order_at < $as_of - interval 20 day\n",
    "segments/changed.sql": "select * from customers where entered('silent', interval 10 day) or "
    "(in_segment('buyers', $day - 15) and not in_segment('silent'))\n",
}


class Retailer:
    """Delivers at random; the first delivery of each source is never empty, so that all columns are known."""

    def __init__(self, chance):
        self.chance = chance
        self.files = 0

    def of(self, prefix, count, missing=0.0):
        return "" if self.chance.random() < missing else f"{prefix}{self.chance.randrange(count)}"

    def email(self, missing):
        name = self.of("p", 9, missing)
        # Nobody is known by a mailbox of the last domain: it is reserved for examples.
        domain = self.chance.choice(["correo.es", "correo.es", "Correo.ES", "example.com"])
        return name and self.chance.choice([name, name.upper()]) + "@" + domain

    def phone(self, missing):
        return self.of("61234567", 8, missing)

    def moment(self):
        month, day, hour = self.chance.randint(1, 2), self.chance.randint(1, 28), self.chance.randint(8, 20)
        return f"2024-0{month}-{day:02} {hour:02}:00:00"

    def day(self, missing):
        return "" if self.chance.random() < missing else self.moment()[:10]

    def row(self, source):
        chance = self.chance
        match source:
            case "crm":
                name = chance.choice(["Ana Ruiz", "Ana Ruiz", "Luis Gil", "Eva Sol", "Leo Mar", "Ida Paz"])
                birth = chance.choice(["1980-05-17", "1.2.24", "2024-03-04", "31/12/1971", "", "nobody"])
                changed = chance.choice(["", self.moment()])
                return [self.of("c", 12), self.email(0.4), self.phone(0.4), name, birth, self.of("City ", 3, 0.3),
                        chance.choice(["yes", "no", ""]), changed]  # fmt: skip
            case "loyalty":
                return [self.of("L", 8), self.email(0.6), self.phone(0.6), self.of("tier", 3)]
            case "shop":
                kind = chance.choice(["order", "order", "return", "delivered"])
                price = chance.choice(["9.99", "0.333", "70000000000000"])
                money = chance.choice(["EUR", "", "USD", "GBP"])
                return [self.of("w", 8, 0.2), self.email(0.5), self.of("d", 6, 0.6), self.of("", 14),
                        chance.randint(1, 3), self.moment(), kind, self.of("S", 5), chance.randint(-2, 4), price, money,
                        self.of("note", 2, 0.5)]  # fmt: skip
            case "tills":
                return [self.of("L", 8, 0.3), self.phone(0.7), self.of("", 14), self.moment(), self.of("S", 5), 1,
                        chance.choice(["5.00", "6.50"]), self.of("T", 2)]  # fmt: skip
            case "web":
                return [self.of("d", 6, 0.2), self.email(0.8), self.of("e", 25, 0.3), self.moment(),
                        self.of("view", 2), self.of("S", 5, 0.5)]  # fmt: skip
            case "visits":
                return [self.of("d", 4, 0.1), self.moment()[:10] + " 10:00:00", "visit", self.of("page", 2)]
            case "products":
                return [self.of("S", 5), self.of("kind", 2), chance.choice(["1.00", "2.00"])]
            case "rates":
                return [chance.choice(["USD", "GBP"]), self.day(0), chance.choice(["0.9", "1.1", "1.25"])]

    HEADERS = {
        "crm": "id,email,phone,name,birth,city,news,changed",
        "loyalty": "card,email,phone,tier",
        "shop": "who,email,device,no,line,bought,kind,sku,qty,price,money,note",
        "tills": "card,phone,receipt,sold,sku,qty,amount,store",
        "web": "device,email,id,seen,what,sku",
        "visits": "device,seen,what,page",
        "products": "sku,category,cost",
        "rates": "money,day,rate",
    }

    def file(self, source, rows_max):
        self.files += 1
        # Now and then a file is told anew under its old name.
        number = self.chance.choice([self.files, self.files, self.files, self.chance.randrange(1, self.files + 1)])
        rows = [self.row(source) for _ in range(self.chance.randint(1, rows_max))]
        text = "\n".join([self.HEADERS[source], *(",".join(map(str, row)) for row in rows)]) + "\n"
        return {f"data/{source}/{number}.csv": text}

    def first(self):
        files = {}
        for source in SOURCES:
            files |= self.file(source, 14)
        return files

    def next(self):
        files = {}
        for source in self.chance.sample(sorted(SOURCES), self.chance.randint(1, 4)):
            for _ in range(self.chance.randint(1, 2)):
                files |= self.file(source, self.chance.choice([2, 8]))
        return files


class Cuts(HiloTest):
    def test_any_cut_into_runs(self):
        alone = os.environ.get("CUTS_SEED")
        for seed in [int(alone)] if alone else range(SEEDS):
            with self.subTest(seed=seed):
                self.play(random.Random(seed))

    def play(self, chance):
        retailer = Retailer(chance)
        definitions = {f"sources/{name}.sql": text for name, text in SOURCES.items()}
        workspace = self.workspace({"hilo.yaml": SETTINGS} | definitions | DEFINITIONS | retailer.first())
        day = 1
        workspace.run(now=f"2024-03-{day:02}T06:00:00Z")
        for _ in range(RUNS):
            day += chance.choice([0, 1, 1, 3])
            workspace.write(retailer.next())
            report = workspace.run(now=f"2024-03-{day:02}T06:00:00Z")
            self.assertTrue(report["extended"] or report["up_to_date"], report)
            self.assertFalse([warning for warning in report["warnings"] if "was of no use" in warning])
            self.compare(workspace)
            if chance.random() < 0.15:
                self.erase_somebody(workspace, chance, f"2024-03-{day:02}T06:00:00Z")

    def test_what_makes_a_store_anew(self):
        """Definitions, columns, other queries, erasures; the next run with rows alone goes on from what they left."""
        retailer = Retailer(random.Random(1))
        definitions = {f"sources/{name}.sql": text for name, text in SOURCES.items()}
        workspace = self.workspace({"hilo.yaml": SETTINGS} | definitions | DEFINITIONS | retailer.first())
        note = {"sources/notes.sql": "-- source: notes   kind: other\nselect * from read_csv('data/notes/*.csv')"}
        first_note = {"data/notes/1.csv": "device_id,time,type\nd1,2024-02-01 10:00:00,note\n"}
        wider_note = {"data/notes/2.csv": "device_id,time,type,mood\nd1,2024-02-02 10:00:00,note,good\n"}
        tills = {"sources/tills.sql": SOURCES["tills"].replace("rank: 30", "rank: 5")}
        shop = {"sources/shop.sql": SOURCES["shop"].replace("qty as quantity", "qty + 1 as quantity")}
        steps = [
            (retailer.first(), True),
            ({"hilo.yaml": SETTINGS.replace("EUR", "USD")} | retailer.first(), False),
            (retailer.first(), True),
            (note | first_note | retailer.first(), False),
            (wider_note | retailer.first(), False),
            (tills | retailer.first(), False),
            (shop | retailer.first(), False),
            # A file that an earlier query read changes: what it said then has been void for a while.
            ({"data/shop/1.csv": Retailer.HEADERS["shop"] + "\n"} | retailer.first(), None),
            ({"attributes/more.sql": "select count(*) as events from events"} | retailer.first(), False),
            (retailer.first(), True),
        ]
        workspace.run(now="2024-03-01T06:00:00Z")
        for number, (files, extended) in enumerate(steps):
            with self.subTest(step=number):
                workspace.write(files)
                report = workspace.run(now=f"2024-03-{number + 2:02}T06:00:00Z")
                if extended is not None:
                    self.assertEqual(report["extended"], extended)
                self.compare(workspace)
        workspace.write(retailer.first())
        self.assertEqual(workspace.hilo("erase", "1", "--yes", "--now", "2024-03-20T06:00:00Z").code, 0)
        self.assertTrue(workspace.run(now="2024-03-20T06:00:00Z")["extended"])
        self.compare(workspace)

    def test_golden_rows_change_with_the_day_and_with_who_is_who(self):
        """Of people of whom no row comes: what they said holds since a day between, or their customer falls apart."""

        def crm(*rows):
            return "\n".join([Retailer.HEADERS["crm"], *rows]) + "\n"

        def order(number, day):
            return f"{Retailer.HEADERS['shop']}\nw1,,,{number},1,{day} 10:00:00,order,S1,1,5.00,EUR,\n"

        shared = "612345670"
        files = {
            "data/crm/1.csv": crm(
                f"c1,,{shared},Ana Ruiz,,Ulm,yes,2024-01-02 10:00:00",
                f"c1,,{shared},Ana Ruiz,,Kiel,no,2024-02-20 10:00:00",
                f"c2,,{shared},Luis Gil,,Bonn,,2024-01-03 10:00:00",
                f"c3,,{shared},Eva Sol,,Ulm,,2024-01-04 10:00:00",
                "c4,leo@correo.es,,Leo Mar,,Ulm,,2024-02-21 10:00:00",
            ),
            "data/shop/1.csv": order(1, "2024-02-01"),
        }
        definitions = {f"sources/{name}.sql": SOURCES[name] for name in ("crm", "shop")}
        workspace = self.workspace({"hilo.yaml": SETTINGS} | definitions | files)
        workspace.run(now="2024-03-01T06:00:00Z")

        def cities():
            return [row[0] for row in workspace.rows("select city from customers where city is not null order by all")]

        self.assertEqual(cities(), ["Ulm"])
        fourth_name = crm(f"c5,,{shared},Ida Paz,,Ulm,,2024-02-22 10:00:00")
        steps = [
            ({"data/shop/2.csv": order(2, "2024-02-25")}, ["Kiel", "Ulm"]),
            ({"data/crm/2.csv": fourth_name}, ["Bonn", "Kiel", "Ulm", "Ulm", "Ulm"]),
            ({"data/shop/3.csv": order(2, "2024-02-01")}, ["Bonn", "Ulm", "Ulm"]),  # corrected: the day goes back
        ]
        for number, (files, expected) in enumerate(steps):
            workspace.write(files)
            self.assertTrue(workspace.run(now=f"2024-03-{number + 2:02}T06:00:00Z")["extended"])
            if expected is not None:
                self.assertEqual(cities(), expected)
            self.compare(workspace)

    def test_a_store_that_is_of_no_use(self):
        """A run goes on without it, and says so; a log that is not the store's is noticed."""
        retailer = Retailer(random.Random(2))
        definitions = {f"sources/{name}.sql": text for name, text in SOURCES.items()}
        workspace = self.workspace({"hilo.yaml": SETTINGS} | definitions | DEFINITIONS | retailer.first())
        workspace.run(now="2024-03-01T06:00:00Z")

        def visit():
            retailer.files += 1
            row = f"d1,2024-02-01 10:00:{retailer.files},visit,page1"
            return {f"data/visits/{retailer.files}.csv": f"{Retailer.HEADERS['visits']}\n{row}\n"}

        for spoil, told in (
            ("update events set seq = (select min(seq) from events)", True),
            ("drop table contact.names", True),
            ("update meta set built_from = 'another log'", False),
        ):
            with self.subTest(spoil):
                generation = next((workspace.root / "store").glob("generation-*.duckdb"))
                change_store(generation, spoil)
                workspace.write(visit())
                report = workspace.run(now="2024-03-02T06:00:00Z")
                self.assertFalse(report["extended"])
                self.assertEqual(told, any("was of no use" in warning for warning in report["warnings"]), report)
                self.compare(workspace)
                self.assertEqual(workspace.leftovers(), [])

        generation = next((workspace.root / "store").glob("generation-*.duckdb"))
        generation.chmod(0o444)
        workspace.write(visit())
        self.assertTrue(workspace.run(now="2024-03-03T06:00:00Z")["extended"])

        data = bytearray(generation.with_name("generation-000005.duckdb").read_bytes())
        data[3 * 262_144 + 5_000 : 3 * 262_144 + 5_064] = bytes(64)
        generation.with_name("generation-000005.duckdb").write_bytes(data)
        workspace.write(visit())
        workspace.run(now="2024-03-04T06:00:00Z")
        self.compare(workspace)

    def compare(self, workspace):
        copied = self.folder / "rebuilt"
        shutil.copytree(workspace.root / "log", copied / "log")
        shutil.copy2(workspace.root / "hilo.yaml", copied / "hilo.yaml")
        rebuilt = Workspace.at(copied)
        rebuilt.rebuild()
        expected, got = rebuilt.dump(), workspace.dump()
        self.assertEqual(list(expected), list(got))
        for table, content in expected.items():
            self.assertEqual(content, got[table], table)
        shutil.rmtree(copied)

    def erase_somebody(self, workspace, chance, now):
        ids = [row[0] for row in workspace.rows("select customer_id from customers order by all")]
        if ids:
            outcome = workspace.hilo("erase", str(chance.choice(ids)), "--yes", "--now", now)
            self.assertEqual(outcome.code, 0, str(outcome))


if __name__ == "__main__":
    unittest.main()
