"""What was known on a past day, asked later, is what the store of that day held."""

import os
import random
import signal
import subprocess
import time
import unittest

from test_cuts import DEFINITIONS, SETTINGS, SOURCES, Retailer
from workspace import BUILT_FROM, HILO, TIMEOUT_SECONDS, HiloTest, Workspace

SEEDS = int(os.environ.get("KNOWN_SEEDS", "4"))
RUNS = 5


class AsKnown(Workspace):
    """A workspace of which every question in SQL is asked as it was known on a day."""

    def __init__(self, root, day):
        self.root, self.day = root, day

    def hilo(self, *args, cwd=None):
        known = ("--known-on", self.day) if args[0] == "sql" else ()
        return super().hilo(*args, *known, cwd=cwd)


class KnownThen(HiloTest):
    def test_the_store_of_a_day_is_made_again(self):
        """Whatever came later: corrections, repeated files, merged people, other categories, rates and consents."""
        alone = os.environ.get("KNOWN_SEED")
        for seed in [int(alone)] if alone else range(SEEDS):
            with self.subTest(seed=seed):
                self.play(random.Random(seed))

    def play(self, chance):
        retailer = Retailer(chance)
        definitions = {f"sources/{name}.sql": text for name, text in SOURCES.items()}
        workspace = self.workspace({"hilo.yaml": SETTINGS} | definitions | DEFINITIONS | retailer.first())
        held = {}
        for number in range(1, RUNS + 1):
            day = f"2024-03-{2 * number:02}"
            workspace.run(now=f"{day}T06:00:00Z")
            held[day] = workspace.dump()
            workspace.write(retailer.next())
        for day, content in held.items():
            self.compare(AsKnown(workspace.root, day).dump(), content)
            # The day after it nothing else was known.
            if day == "2024-03-04":
                self.compare(AsKnown(workspace.root, "2024-03-05").dump(), content)

    def compare(self, known, held):
        self.assertEqual(sorted(known), sorted(held))
        for table, content in held.items():
            then = dict(known[table])
            if table == '"main"."meta"':
                then["rows"] = [BUILT_FROM.sub("", row) for row in then["rows"]]
                content = content | {"rows": [BUILT_FROM.sub("", row) for row in content["rows"]]}
            self.assertEqual(then, content, table)


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
        self.assert_fails(workspace.hilo("customer", "luis@correo.es", *day), 1, "luis@correo.es")
        why = self.asked(workspace, "attribute", "why", "revenue", "--customer", "ana@correo.es", "--json", *day).json()
        self.assertIn("5.0", str(why))
        sizes = self.asked(workspace, "segment", "list", "--quick", "--json", *day).json()["segments"]
        self.assertEqual([segment["size"] for segment in sizes], [1], "of then: revenue from 5 on")
        history = self.asked(workspace, "segment", "history", "buyers", "--recorded", "--json", *day).json()
        self.assertEqual(len(history["records"]), 1)
        self.asked(workspace, "snapshot", "-o", "then.csv", *day)
        self.assertIn("5.0000", (workspace.root / "then.csv").read_text())
        # Of a day before the first run, by its definitions: what happened later is not there.
        self.assertEqual(
            self.asked(workspace, "sql", "--csv", "--known-on", "2024-01-09", "select * from events").out.count("\n"), 1
        )
        self.assertEqual(workspace.value("select sum(revenue)::int from customers"), 16, "as corrected now")

    def test_what_is_refused(self):
        workspace = self.shop()
        before = workspace.state()
        self.assert_fails(workspace.hilo("sql", "--known-on", "soon", "select 1"), 2, "soon")
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
        self.assertEqual(
            self.asked(workspace, "sql", "--csv", "--known-on", "2024-01-11", "select email from contact.customers",
                       "--reveal").out, "email\n")  # fmt: skip
        self.assertTrue(known.exists())
        workspace.run(now="2024-01-14T06:00:00Z")
        self.assertEqual(workspace.leftovers(), [])

    def test_cut_off(self):
        """Nothing is left of a store that was being made; no run begins meanwhile."""
        workspace = self.shop("".join(f"mail{n}@correo.es,m{n},2024-01-01 10:00:00,1.00\n" for n in range(60_000)))
        before = workspace.state()
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen(
                [HILO, "sql", "--known-on", "2024-01-11", "select 1"],
                cwd=workspace.root,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            )
            self.addCleanup(process.kill)
            until = time.monotonic() + TIMEOUT_SECONDS
            while not list(workspace.root.glob("store/.known/*.unfinished/.building.duckdb")):
                self.assertIsNone(process.poll(), "it ended too early")
                self.assertLess(time.monotonic(), until)
                time.sleep(0.002)
            if number == signal.SIGINT:
                process.send_signal(signal.SIGSTOP)
                self.assert_fails(workspace.hilo("run"), 1, "another run is under way", str(process.pid))
                process.send_signal(signal.SIGCONT)
            process.send_signal(number)
            out, err = process.communicate(timeout=TIMEOUT_SECONDS)
            self.assertEqual((process.returncode, out), (128 + number, b""), err)
            self.assertTrue(err.endswith(b"interrupted: nothing was changed\n"), err)
            self.assertEqual(workspace.state(), before)


if __name__ == "__main__":
    unittest.main()
