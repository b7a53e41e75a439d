"""Goal: `hilo verify` finds a store that holds something else than the log gives, says where, and finds nothing else.

Method: stores after runs of random deliveries; stores changed by the engine's library, as a program that is not ours
would; verifications that are refused, cut off or killed.
"""

import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import unittest

import silos
from test_cuts import DEFINITIONS, SETTINGS, SOURCES, Retailer
from workspace import HILO, TIMEOUT_SECONDS, HiloTest, change_store

MORE_ATTRIBUTES = {"attributes/more.sql": "select avg(price::double) as mean_price from items\n"}
SEGMENT = {"segments/buyers.sql": "-- title: Buyers\nselect * from customers where orders > 0\n"}
SECOND = {"data/crm/2.csv": silos.CRM_CSV.replace("2023-01", "2023-05").replace("Córdoba", "Ronda")}
NOBODY = 65534

# What is done to a store, and what is said of it: table, comparison, rows missing, too many and changed, columns.
HARM = [
    ("update events set amount = amount + 0.0001 where seq = (select max(seq) from events)",
     ("events", "differs", 0, 0, 1, {"amount": 1})),
    ("delete from items where seq = (select min(seq) from items) and line = 1", ("items", "differs", 1, 0, 0, {})),
    ("insert into events from (from events limit 1)", ("events", "differs", 0, 1, 0, {})),
    ("update events set seq = 4000000000 where seq = (select max(seq) from events)",
     ("events", "differs", 1, 1, 0, {})),
    ("update contact.versions set email = 'somebody@secret.example' where version = (select min(version) from "
     "contact.versions where email is not null)", ("contact.versions", "differs", 0, 0, 1, {"email": 1})),
    ("update customers set revenue = coalesce(revenue, 0) + 1, city = null where city is not null",
     ("customers", "differs", 0, 0, 3, {"city": 3, "revenue": 3})),
    ("update customers set mean_price = -0.0 where mean_price is null",
     ("customers", "differs", 0, 0, 2, {"mean_price": 2})),
    ("update flat_table set attributes = attributes || ' '", ("flat_table", "differs", 0, 0, 1, {"attributes": 1})),
    ("update meta set day = day + 1", ("meta", "differs", 0, 0, 1, {"day": 1})),
    ("delete from segment_changes where customer_id = (select min(customer_id) from segment_changes)",
     ("segment_changes", "differs", 1, 0, 0, {})),
    ("insert into redirects select 1, 2, 1, 'merge'", ("redirects", "differs", 0, 1, 0, {})),
    ("create table notes as select 'somebody@secret.example' as mail", ("notes", "not of a rebuild", 0, 0, 0, {})),
    ("drop table contact.names", ("contact.names", "missing", 0, 0, 0, {})),
    ("alter table rejects add column seen boolean", ("rejects", "other columns", 0, 0, 0, {})),
    ("create or replace view links as from contact.links where record_id > 0", ("links", "differs", 0, 0, 0, {})),
    ("create macro sum_of(a, b) as a + b", ("sum_of", "not of a rebuild", 0, 0, 0, {})),
]  # fmt: skip


def generation_of(workspace):
    return next((workspace.root / "store").glob("generation-*.duckdb"))


class VerifyTest(HiloTest):
    def verify(self, workspace, code=0):
        outcome = workspace.hilo("verify", "--json")
        self.assertEqual(outcome.code, code, str(outcome))
        return outcome.json()

    def different(self, report):
        return [content for content in report["contents"] if content["comparison"] != "equal"]

    def grown(self):
        workspace = self.workspace(silos.files() | MORE_ATTRIBUTES | SEGMENT)
        workspace.run()
        workspace.write(SECOND)
        self.assertTrue(workspace.run("2024-07-02T06:00:00Z")["extended"])
        return workspace


