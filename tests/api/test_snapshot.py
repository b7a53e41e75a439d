"""Goal: the flat table of any day, in each format, to wherever it may go. Method: formats and days are compared."""

import json
import os
import signal
import subprocess
import time
import unittest

import silos
from workspace import HILO, SETTINGS, TIMEOUT_SECONDS, HiloTest


class Snapshot(HiloTest):
    def test_a_bare_file_name_and_what_is_no_file(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        done = workspace.hilo("snapshot", "--as-of", "2024-03-05", "-o", "flat.csv")
        self.assertEqual(done.code, 0, str(done))
        self.assertEqual(len((workspace.root / "flat.csv").read_text().splitlines()), 5)
        self.assert_fails(workspace.hilo("snapshot", "--as-of", "2024-03-05", "-o", "data"), 1, "is a folder")
        fifo = workspace.root / "pipe"
        os.mkfifo(fifo)
        with subprocess.Popen(["cat", str(fifo)], stdout=subprocess.PIPE) as reader:
            done = workspace.hilo("snapshot", "--as-of", "2024-03-05", "-o", "pipe", "--format", "csv")
            self.assertEqual(done.code, 0, str(done))
            self.assertEqual(len(reader.stdout.read().splitlines()), 5)
        self.assertTrue(fifo.is_fifo())

    def test_a_full_disk_is_a_failure(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        for args in (["sql", "--json", "from events"], ["snapshot", "--as-of", "2024-03-05"], ["rejects", "--json"]):
            with self.subTest(args[0]), open("/dev/full", "wb") as full:
                done = subprocess.run(
                    [HILO, *args], cwd=workspace.root, stdout=full, stderr=subprocess.PIPE, timeout=TIMEOUT_SECONDS
                )
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn(b"cannot be written", done.stderr)

    def test_csv_json_and_parquet_say_the_same(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        as_csv = workspace.hilo("snapshot", "--as-of", "2024-03-05").csv()
        self.assertEqual(len(as_csv), 4)
        as_json = [
            json.loads(line)
            for line in workspace.hilo("snapshot", "--as-of", "2024-03-05", "--format", "json").out.splitlines()
        ]
        self.assertEqual([row["customer_id"] for row in as_json], [int(row["customer_id"]) for row in as_csv])
        self.assertEqual(as_json, workspace.sql("from customers_on(date '2024-03-05') order by customer_id"))
        for form in ("csv", "json", "parquet"):
            name = self.folder / f"flat.{form}"
            done = workspace.hilo("snapshot", "--as-of", "2024-03-05", "--format", form, "-o", str(name))
            self.assertEqual(done.code, 0, str(done))
            self.assertEqual(done.out, "")
            self.assertIn("4 rows", done.err)
        self.assertEqual(
            sorted(path.name for path in self.folder.glob("flat*")), ["flat.csv", "flat.json", "flat.parquet"]
        )
        self.assertEqual(
            (self.folder / "flat.csv").read_text().splitlines(),
            workspace.hilo("snapshot", "--as-of", "2024-03-05").out.splitlines(),
        )
        self.assertEqual(
            [json.loads(line)["customer_id"] for line in (self.folder / "flat.json").read_text().splitlines()],
            [row["customer_id"] for row in as_json],
        )
        # The standard library reads no Parquet: another workspace does.
        reader = self.workspace(
            {
                "hilo.yaml": f"{SETTINGS}sources:\n  folders: ['{self.folder}']\n",
                "sources/flat.sql": (
                    "-- source: flat\nselect customer_id as source_id, orders as bought "
                    f"from read_parquet('{self.folder}/flat.parquet')\n"
                )
            }
        )
        reader.run()
        self.assertEqual(
            reader.rows(
                "select source_id, bought from identity join versions using (record_id, source) "
                "order by source_id::int"
            ),
            [(str(row["customer_id"]), row["orders"]) for row in as_json],
        )

    def test_a_series_by_month_and_by_week(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        rows = workspace.hilo("snapshot", "--from", "2023-12-31", "--to", "2024-03-31", "--every", "month").csv()
        orders = {}
        for row in rows:
            orders[row["day"]] = orders.get(row["day"], 0) + int(row["orders"])
        self.assertEqual(orders, {"2023-12-31": 0, "2024-01-31": 0, "2024-02-29": 0, "2024-03-31": 4})
        customers = [row["day"] for row in rows]
        self.assertEqual([customers.count(day) for day in orders], [3, 3, 3, 4], "Zoë comes in March")
        weekly = workspace.hilo("snapshot", "--from", "2024-03-01", "--to", "2024-03-20", "--every", "week").csv()
        self.assertEqual(sorted({row["day"] for row in weekly}), ["2024-03-01", "2024-03-08", "2024-03-15"])

    def test_left_out_the_day_is_the_last_with_events(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        self.assertEqual(workspace.hilo("snapshot").out, workspace.hilo("snapshot", "--as-of", "2024-03-09").out)

    def test_an_interrupt_leaves_the_file_as_it_was(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        target = workspace.root / "many.csv"
        target.write_text("what was there\n")
        unfinished = target.with_name("many.csv.unfinished")
        process = subprocess.Popen(
            [HILO, "snapshot", "--from", "1990-01-01", "--to", "2030-01-01", "-o", target.name],
            cwd=workspace.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        until = time.monotonic() + TIMEOUT_SECONDS
        while not unfinished.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT_SECONDS)
        self.assertEqual((process.returncode, out), (130, b""), err)
        self.assertIn(b"interrupted: many.csv was not written", err)
        self.assertFalse(unfinished.exists())
        self.assertEqual(target.read_text(), "what was there\n")

    def test_a_file_that_cannot_be_written(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        done = workspace.hilo("snapshot", "-o", str(self.folder / "nowhere/flat.csv"))
        self.assert_fails(done, 3, "cannot be written")


if __name__ == "__main__":
    unittest.main()
