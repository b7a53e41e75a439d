"""Goal: `hilo timeline stats` tells what the history takes on disk and what dense tables would take, and how well it
knows that.

Method: a retailer whose store is small enough for every day to be measured. What is told of the store is held against
the engine's own account of its file, what is told of the dense table against a snapshot written as Parquet.
"""

import os
import signal
import subprocess
import time
import unittest

import silos
from workspace import HILO, TIMEOUT_SECONDS, HiloTest

BLOCK = 262_144
NOBODY = 65534
SHOP = """-- source: shop   kind: shop   rank: 1   delivery: full
select customer as source_id, order_no as order_id, 1 as line_no, placed_at as time, 'order' as type,
       'web' as channel, sku, 1 as quantity, total as amount
from read_csv('data/shop.csv', types = {'customer': 'VARCHAR', 'order_no': 'VARCHAR'})
"""
ORDERS = 30_000
DAYS = 120


def orders():
    """Customers join day by day; each order is of one of those that are there."""
    lines = ["customer,order_no,placed_at,sku,total"]
    for number in range(ORDERS):
        day = number * DAYS // ORDERS
        customer = (number * 7919) % (10 + 20 * day)
        month, of_month = divmod(day, 28)
        total = f"{number * 37 % 10_000 / 100:.2f}"
        lines.append(f"C{customer},O{number},2024-{month + 1:02}-{of_month + 1:02} 12:00:00,S{number % 50},{total}")
    return "\n".join(lines) + "\n"


FILES = {"sources/shop.sql": SHOP, "data/shop.csv": orders()}
ENGINES_ATTRIBUTE = {"attributes/more.sql": "select sum(distinct amount) as amounts from events\n"}


