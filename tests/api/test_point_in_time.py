"""What was known when, as it is asked: `--known-on`, and labels of `hilo timeline join`."""

import json
import signal
import unittest

from workspace import SETTINGS, TIMEOUT_SECONDS, HiloTest


class Asked(HiloTest):
    """What may be asked so, what stays of it, and what is refused."""

    SHOP = (
        "-- source: shop   kind: shop\nselect email, id as order_id, bought as time, 'order' as type, amount from"
        " read_csv('data/*.csv', types = {'id': 'VARCHAR'})"
    )
    HEADER = "email,id,bought,amount\n"

    def shop(self, rows=""):
        workspace = self.workspace(
            {
                "sources/shop.sql": self.SHOP,
                "segments/buyers.sql": "select * from customers where revenue >= 5",
                "data/1.csv": self.HEADER + "ana@correo.es,1,2024-01-10 10:00:00,5.00\n" + rows,
            }
        )
        workspace.run(now="2024-01-11T06:00:00Z")
        workspace.write(
            {
                "segments/buyers.sql": "select * from customers where revenue >= 8",
                "attributes/basic.sql": "select sum(amount) as revenue, count(*) as bought from events",
                "data/2.csv": self.HEADER + "ana@correo.es,1,2024-01-10 10:00:00,7.00\n"
                "luis@correo.es,2,2024-01-08 10:00:00,9.00\n",
            }
        )
        workspace.run(now="2024-01-12T06:00:00Z")
        return workspace

    def asked(self, workspace, *args):
        outcome = workspace.hilo(*args)
        self.assertEqual(outcome.code, 0, str(outcome))
        return outcome

    def test_questions(self):
        workspace = self.shop()
        day = ("--known-on", "2024-01-11")
        self.assertEqual(self.asked(workspace, "sql", "--csv", *day, "select orders, revenue from customers").out,
                         "orders,revenue\n1,5.0000\n")  # fmt: skip
        then = self.asked(workspace, "customer", "ana@correo.es", "--json", *day).json()
        self.assertEqual((then["attributes"]["revenue"], then["attributes"]["orders"]), (5.0, 1))
        self.assertNotIn("bought", then["attributes"], "the definitions are those of then")
        self.assert_fails(workspace.hilo("customer", "luis@correo.es", *day), 1, "no customer answers")
        why = self.asked(workspace, "attribute", "why", "revenue", "--customer", "ana@correo.es", "--json", *day).json()
        self.assertIn("5.0", str(why))
        sizes = self.asked(workspace, "segment", "list", "--quick", "--json", *day).json()["segments"]
        self.assertEqual([segment["members"] for segment in sizes], [1], "of then: revenue from 5 on")
        history = self.asked(workspace, "segment", "history", "buyers", "--recorded", "--json", *day).json()
        self.assertEqual(len(history["records"]), 1)
        self.asked(workspace, "snapshot", "-o", "then.csv", *day)
        self.assertIn("5.0000", (workspace.root / "then.csv").read_text())
        # A day before the first run, by its definitions.
        before = self.asked(workspace, "sql", "--csv", "--known-on", "2024-01-10", "select revenue from customers")
        self.assertEqual(before.out, "revenue\n5.0000\n")
        self.assertEqual(workspace.value("select sum(revenue)::int from customers"), 16, "as corrected now")

    def test_later_columns_and_sources(self):
        """Definitions of then have the columns of then, whatever later ones are called and hold."""
        points = "-- source: {}   kind: other\nselect email, id as event_id, happened as time, 'x' as type, points from"
        points += " read_csv('data/{}/*.csv', types = {{'id': 'VARCHAR'}})"
        workspace = self.workspace(
            {
                "sources/one.sql": points.format("one", "one"),
                "attributes/basic.sql": "select sum(points) as collected from events",
                "data/one/1.csv": "email,id,happened,points\nana@correo.es,1,2024-01-10 10:00:00,5\n",
            }
        )
        workspace.run(now="2024-01-11T06:00:00Z")
        before = workspace.dump()
        workspace.write(
            {
                "sources/two.sql": points.format("two", "two"),
                "attributes/basic.sql": "select sum(try_cast(points as double)) as collected from events",
                "data/two/1.csv": "email,id,happened,points\nluis@correo.es,1,2024-01-09 10:00:00,many\n",
            }
        )
        workspace.run(now="2024-01-20T06:00:00Z")
        day = ("--known-on", "2024-01-15")
        collected = self.asked(workspace, "sql", "--csv", *day, "select collected from customers")
        self.assertEqual(collected.out, "collected\n5\n")
        profile = self.asked(workspace, "attribute", "profile", "collected", "--json", *day).json()
        self.assertEqual(profile["type"], "HUGEINT")
        sources = self.asked(workspace, "sql", "--csv", *day, "select source from sources")
        self.assertEqual(sources.out, "source\none\n")
        self.assertEqual(len(before['"main"."deliveries"']["rows"]), 1)

    def test_what_is_refused(self):
        workspace = self.shop()
        before = workspace.state()
        self.assert_fails(workspace.hilo("sql", "--known-on", "soon", "select 1"), 2, "soon")
        self.assert_fails(workspace.hilo("sql", "--known-on", "", "select 1"), 2, "--known-on needs a day")
        self.assert_fails(workspace.hilo("sql", "--known-on", "2023-12-31", "select 1"), 1, "nothing was known")
        self.assertEqual({name: state for name, state in workspace.state().items() if state != "folder"},
                         {name: state for name, state in before.items() if state != "folder"})  # fmt: skip
        new = self.workspace({})
        self.assert_fails(new.hilo("sql", "--known-on", "2024-01-11", "select 1"), 1, "nothing has been published")

    def test_what_stays(self):
        """The last four stores, until a run or an erasure; the second question about a day makes nothing."""
        workspace = self.shop()
        known = workspace.root / "store/.known"
        for day in range(11, 17):
            self.asked(workspace, "sql", "--known-on", f"2024-01-{day}", "select 1")
        kept = sorted(path.name[:10] for path in known.iterdir())
        self.assertEqual(kept, [f"2024-01-{day}" for day in range(13, 17)])
        again = self.asked(workspace, "sql", "--known-on", "2024-01-16", "select 1")
        self.assertEqual(again.err, "")
        ana = workspace.customer_id("ana@correo.es")
        self.asked(workspace, "erase", str(ana), "--yes", "--now", "2024-01-13T06:00:00Z")
        self.assertFalse(known.exists(), "an erasure is complete")
        self.assert_fails(workspace.hilo("sql", "--known-on", "2024-01-11", "select 1"), 1, "nothing was known")
        rest = self.asked(
            workspace, "sql", "--csv", "--known-on", "2024-01-12", "select sum(amount)::int n from events"
        )
        self.assertEqual(rest.out, "n\n9\n")
        self.assertTrue(known.exists())
        workspace.run(now="2024-01-14T06:00:00Z")
        self.assertEqual(workspace.leftovers(), [])

    def test_cut_off(self):
        """Nothing is left of a store that was being made; no run begins meanwhile."""
        workspace = self.shop("".join(f"mail{n}@correo.es,m{n},2024-01-01 10:00:00,1.00\n" for n in range(60_000)))
        before = workspace.state()
        for number in (signal.SIGINT, signal.SIGTERM):
            sign = "store/.known/*.unfinished/.building.duckdb"
            process = self.begun(workspace, sign, "sql", "--known-on", "2024-01-11", "select 1")
            if number == signal.SIGINT:
                process.send_signal(signal.SIGSTOP)
                self.assert_fails(workspace.hilo("run"), 1, "another run is under way", str(process.pid))
                process.send_signal(signal.SIGCONT)
            process.send_signal(number)
            out, err = process.communicate(timeout=TIMEOUT_SECONDS)
            self.assertEqual((process.returncode, out), (128 + number, b""), err)
            self.assertTrue(err.endswith(b"interrupted: nothing was changed\n"), err)
            self.assertEqual(workspace.state(), before)