class Healthy(VerifyTest):
    def test_after_runs_of_anything(self):
        """Late events, duplicates, corrections, merges and splits; then an erasure, and a run after it."""
        chance = random.Random(3)
        retailer = Retailer(chance)
        definitions = {f"sources/{name}.sql": text for name, text in SOURCES.items()}
        workspace = self.workspace({"hilo.yaml": SETTINGS} | definitions | DEFINITIONS | retailer.first())
        workspace.run("2024-03-01T06:00:00Z")
        redirects = 0
        for day in range(2, 8):
            if day == 6:
                customer = workspace.value("select min(customer_id) from customers")
                erased = workspace.hilo("erase", str(customer), "--yes", "--now", f"2024-03-{day:02}T06:00:00Z")
                self.assertEqual(erased.code, 0, str(erased))
            else:
                workspace.write(retailer.next())
                workspace.run(f"2024-03-{day:02}T06:00:00Z")
            before = workspace.state()
            report = self.verify(workspace)
            self.assertTrue(report["equal"] and report["same_rules"])
            self.assertEqual((self.different(report), report["differences"]), ([], 0))
            self.assertEqual(workspace.state(), before)
            self.assertEqual(workspace.leftovers(), [])
            redirects += workspace.value("select count(*) from redirects")
        self.assertGreater(redirects, 0)
        workspace.rebuild()
        again = self.verify(workspace)
        self.assertEqual(again["contents"], report["contents"], "digests do not depend on how a store was made")

    def test_birth_dates_of_two_digits_as_the_century_passes_them(self):
        """In 2023 somebody born in 24 is 99 years old; from 2024 on, unborn until that day."""
        source = "select id as source_id, name as full_name, birth as birth_date from read_csv('data/crm/*.csv', "
        workspace = self.workspace({
            "hilo.yaml": SETTINGS,
            "sources/crm.sql": f"-- source: crm   kind: crm\n{source}all_varchar = true)",
            "data/crm/1.csv": "id,name,birth\nc1,Ana Ruiz,15.8.24\nc2,Leo Gil,nobody\nc3,Eva Sanz,1.2.1980\n",
        })
        workspace.run("2023-12-20T06:00:00Z")
        in_the_future = []
        for number, day in enumerate(("2023-12-28", "2024-01-10", "2024-02-10", "2024-09-10"), start=2):
            workspace.write({f"data/crm/{number}.csv": f"id,name,birth\nd{number},Luz Mora,{number}.3.1970\n"})
            self.assertTrue(workspace.run(f"{day}T06:00:00Z")["extended"], day)
            self.assertEqual(self.different(self.verify(workspace)), [], day)
            in_the_future.append(workspace.value("select count(*) from rejects where reason like '%future%'"))
        self.assertEqual(in_the_future, [0, 1, 1, 0])

    def test_what_is_told(self):
        workspace = self.grown()
        report = self.verify(workspace)
        self.assertEqual((report["run"], report["differences"]), (2, 0))
        by_name = {content["name"]: content for content in report["contents"]}
        events = by_name["events"]
        self.assertEqual(events["rows"], workspace.value("select count(*) from events"))
        self.assertEqual((events["rebuilt_rows"], events["rebuilt_digest"]), (events["rows"], events["digest"]))
        self.assertRegex(events["digest"], "^[0-9a-f]{32}$")
        self.assertEqual((by_name["links"]["kind"], by_name["links"]["rows"]), ("view", None))
        self.assertEqual(len(by_name), len(workspace.tables()), "every table and view of the store")
        self.assertIn("attributes", [each["name"] for each in report["passes"]])
        shown = workspace.hilo("verify")
        self.assertEqual(shown.code, 0, str(shown))
        self.assertIn("Equal: the store holds what the log gives up to run 2", shown.out)
        self.assertIn(events["digest"], shown.out)
        self.assertIn("compare", shown.err, "progress is shown")

    def test_definitions_of_the_workspace_that_no_run_knows_do_not_count(self):
        workspace = self.grown()
        workspace.write({"attributes/basic.sql": "select count(*) as events from events\n"})
        self.assertTrue(self.verify(workspace)["equal"])

    def test_who_built_it_is_told_apart(self):
        workspace = self.grown()
        change_store(generation_of(workspace), "update meta set built_from = 'another program'")
        report = self.verify(workspace)
        self.assertEqual((report["equal"], report["same_rules"]), (True, False))
        self.assertIn("another version of hilo", workspace.hilo("verify").out)
        change_store(generation_of(workspace), "delete from items")
        shown = workspace.hilo("verify")
        self.assert_fails(shown, 1, "items: ", "missing", "that may be all there is to it", "`hilo rebuild`")