class TimelineStats(HiloTest):
    def stats(self, workspace, *args):
        outcome = workspace.hilo("timeline", "stats", "--json", *args)
        self.assertEqual(outcome.code, 0, str(outcome))
        return outcome.json()

    def test_what_the_store_keeps(self):
        workspace = self.workspace_that_ran(FILES)
        stats = self.stats(workspace)
        last = workspace.value("select max(time)::date from events")
        days = workspace.value("select date_diff('day', min(time)::date, max(time)::date) + 1 from events")
        self.assertEqual((stats["from"], stats["to"], stats["days"]), ("2024-01-01", last, days))
        self.assertEqual(stats["customers"], workspace.value("select count(*) from customers"))
        self.assertEqual(
            stats["customer_days"],
            workspace.value(
                f"select sum(date_diff('day', exists_from::date, date '{last}') + 1)::bigint from customer_spans"
            ),
        )
        self.assertEqual(stats["columns"], workspace.value("select count(*) from (describe customers)"))
        history = stats["history"]
        parts = {part["table"]: part for part in history["parts"]}
        for table in ("events", "items", "contact.versions", "customer_spans", "flat_table"):
            self.assertEqual(parts[table]["rows"], workspace.value(f"select count(*) from {table}"))
            self.assertGreater(parts[table]["bytes"], 0, table)
        self.assertEqual(history["bytes"], sum(part["bytes"] for part in history["parts"]))
        self.assertEqual(history["bytes_read"], sum(part["bytes_read"] for part in history["parts"]))
        self.assertAlmostEqual(history["per_customer"], history["bytes"] / stats["customers"], 2)
        self.assertAlmostEqual(history["per_customer_day"], history["bytes"] / stats["customer_days"], 3)
        # Not more than the file, and not less than what nothing else but history stands in.
        file = next((workspace.root / "store").glob("*.duckdb")).stat().st_size
        self.assertLessEqual(abs(stats["store_bytes"] - file), 3 * 4096)
        self.assertLess(history["bytes"], stats["store_bytes"])
        blocks = workspace.value(
            "select count(distinct block_id) from pragma_storage_info('events') where persistent and block_id >= 0"
        )
        self.assertLessEqual(parts["events"]["bytes"], blocks * BLOCK)
        self.assertGreater(parts["events"]["bytes"], blocks * BLOCK / 4)
        # No definition reads an order's number.
        self.assertLess(parts["events"]["bytes_read"], parts["events"]["bytes"])

    def test_what_the_engine_scans_may_be_any_column(self):
        workspace = self.workspace_that_ran(FILES | ENGINES_ATTRIBUTE)
        parts = {part["table"]: part for part in self.stats(workspace)["history"]["parts"]}
        self.assertEqual(parts["events"]["bytes_read"], parts["events"]["bytes"])

    def test_dense_days_are_those_of_a_snapshot(self):
        workspace = self.workspace_that_ran(FILES)
        for day in self.stats(workspace, "--days", "3")["dense"]["sample"]:
            target = self.folder / "day.parquet"
            outcome = workspace.hilo("snapshot", "--as-of", day["day"], "-o", str(target))
            self.assertEqual(outcome.code, 0, str(outcome))
            self.assertEqual(day["bytes"], target.stat().st_size, "snapshots are written the same way")
            self.assertEqual(
                day["customers"], workspace.value(f"select count(*) from customers_on(date '{day['day']}')")
            )

    def test_the_estimate_and_its_error(self):
        workspace = self.workspace_that_ran(FILES)
        every = self.stats(workspace, "--days", "10000")
        self.assertEqual(len(every["dense"]["sample"]), every["days"])
        self.assertEqual(every["dense"]["bytes"], sum(day["bytes"] for day in every["dense"]["sample"]))
        self.assertEqual(every["dense"]["standard_error"], 0)
        self.assertEqual(
            every["customer_days"], sum(day["customers"] for day in every["dense"]["sample"]), "one row a customer-day"
        )
        self.assertAlmostEqual(
            every["percent_of_dense"], 100 * every["history"]["bytes"] / every["dense"]["bytes"], 2
        )
        by_day = {day["day"]: day for day in every["dense"]["sample"]}
        for count in (6, 12, 40):
            some = self.stats(workspace, "--days", str(count))
            self.assertEqual(len(some["dense"]["sample"]), count)
            for day in some["dense"]["sample"]:
                self.assertEqual(day, by_day[day["day"]], "what is measured of a day does not depend on the others")
            off = abs(some["dense"]["bytes"] - every["dense"]["bytes"])
            self.assertGreater(some["dense"]["standard_error"], 0)
            self.assertLess(off, 3 * some["dense"]["standard_error"], "the error is what it is said to be")
            self.assertLess(some["dense"]["standard_error"], 0.1 * some["dense"]["bytes"])
        self.assertIsNone(self.stats(workspace, "--days", "3")["dense"]["standard_error"])
        places = [list(by_day).index(day["day"]) for day in some["dense"]["sample"]]
        steps = {after - before for before, after in zip(places, places[1:], strict=False)}
        self.assertLessEqual(max(steps) - min(steps), 1, "evenly spread")

    def test_what_people_are_shown(self):
        workspace = self.workspace_that_ran(FILES)
        shown = workspace.hilo("timeline", "stats", "--days", "5")
        self.assertEqual(shown.code, 0, str(shown))
        for text in ("per customer-day", "events", "history as the store keeps it", "dense: one Parquet file a day"):
            self.assertIn(text, shown.out)
        self.assertRegex(shown.out, r"The history takes [\d.]+ % of the dense files")
        self.assertRegex(shown.out, r"estimated from 5 of \d+ days, give or take [\d.]+ % \(twice the standard error\)")
        self.assertIn("Every day was measured", workspace.hilo("timeline", "stats", "--days", "1000").out)
        self.assertIn("too few to tell", workspace.hilo("timeline", "stats", "--days", "2").out)

    def test_nothing_is_left_and_nothing_touched(self):
        workspace = self.workspace_that_ran(FILES)
        before = workspace.state()
        self.stats(workspace)
        self.assertEqual(workspace.state(), before)
        process = subprocess.Popen(
            [HILO, "timeline", "stats", "--days", "10000"],
            cwd=workspace.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        process.stderr.readline()  # "measure": now it samples
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT_SECONDS)
        self.assertEqual((process.returncode, out), (130, b""), err)
        self.assertIn(b"interrupted", err)
        self.assertEqual(workspace.state(), before)

    def test_refusals(self):
        workspace = self.workspace_that_ran(FILES)
        for days in ("0", "-1", "ten", "10001", "1.5", ""):
            self.assert_fails(workspace.hilo("timeline", "stats", "--days", days), 2, "--days must be a whole number")
        self.assertEqual(workspace.hilo("timeline").code, 2)
        fresh = self.workspace(silos.files())
        self.assert_fails(fresh.hilo("timeline", "stats"), 1, "nothing has been published", "hilo run")
        empty = self.workspace()
        empty.run()
        self.assert_fails(empty.hilo("timeline", "stats"), 1, "no customers yet")
        self.folder.chmod(0o755)
        store = workspace.root / "store"
        store.chmod(0o555)
        self.addCleanup(store.chmod, 0o755)
        done = subprocess.run(
            [HILO, "timeline", "stats"],
            cwd=workspace.root,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            **({"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}),
        )
        self.assertEqual(done.returncode, 3, done)
        self.assertIn(b"no file can be made in", done.stderr)

    def test_help_manual_and_completion(self):
        workspace = self.workspace()
        shown = workspace.hilo("timeline", "stats", "--help")
        self.assertEqual(shown.code, 0)
        for text in ("hilo timeline stats --days 40", "--json", "evenly spread"):
            self.assertIn(text, shown.out)
        self.assertIn("hilo timeline stats", workspace.hilo("man").out.replace("\\-", "-"))
        self.assertIn("stats\t", workspace.hilo("complete", "bash", "timeline", "st").out)


if __name__ == "__main__":
    unittest.main()
