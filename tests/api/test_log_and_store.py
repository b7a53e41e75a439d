"""Goal: the log is the truth and the store a function of it; neither is touched by what it must not be touched by.

Method: stores are compared table by table; damage is done by hand to a workspace that has run.
"""

import contextlib
import json
import pathlib
import shutil
import signal
import subprocess
import time
import unittest

import silos
from workspace import HILO, NOW, TIMEOUT_SECONDS, HiloTest, change_store, gzipped, zstandard

JULY_TILLS = (
    "card,receipt,line,sold_at,shop,sku,qty,total\nL-100,R-9,1,2024-06-30 17:00:00,S1,TEA,1,4.50\n"
    "L-101,R-2,1,2024-03-06 11:00:00,S2,CUP,3,29.70\n"
)
SECOND = {
    "data/tills/2024-06.csv.zst": zstandard(JULY_TILLS),
    "data/loyalty.csv": silos.LOYALTY_CSV + "L-102,Lucía Núñez,699000111,lucia@buzon.es,2024-06-01 10:00:00\n",
}
MAILS = """-- source: mails   kind: email
select id as source_id, mail as email, sent as time, 'message_sent' as type from read_csv('data/mails.csv')
"""
MAILS_CSV = "id,mail,sent\n" + "".join(f"{n},mail{n}@correo.es,2024-01-01 10:00:00\n" for n in range(30_000))