class Labels(HiloTest):
    """What may be asked, and what is refused."""

    SHOP = (
        "-- source: shop   kind: shop\nselect email, id as order_id, bought as time, 'order' as type, amount from"
        " read_csv('data/*.csv', types = {'id': 'VARCHAR'})"
    )

    def shop(self):
        return self.workspace_that_ran(
            {
                "sources/shop.sql": self.SHOP,
                "data/1.csv": "email,id,bought,amount\nana@correo.es,1,2024-01-10 10:00:00,5.00\n"
                "ana@correo.es,2,2024-01-20 00:30:00,7.00\nluis@correo.es,3,2024-03-01 10:00:00,9.00\n",
            }
        )

    def join(self, workspace, labels, *args, name="labels.csv", output="joined.csv"):
        workspace.write({name: labels})
        return workspace.hilo("timeline", "join", "--labels", name, "-o", output, *args)

    def test_instants(self):
        """A day is its beginning; moments are of the workspace's zone unless they say theirs; the order is kept."""
        workspace = self.shop()
        ana, luis = workspace.customer_id("ana@correo.es"), workspace.customer_id("luis@correo.es")
        expected = [
            (ana, "2024-01-20 00:30:00", "b", "true", "1", "5.0000"),
            (luis, "2024-02-01 00:00:00", "a", "false", "", ""),
            (ana, "2024-01-20 00:30:01", "c", "true", "2", "12.0000"),
            (ana, "2024-01-10 10:00:00", "d", "false", "", ""),
            (luis, "2025-02-01 00:00:00", "e", "true", "1", "9.0000"),
            (99, "2024-02-01 00:00:00", "f", "false", "", ""),
        ]
        labels = "customer_id,instant,label\n" + "".join(f"{i},{at},{label}\n" for i, at, label, *_ in expected)
        outcome = self.join(workspace, labels, "--columns", "orders,revenue")
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertIn("joined.csv: 6 rows as known before 5 instants", outcome.err)
        self.assertIn("of 2 rows the customer was not known yet", outcome.err)
        self.assertIn("1 row with a number that is nobody's", outcome.err)
        rows = (workspace.root / "joined.csv").read_text().splitlines()
        self.assertEqual(rows[0], "customer_id,instant,label,known,orders,revenue")
        self.assertEqual(rows[1:], [",".join(map(str, row)) for row in expected])

        days = self.join(workspace, f"customer_id,instant\n{ana},2024-01-20\n{ana},2024-01-21\n", "--columns", "orders")
        self.assertEqual(days.code, 0, str(days))
        self.assertEqual((workspace.root / "joined.csv").read_text().splitlines()[1:],
                         [f"{ana},2024-01-20,true,1", f"{ana},2024-01-21,true,2"])  # fmt: skip
        # 23:29:59Z is 00:29:59 in Madrid, a second before the second order: each row says its zone, or has the shop's.
        moments = {"2024-01-19 23:29:59Z": 1, "2024-01-19T23:30:01Z": 2, "2024-01-19 23:29:59 UTC": 1, "2024-01-20": 1,
                   "2024-01-20 00:30:01": 2, "2024-01-19 18:29:59-05": 1, "2024-01-20 05:00:01.5+05:30": 2}  # fmt: skip
        labels = "customer_id,instant\n" + "".join(f"{ana},{moment}\n" for moment in moments)
        zoned = self.join(workspace, labels, "--columns", "orders,orders")
        self.assertEqual(zoned.code, 0, str(zoned))
        rows = (workspace.root / "joined.csv").read_text().splitlines()[1:]
        self.assertEqual(rows, [f"{ana},{moment},true,{orders}" for moment, orders in moments.items()])
        self.assertEqual(workspace.leftovers(), [])

    def test_parquet_and_names_of_files(self):
        """Labels in Parquet have types; a name with signs of a pattern is that of one file."""
        workspace = self.workspace(
            {
                "sources/shop.sql": "-- source: shop   kind: shop\n"
                "select email, id as event_id, bought as time, 'visit' as type, bought + interval 1 second as instant"
                " from read_csv('data/*.csv', types = {'id': 'VARCHAR'})",
                "attributes/basic.sql": "select count(*) as visits from events",
                "data/1.csv": "email,id,bought\nana@correo.es,1,2024-01-10 10:00:00\n"
                "ana@correo.es,2,2024-01-20 00:30:00\n",
                "l1.csv": "customer_id,instant\n77,2024-01-20\n",
            }
        )
        workspace.run()
        exported = workspace.hilo("export", "events", "-o", "events.parquet")
        self.assertEqual(exported.code, 0, str(exported))
        joined = workspace.hilo("timeline", "join", "--labels", "events.parquet", "--columns", "visits",
                                "-o", "joined.csv")  # fmt: skip
        self.assertEqual(joined.code, 0, str(joined))
        rows = (workspace.root / "joined.csv").read_text().splitlines()
        self.assertEqual([row.rsplit(",", 2)[1:] for row in rows],
                         [["known", "visits"], ["true", "1"], ["true", "2"]])  # fmt: skip
        ana = workspace.customer_id("ana@correo.es")
        for name in ("l[1].csv", "l*.csv", "l?.csv", "it's.csv", "y=3/l1.csv"):
            with self.subTest(name):
                joined = self.join(workspace, f"customer_id,instant\n{ana},2024-01-20\n", name=name)
                self.assertEqual(joined.code, 0, str(joined))
                self.assertIn(f"\n{ana},2024-01-20,true,", (workspace.root / "joined.csv").read_text())

    def test_who_had_another_number_then(self):
        """A customer's number may be that of a record that came later: then the others tell of it."""
        workspace = self.workspace(
            {
                "sources/a_crm.sql": "-- source: a_crm   kind: crm\n"
                "select id as source_id, email, city, changed as updated_at from read_csv('data/crm.csv')",
                "sources/shop.sql": self.SHOP.replace("data/*.csv", "data/shop.csv"),
                "data/crm.csv": "id,email,city,changed\nc1,ana@correo.es,Ulm,2024-02-01 10:00:00\n",
                "data/shop.csv": "email,id,bought,amount\nana@correo.es,1,2024-01-10 10:00:00,5.00\n",
            }
        )
        workspace.run()
        ana = workspace.customer_id("a_crm:c1")
        labels = f"customer_id,instant\n{ana},2024-01-09\n{ana},2024-01-20\n{ana},2024-02-10\n"
        joined = self.join(workspace, labels, "--columns", "orders,city")
        self.assertEqual(joined.code, 0, str(joined))
        rows = (workspace.root / "joined.csv").read_text().splitlines()[1:]
        self.assertEqual(
            rows, [f"{ana},2024-01-09,false,,", f"{ana},2024-01-20,true,1,", f"{ana},2024-02-10,true,1,Ulm"]
        )

    def test_a_day_that_begins_twice(self):
        """In Havana the clocks go back at one: midnight comes again. A day begins with the first one."""
        workspace = self.workspace(
            {
                "hilo.yaml": SETTINGS.replace("Europe/Madrid", "America/Havana"),
                "sources/shop.sql": self.SHOP,
                "data/1.csv": "email,id,bought,amount\nana@correo.es,1,2024-11-02 23:59:00,5.00\n"
                "ana@correo.es,2,2024-11-03 00:20:00,7.00\n",
            }
        )
        workspace.run(now="2024-12-01T06:00:00Z")
        ana = workspace.customer_id("ana@correo.es")
        joined = self.join(workspace, f"customer_id,instant\n{ana},2024-11-03\n", "--columns", "orders")
        self.assertEqual(joined.code, 0, str(joined))
        self.assertEqual((workspace.root / "joined.csv").read_text().splitlines()[1], f"{ana},2024-11-03,true,1")
        known = workspace.hilo("sql", "--csv", "--known-on", "2024-11-02", "select count(*) as n from events")
        self.assertEqual(known.out, "n\n1\n", str(known))

    def test_what_bears_a_day_alone(self):
        """It may have happened at any hour: it counts once the day is over."""
        workspace = self.workspace(
            {
                "sources/shop.sql": self.SHOP,
                "data/1.csv": "email,id,bought,amount\nana@correo.es,1,2024-01-09,5.00\n"
                "ana@correo.es,2,2024-01-10,7.00\n",
            }
        )
        workspace.run()
        ana = workspace.customer_id("ana@correo.es")
        moments = {"2024-01-10": 1, "2024-01-10 18:00:00": 1, "2024-01-11": 2, "2024-01-10T23:00:00Z": 2}
        labels = "customer_id,instant\n" + "".join(f"{ana},{moment}\n" for moment in moments)
        joined = self.join(workspace, labels, "--columns", "orders")
        self.assertEqual(joined.code, 0, str(joined))
        rows = (workspace.root / "joined.csv").read_text().splitlines()[1:]
        self.assertEqual(rows, [f"{ana},{moment},true,{orders}" for moment, orders in moments.items()])
        known = workspace.hilo("sql", "--csv", "--known-on", "2024-01-10", "select count(*) as n from events")
        self.assertEqual(known.out, "n\n2\n", str(known))

    def test_days_of_another_zone_and_of_learning(self):
        """A day ends in the zone of whoever tells it; what was learned on a day may have been learned at its end."""
        workspace = self.workspace(
            {
                "sources/shop.sql": self.SHOP.replace("kind: shop", "kind: shop   time_zone: America/New_York"),
                "sources/finance.sql": "-- source: finance   kind: other\nselect email, id as event_id, booked as time,"
                " learned as known_at, 'invoice_paid' as type, amount from read_csv('finance.csv',"
                " types = {'id': 'VARCHAR'})",
                "attributes/basic.sql": "select count(*) filter (where type = 'order') as orders,\n"
                "  sum(amount) filter (where type = 'invoice_paid') as paid from events",
                "data/1.csv": "email,id,bought,amount\n"
                "ana@correo.es,1,2024-01-09,5.00\nana@correo.es,2,2024-01-10,7.00\n",
                "finance.csv": "email,id,booked,learned,amount\nana@correo.es,f,2024-01-02 10:00:00,2024-01-10,9.00\n",
            }
        )
        workspace.run()
        ana = workspace.customer_id("ana@correo.es")
        # The tenth ends in New York at six in the morning of Madrid's eleventh.
        moments = {"2024-01-10 12:00:00": "1,", "2024-01-11": "1,9.0000", "2024-01-11 05:59:59": "1,9.0000",
                   "2024-01-11 06:00:00": "2,9.0000"}  # fmt: skip
        labels = "customer_id,instant\n" + "".join(f"{ana},{moment}\n" for moment in moments)
        joined = self.join(workspace, labels, "--columns", "orders,paid")
        self.assertEqual(joined.code, 0, str(joined))
        rows = (workspace.root / "joined.csv").read_text().splitlines()[1:]
        self.assertEqual(rows, [f"{ana},{moment},true,{told}" for moment, told in moments.items()])

    def test_what_goes_along(self):
        """CSV stands again as it was; in JSON and Parquet plain numbers and truth values have types."""
        workspace = self.shop()
        ana = workspace.customer_id("ana@correo.es")
        labels = (
            'customer_id,instant,postcode,price,late,note,"odd ""name"""\n'
            f'{ana},2024-01-20,08001,1.10,true,"a, ""b""",\n{ana},2024-01-21,28001,2.50,false,c,d\n'
        )
        joined = self.join(workspace, labels, "--columns", "orders")
        self.assertEqual(joined.code, 0, str(joined))
        told = (workspace.root / "joined.csv").read_text().splitlines()
        self.assertEqual(told[1], f'{ana},2024-01-20,08001,1.10,true,"a, ""b""",,true,1')
        self.assertEqual(self.join(workspace, labels, "--columns", "orders", output="joined.json").code, 0)
        first = json.loads((workspace.root / "joined.json").read_text().splitlines()[0])
        expected = {"customer_id": ana, "instant": "2024-01-20", "postcode": "08001", "price": 1.1, "late": True}
        self.assertEqual(first, expected | {"note": 'a, "b"', 'odd "name"': None, "known": True, "orders": 1})

    def test_names_that_meet(self):
        workspace = self.workspace(
            {
                "sources/shop.sql": self.SHOP,
                "attributes/basic.sql": "select count(*) as orders, max(amount) > 5 as in_vip from events",
                "segments/vip.sql": "select * from customers where orders > 1",
                "data/1.csv": "email,id,bought,amount\nana@correo.es,1,2024-01-10 10:00:00,5.00\n",
            }
        )
        workspace.run()
        labels = "customer_id,instant\n1,2024-01-20\n"
        self.assert_fails(self.join(workspace, labels, "--segments", "vip"), 2, "two columns in_vip")
        joined = self.join(workspace, labels, "--segments", "vip", "--columns", "orders")
        self.assertEqual(joined.code, 0, str(joined))
        told = (workspace.root / "joined.csv").read_text()
        self.assertEqual(told, "customer_id,instant,known,orders,in_vip\n1,2024-01-20,true,1,false\n")

    def test_later_runs_change_no_answer(self):
        """A file that grows under its name while its query changes is another file: the old one was known."""
        workspace = self.shop()
        ana = workspace.customer_id("ana@correo.es")
        labels = f"customer_id,instant\n{ana},2024-01-15\n{ana},2024-02-15\n"
        self.assertEqual(self.join(workspace, labels).code, 0)
        before = (workspace.root / "joined.csv").read_text()
        text = (workspace.root / "data/1.csv").read_text() + "ana@correo.es,9,2024-01-12 10:00:00,9.00\n"
        workspace.write({"data/1.csv": text, "sources/shop.sql": self.SHOP.replace("amount", "amount + 1 as amount")})
        workspace.run(now="2024-07-02T06:00:00Z")
        self.assertEqual(self.join(workspace, labels).code, 0)
        self.assertEqual((workspace.root / "joined.csv").read_text(), before)
        # The same content read again by another query: there is no earlier reading, so the last one is the better.
        workspace.write({"sources/shop.sql": self.SHOP.replace("amount", "amount + 2 as amount")})
        workspace.run(now="2024-07-03T06:00:00Z")
        self.assertEqual(self.join(workspace, labels).code, 0)
        self.assertEqual((workspace.root / "joined.csv").read_text(), before)

    def test_what_is_refused(self):
        workspace = self.shop()
        before = workspace.state()
        for labels, words in (
            ("who,instant\n1,2024-01-20\n", ["labels.csv has no column customer_id"]),
            ("customer_id,day\n1,2024-01-20\n", ["labels.csv has no column instant"]),
            ("customer_id,instant\n1,2024-01-20\n,2024-01-20\n", ["in row 2"]),
            ("customer_id,instant\n1,2024-01-20\n1,\n", ["in row 2"]),
            ("customer_id,instant\nana@correo.es,2024-01-20\n", ["in row 1"]),
            ("customer_id,instant\n1,soon\n", ["in row 1"]),
            ("customer_id,instant\n1,3\n", ["in row 1"]),
            ("customer_id,instant\n1,03/04/2024\n", ["in row 1", "2024-06-30"]),
            ("customer_id,instant\n1,2024-01-20\n1,20240120\n", ["in row 2"]),
            ("customer_id,instant\n1.4,2024-01-20\n", ["in row 1"]),
            ("customer_id,instant\n1,2024-01-20\n1,2024-01-20,ana@correo.es\n", ["labels.csv cannot be read"]),
            ("customer_id,instant,orders\n1,2024-01-20,3\n", ["a column orders", "Rename it"]),
            ("customer_id,instant,known\n1,2024-01-20,3\n", ["a column known"]),
            ("", ["labels.csv"]),
        ):
            with self.subTest(labels=labels):
                outcome = self.join(workspace, labels)
                self.assert_fails(outcome, 1, *words)
                self.assertNotIn("ana@", outcome.err + outcome.out)
                self.assertFalse((workspace.root / "joined.csv").exists())
        good = "customer_id,instant\n1,2024-01-20\n"
        self.assert_fails(self.join(workspace, good, "--columns", "order"), 2, "no column 'order'", "orders")
        self.assert_fails(self.join(workspace, good, "--segments", "viq"), 2, "no segment 'viq'")
        self.assert_fails(self.join(workspace, good, output="log/joined.csv"), 1, "would overwrite")
        self.assert_fails(self.join(workspace, good, output="./labels.csv"), 1, "would be overwritten")
        lost = self.join(workspace, good, output="nowhere/joined.csv")
        self.assert_fails(lost, 3, "nowhere/joined.csv cannot be written: there is no folder nowhere")
        self.assertNotIn("instant", lost.err, "it is told before the work")
        self.assert_fails(workspace.hilo("timeline", "join", "--labels", "none.csv", "-o", "joined.csv"), 1, "none.csv")
        self.assertEqual({k: v for k, v in workspace.state().items()}, before)

    def test_no_labels(self):
        workspace = self.shop()
        outcome = self.join(workspace, "customer_id,instant\n", "--json")
        self.assert_fails(outcome, 1, "has no rows")


if __name__ == "__main__":
    unittest.main()