class Harmed(VerifyTest):
    def test_every_harm_is_found_and_its_place_named(self):
        workspace = self.grown()
        kept = self.folder / "kept.duckdb"
        generation = generation_of(workspace)
        shutil.copy2(generation, kept)
        for statement, (name, comparison, *counts, columns) in HARM:
            with self.subTest(statement):
                shutil.copy2(kept, generation)
                change_store(generation, statement)
                report = self.verify(workspace, code=1)
                self.assertEqual((report["equal"], report["differences"]), (False, 1), self.different(report))
                [content] = self.different(report)
                self.assertEqual((content["name"], content["comparison"]), (name, comparison))
                self.assertEqual([content[each] for each in ("missing", "added", "changed")], counts)
                self.assertEqual(content["columns"], columns)
                shown = workspace.hilo("verify")
                self.assert_fails(shown, 1, f"{name}: ", "Not equal", "Run `hilo rebuild`", "report")
                for column in columns:
                    self.assertIn(column, shown.out)
                self.assertNotIn("secret", shown.out + shown.err)
                self.assertEqual(workspace.leftovers(), [])
        workspace.rebuild()
        self.assertTrue(self.verify(workspace)["equal"])

    def test_other_columns_are_named(self):
        workspace = self.grown()
        change_store(generation_of(workspace), "alter table rejects add column seen boolean; drop view versions")
        report = self.verify(workspace, code=1)
        self.assertEqual({each["name"] for each in self.different(report)}, {"rejects", "versions"})
        rejects = next(each for each in self.different(report) if each["name"] == "rejects")
        self.assertEqual(rejects["other_columns"], ["seen"])
        shown = workspace.hilo("verify")
        self.assert_fails(shown, 1, "rejects: other columns: seen", "versions: the store has no such view")

    def test_a_store_with_damaged_blocks(self):
        workspace = self.grown()
        generation = generation_of(workspace)
        data = bytearray(generation.read_bytes())
        for block in range(12_288, len(data) - 5_064, 262_144):
            data[block + 5_000 : block + 5_064] = bytes(64)
        generation.write_bytes(data)
        outcome = workspace.hilo("verify")
        self.assertIn(outcome.code, (1, 3), str(outcome))
        self.assert_fails(outcome, outcome.code, "cannot be read", "`hilo rebuild`")
        self.assertEqual(workspace.leftovers(), [])