class Rebuild(HiloTest):
    def grown(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        workspace.write(SECOND)
        workspace.run("2024-07-02T06:00:00Z")
        return workspace

    def test_without_its_store(self):
        workspace = self.grown()
        before = workspace.dump()
        self.assertGreater(len(before), 20)
        workspace.remove("store")
        workspace.rebuild()
        self.assert_same_store(before, workspace.dump())

    def test_from_the_log_alone(self):
        workspace = self.grown()
        before = workspace.dump()
        for folder in ("store", "sources", "data", "attributes"):
            workspace.remove(folder)
        workspace.rebuild()
        self.assert_same_store(before, workspace.dump())
        self.assertEqual(workspace.leftovers(), [])

    def test_beside_the_old_store_and_with_other_threads(self):
        workspace = self.grown()
        before = workspace.dump()
        workspace.rebuild()
        self.assert_same_store(before, workspace.dump())
        self.assertEqual(workspace.leftovers(), [])
        self.assertTrue(workspace.run("2024-07-03T06:00:00Z")["up_to_date"])

    def test_a_moved_workspace(self):
        workspace = self.grown()
        before = workspace.dump()
        moved = workspace.root.with_name("moved")
        workspace.root.rename(moved)
        workspace.root = moved
        workspace.remove("store")
        workspace.rebuild()
        self.assert_same_store(before, workspace.dump())

    def test_two_workspaces_alike(self):
        self.assert_same_store(self.grown().dump(), self.grown().dump())

    def test_a_run_makes_a_lost_store_again(self):
        workspace = self.grown()
        before = workspace.dump()
        workspace.remove("store")
        workspace.run("2024-07-03T06:00:00Z")
        self.assert_same_store(before, workspace.dump())


class Untouched(HiloTest):
    @contextlib.contextmanager
    def a_run_held_while_it_reads(self, workspace):
        """The process, stopped once it has begun to prepare what the log is to take."""
        with subprocess.Popen(
            [HILO, "run", "--now", NOW], cwd=workspace.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as run:
            deadline = time.monotonic() + TIMEOUT_SECONDS
            while not (workspace.root / "log/.next").exists():
                self.assertIsNone(run.poll(), "the run ended early")
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.002)
            run.send_signal(signal.SIGSTOP)
            try:
                yield run
            finally:
                run.send_signal(signal.SIGCONT)
                if run.returncode is None:
                    run.communicate(timeout=TIMEOUT_SECONDS)

    def test_two_runs_at_once(self):
        workspace = self.workspace({"sources/mails.sql": MAILS, "data/mails.csv": MAILS_CSV})
        with self.a_run_held_while_it_reads(workspace) as first:
            for args in (["run"], ["rebuild"], ["erase", "1", "--yes"]):
                self.assert_fails(workspace.hilo(*args), 1, "another run is under way", str(first.pid))
            self.assertEqual(workspace.hilo("run", "--json").json()["errors"][0]["code"], "conflict")
            self.assertTrue((workspace.root / "log/.next").exists(), "the first run's work is left alone")
        self.assertEqual(first.returncode, 0)
        self.assertTrue(workspace.run()["up_to_date"])
        self.assertEqual(workspace.value("select count(*) from events"), 30_000)

    def with_entry(self, change):
        workspace = self.workspace(silos.files())
        workspace.run()
        entry = workspace.root / "log/000001/entry.json"
        entry.write_text(change(entry.read_text()))
        return workspace

    def test_a_log_of_a_newer_version(self):
        def newer(text):
            return json.dumps(json.loads(text) | {"format": 99})

        workspace = self.with_entry(newer)
        self.assert_refused(workspace, 1, "log/000001/entry.json was written by a newer hilo", "99")
        before = workspace.state()
        for command in ("rebuild", "check"):
            self.assert_fails(workspace.hilo(command), 1, "newer hilo")
        self.assertEqual(workspace.state(), before)
        self.assertEqual(workspace.value("select count(*) from customers"), 4, "what is published can be asked")

    def test_a_store_of_a_newer_version(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        generation = next((workspace.root / "store").glob("generation-*.duckdb"))
        change_store(generation, "update meta set store_format = 99")
        workspace.write({"data/crm/2.csv": silos.CRM_CSV.replace("2023-01", "2023-05")})
        self.assert_refused(workspace, 1, "the store was written by a newer hilo", "99", now="2024-07-02T06:00:00Z")
        for args in (["sql", "select 1"], ["customer", "1"], ["snapshot"], ["rejects"]):
            self.assert_fails(workspace.hilo(*args), 1, "newer hilo")

    def test_a_file_that_changes_while_it_is_read(self):
        workspace = self.workspace({"sources/mails.sql": MAILS, "data/mails.csv": MAILS_CSV})
        with self.a_run_held_while_it_reads(workspace) as run:
            workspace.write({"data/mails.csv": MAILS_CSV + "30000,mail@correo.es,2024-01-01 10:00:00\n"})
            run.send_signal(signal.SIGCONT)
            said = run.communicate(timeout=TIMEOUT_SECONDS)[1].decode()
        self.assertEqual(run.returncode, 1, said)
        self.assertIn("data/mails.csv changed while it was read", said)
        self.assertEqual([path.name for path in (workspace.root / "log").iterdir()], [])
        self.assertEqual(workspace.run()["events"], 30_001)

    def test_a_store_that_is_none_of_ours(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        change_store(next((workspace.root / "store").glob("generation-*.duckdb")), "drop table meta")
        for args in (["sql", "select 1"], ["customer", "1"], ["export", "events", "-o", "x.csv"]):
            self.assert_fails(workspace.hilo(*args), 1, "is not one that this hilo can read", "`hilo rebuild`")
        workspace.rebuild()
        self.assertGreater(workspace.value("select count(*) from customers"), 0)

    def test_a_damaged_entry_of_the_log(self):
        for name, change in (
            ("cut", lambda text: text[: len(text) // 2]),
            ("empty", lambda text: ""),
            ("no object", lambda text: "[]"),
            ("no rows", lambda text: text.replace('"rows"', '"rwos"')),
            ("another run", lambda text: text.replace('"run": 1', '"run": 7')),
            ("a text for a number", lambda text: text.replace('"run": 1', '"run": "one"')),
            ("noise", lambda text: "\x00\x01\x02"),
        ):
            with self.subTest(name):
                workspace = self.with_entry(change)
                self.assert_refused(workspace, 1, "log/000001", "backup")
                self.assert_fails(workspace.hilo("rebuild"), 1, "log/000001")

    def test_a_run_missing_from_the_log(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        workspace.write(SECOND)
        workspace.run("2024-07-02T06:00:00Z")
        shutil.rmtree(workspace.root / "log/000001")
        self.assert_refused(workspace, 1, "log/000001 is missing")

    def test_rows_missing_from_the_log(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        (workspace.root / "log/000001/crm.rows-000.parquet").unlink()
        before = workspace.state()
        done = workspace.hilo("rebuild")
        self.assertIn(done.code, (1, 3), str(done))
        self.assertIn("crm.rows-000.parquet", done.err)
        self.assertEqual(workspace.state(), before, "the published store stays")

    def test_a_damaged_store_is_said_and_made_again(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        whole = workspace.dump()
        store = next((workspace.root / "store").glob("*.duckdb"))
        for damage in (b"not a database at all", b"", store.read_bytes()[:5000]):
            with self.subTest(len(damage)):
                store = next((workspace.root / "store").glob("*.duckdb"))
                store.write_bytes(damage)
                done = workspace.hilo("sql", "select 1")
                self.assertIn(done.code, (1, 3), str(done))
                self.assertIn("hilo rebuild", done.err)
                workspace.rebuild()
                self.assert_same_store(whole, workspace.dump())

    def test_a_folder_that_may_not_be_written(self):
        workspace = self.workspace(silos.files())
        (workspace.root / "log").write_text("a file where a folder should be")
        done = workspace.hilo("run", "--now", NOW)
        self.assertIn(done.code, (1, 3), str(done))
        self.assertNotEqual(done.err, "")


class EarlierFormats(HiloTest):
    """Logs that earlier programs wrote. **Method**: log_of_format_N is what that program made of silos.files()."""

    def test_a_log_of_an_earlier_format_is_read_and_grows_on(self):
        for earlier in (1, 2):
            with self.subTest(format=earlier):
                new = self.workspace(silos.files())
                new.run()
                old = self.workspace(silos.files())
                shutil.copytree(pathlib.Path(__file__).parent / f"log_of_format_{earlier}", old.root / "log")
                old.rebuild()
                self.assert_same_store(new.dump(), old.dump(), same_log=False)
                for workspace in (new, old):
                    workspace.write(SECOND)
                    workspace.run("2024-07-02T06:00:00Z")
                entries = [old.root / f"log/00000{run}/entry.json" for run in (1, 2)]
                self.assertEqual([json.loads(entry.read_text())["format"] for entry in entries], [earlier, 3])
                self.assert_same_store(new.dump(), old.dump(), same_log=False)

    def test_an_erasure_in_a_log_of_an_earlier_format(self):
        erased = []
        for earlier in (1, 2):
            old = self.workspace(silos.files())
            shutil.copytree(pathlib.Path(__file__).parent / f"log_of_format_{earlier}", old.root / "log")
            old.rebuild()
            done = old.hilo("erase", "crm:1", "--yes", "--now", "2024-07-02T06:00:00Z")
            self.assertEqual(done.code, 0, str(done))
            self.assertEqual(old.value("select count(*) from customers"), 3)
            erased.append(old.dump())
        self.assert_same_store(*erased, same_log=False)


class NothingNew(HiloTest):
    def test_a_second_run_does_nothing(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        before = workspace.state()
        report = workspace.run("2024-07-09T06:00:00Z")
        self.assertTrue(report["up_to_date"])
        self.assertEqual({source["files_read"] for source in report["sources"]}, {0})
        self.assertEqual(workspace.state(), before)
        self.assertIn("Up to date", workspace.hilo("run").out)

    def test_a_new_time_of_a_file_is_not_a_new_file(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        before = workspace.state()
        workspace.write({"data/fx.csv": silos.FX_CSV, "data/shop/2024-03.jsonl.gz": gzipped(silos.SHOP_JSON)})
        self.assertTrue(workspace.run("2024-07-09T06:00:00Z")["up_to_date"])
        self.assertEqual(workspace.state(), before)

    def test_only_changed_files_are_read(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        workspace.write(SECOND)
        report = workspace.run("2024-07-02T06:00:00Z")
        read = {source["name"]: (source["files_read"], source["files_unchanged"]) for source in report["sources"]}
        self.assertEqual(
            read,
            {
                "crm": (0, 1),
                "loyalty": (1, 0),
                "mails": (0, 1),
                "products": (0, 1),
                "rates": (0, 1),
                "shop": (0, 1),
                "tills": (1, 1),
            },
        )
        self.assertEqual(
            sorted(path.name for path in (workspace.root / "log/000002").iterdir()),
            ["entry.json", "loyalty.rows-000.parquet", "tills.rows-000.parquet"],
        )

    def test_what_a_dead_run_left_is_removed_even_if_nothing_is_new(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        newest = workspace.root / "store/generation-000001.duckdb"
        shutil.copy(newest, newest.with_name("generation-000002.duckdb"))  # died between publishing and tidying
        shutil.copy(newest, newest.with_name(".building.duckdb"))  # died while building
        (workspace.root / "log/.next").mkdir()  # died while reading
        (workspace.root / "log/.next/crm.rows-000.parquet").write_bytes(b"half")
        self.assertEqual(workspace.value("select count(*) from customers"), 4)
        self.assertTrue(workspace.run("2024-07-02T06:00:00Z")["up_to_date"])
        self.assertEqual(workspace.leftovers(), [])

    def test_new_attributes_need_no_file_to_be_read(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        workspace.write({"attributes/more.sql": "select sum(quantity) as pieces from items\n"})
        report = workspace.run("2024-07-02T06:00:00Z")
        self.assertFalse(report["up_to_date"])
        self.assertEqual({source["files_read"] for source in report["sources"]}, {0})
        self.assertEqual(workspace.customer("crm:1")["attributes"]["pieces"], 5)


if __name__ == "__main__":
    unittest.main()