class Refused(VerifyTest):
    def test_where_there_is_nothing_to_compare(self):
        fresh = self.workspace(silos.files())
        self.assert_fails(fresh.hilo("verify"), 1, "nothing has been published", "hilo run")
        self.assertFalse((fresh.root / "store").exists())
        workspace = self.grown()
        workspace.remove("log")
        self.assert_fails(workspace.hilo("verify"), 1, "no log", "backup")
        self.assertEqual(list((workspace.root / "store").iterdir()), [generation_of(workspace)])

    def test_a_store_of_another_run_or_format(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        first = self.folder / "first.duckdb"
        shutil.copy2(generation_of(workspace), first)
        workspace.write(SECOND)
        workspace.run("2024-07-02T06:00:00Z")
        generation = generation_of(workspace)
        shutil.copy2(first, generation)
        self.assert_fails(workspace.hilo("verify"), 1, "does not hold what the log holds", "up to run 1", "`hilo run`")
        error = workspace.hilo("verify", "--json").json()["errors"][0]
        self.assertEqual(error["code"], "not_found")
        for number, told in ((3, "older format 3"), (99, "newer hilo")):
            change_store(generation, f"update meta set store_format = {number}")
            self.assert_fails(workspace.hilo("verify"), 1, told, "`hilo rebuild`")
        change_store(generation, "drop table meta")
        self.assert_fails(workspace.hilo("verify"), 1, "is not one that this hilo can read")
        self.assertEqual(workspace.leftovers(), [])

    def test_a_damaged_log(self):
        workspace = self.grown()
        rows = workspace.root / "log/000001/crm.rows-000.parquet"
        rows.write_bytes(rows.read_bytes()[:100])
        self.assert_fails(workspace.hilo("verify"), 1, "log/000001/crm.rows-000.parquet", "backup")
        self.assertEqual(workspace.leftovers(), [])

    def run_by(self, workspace, **options):
        return subprocess.run(
            [HILO, "verify"], cwd=workspace.root, capture_output=True, timeout=TIMEOUT_SECONDS, text=True, **options
        )

    def test_a_full_disk(self):
        def little_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

        workspace = self.grown()
        before = workspace.state()
        done = self.run_by(workspace, preexec_fn=little_room)
        self.assertEqual(done.returncode, 3, done)
        self.assertIn("the store cannot be built", done.stderr)
        self.assertEqual(workspace.state(), before)

    def test_a_folder_that_may_not_be_written(self):
        workspace = self.grown()
        before = workspace.state()
        self.folder.chmod(0o755)
        for path in (workspace.root / "store", workspace.root):
            path.chmod(0o555)
            self.addCleanup(path.chmod, 0o755)
        options = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        done = self.run_by(workspace, **options)
        self.assertEqual(done.returncode, 3, done)
        self.assertIn(".hilo.lock cannot be opened", done.stderr)
        (workspace.root / ".hilo.lock").chmod(0o666)
        done = self.run_by(workspace, **options)
        self.assertEqual(done.returncode, 3, done)
        self.assertIn("store/", done.stderr)
        self.assertEqual(workspace.state(), before)


class Ends(VerifyTest):
    MAILS = (
        "-- source: mails   kind: email\n"
        "select id as source_id, mail as email, sent as time, 'message_sent' as type from read_csv('data/mails.csv')"
    )
    LINES = "".join(f"{n},mail{n}@correo.es,2024-01-01 10:00:00\n" for n in range(60_000))

    def start(self, workspace):
        """A verification that has begun to make its second store."""
        return self.begun(workspace, "store/.trial*/.building.duckdb", "verify")

    def test_cut_off_or_killed(self):
        workspace = self.workspace(
            {
                "sources/mails.sql": self.MAILS,
                "data/mails.csv": "id,mail,sent\n" + self.LINES,
            }
        )
        workspace.run()
        before = workspace.state()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = self.start(workspace)
            process.send_signal(number)
            out, err = process.communicate(timeout=TIMEOUT_SECONDS)
            self.assertEqual((process.returncode, out), (128 + number, b""), err)
            self.assertTrue(err.endswith(b"interrupted: nothing was changed\n"), err)
            self.assertEqual(workspace.state(), before)
        process = self.start(workspace)
        process.send_signal(signal.SIGSTOP)
        self.assert_fails(workspace.hilo("run"), 1, "another run is under way", str(process.pid))
        self.assert_fails(workspace.hilo("verify"), 1, "another run is under way")
        self.assertEqual(workspace.value("select count(*) from customers"), 60_000)
        process.kill()
        process.communicate()
        self.assertNotEqual(workspace.leftovers(), [], "nobody can clean up after that")
        self.assertTrue(self.verify(workspace)["equal"])
        self.assertEqual(workspace.state(), before)
        process = self.start(workspace)
        process.kill()
        process.communicate()
        self.assertTrue(workspace.run()["up_to_date"])
        self.assertEqual(workspace.state(), before, "the next run removes what a dead verification left")


class Described(VerifyTest):
    def test_help_manual_and_completion(self):
        workspace = self.workspace()
        shown = workspace.hilo("verify", "--help")
        self.assertEqual(shown.code, 0)
        for text in ("hilo verify --json", "--json", "never a value", "exit code"):
            self.assertIn(text, shown.out)
        self.assertIn("hilo verify", workspace.hilo("man").out)
        self.assertIn("verify\t", workspace.hilo("complete", "bash", "ver").out)
        self.assertEqual(workspace.hilo("verify", "now").code, 2)

    def test_docs_say_what_is_compared(self):
        page = (pathlib.Path(__file__).resolve().parents[2] / "docs/verify.md").read_text(encoding="utf-8")
        for word in ("built_from", "order", "digest"):
            self.assertIn(word, page)


if __name__ == "__main__":
    unittest.main()
