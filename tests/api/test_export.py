"""Goal: files that leave the store: what they hold, what they must not, and where they may go.

Method: exports of a small shop are read back; hashes are computed again by the standard library; cells that a
spreadsheet would execute are planted in the data.
"""

import csv
import hashlib
import json
import os
import pathlib
import stat
import subprocess
import unittest

import silos
from workspace import HiloTest

BUYERS = {"segments/buyers.sql": "select customer_id from customers where orders > 0\n"}

PEOPLE = """-- source: people   kind: crm
select id as source_id, mail as email, tel as phone, town as city, ads = 'y' as consent_ads, em = 'y' as consent_email,
       sms = 'y' as consent_sms, changed as updated_at, nick as "=nickname"
from read_csv('data/people.csv', all_varchar = true)
"""
PEOPLE_CSV = """id,mail,tel,town,ads,em,sms,changed,nick
1,Ana.Garcia@gmail.com,600111222,Madrid,y,y,y,2024-01-01 10:00:00,=1+1
2,eva.sol+web@shop.org,600111223,Sevilla,y,n,y,2024-01-01 10:00:00,"@SUM(A1,""x"")"
3,leo@buzon.es,600111224,Bilbao,n,y,y,2024-01-01 10:00:00,-2+3
4,ivo@buzon.es,,Vigo,,y,,2024-01-01 10:00:00,+34600111222
5,,,Lugo,y,y,y,2024-01-01 10:00:00,-12.5
6,uma@buzon.es,600111226,Jaca,y,,n,2024-01-01 10:00:00," =cmd|' /C calc'!A0"
"""


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


class ExportTest(HiloTest):
    def export(self, workspace, *args):
        done = workspace.hilo("export", *args)
        self.assertEqual(done.code, 0, str(done))
        return done

    def read(self, workspace, name):
        with open(workspace.root / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


class Files(ExportTest):
    def test_a_segment_in_each_format(self):
        workspace = self.workspace(silos.files() | BUYERS)
        workspace.run()
        expected = workspace.sql("select * from customers where orders > 0 order by customer_id")
        done = self.export(workspace, "buyers", "-o", "b.csv")
        self.assertEqual((done.out, done.err), ("", "b.csv: 3 rows\n"))
        self.assertEqual([int(row["customer_id"]) for row in self.read(workspace, "b.csv")],
                         [row["customer_id"] for row in expected])
        self.export(workspace, "buyers", "-o", "b.jsonl")
        self.assertEqual(
            [json.loads(line)["orders"] for line in (workspace.root / "b.jsonl").read_text().splitlines()],
            [row["orders"] for row in expected],
        )
        told = self.export(workspace, "buyers", "-o", "b.parquet", "--json").json()
        self.assertEqual(told, {"file": "b.parquet", "rows": 3})
        self.assertEqual((workspace.root / "b.parquet").read_bytes()[:4], b"PAR1")
        self.export(workspace, "buyers", "-o", "then.csv", "--as-of", "2024-03-01")
        rows = self.read(workspace, "then.csv")
        self.assertEqual([(int(row["customer_id"]), row["orders"]) for row in rows],
                         [(workspace.customer_id("crm:1"), "1")])
        self.assertFalse([path for path in workspace.root.iterdir() if path.name.endswith(".unfinished")])

    def test_tables(self):
        workspace = self.workspace(silos.files() | BUYERS)
        workspace.run()
        for table in ("customers", "events", "items", "identity", "rejects", "deliveries", "segments"):
            self.export(workspace, table, "-o", f"{table}.csv")
            self.assertEqual(len(self.read(workspace, f"{table}.csv")),
                             workspace.value(f"select count(*) from {table}"), table)
        self.export(workspace, "customers", "--as-of", "2024-03-01", "-o", "then.csv")
        self.assertEqual(len(self.read(workspace, "then.csv")), 3)
        self.assert_fails(workspace.hilo("export", "contact.customers", "-o", "c.csv"), 2, "contact data", "--reveal")
        self.assertFalse((workspace.root / "c.csv").exists())
        self.export(workspace, "contact.customers", "--reveal", "-o", "c.csv")
        self.assertIn("ana.garcia@correo.es", (workspace.root / "c.csv").read_text())
        for args, text in (
            (["byers"], "did you mean 'buyers'"),
            (["evnts"], "did you mean 'events'"),
            (["../../etc/passwd"], "there is no segment and no table"),
            (["events; drop table events"], "there is no segment and no table"),
            (["pg_catalog.pg_tables"], "there is no segment and no table"),
        ):
            self.assert_fails(workspace.hilo("export", *args, "-o", "x.csv"), 1, text)
        self.assert_fails(workspace.hilo("export", "events", "--as-of", "2024-01-01", "-o", "x.csv"), 2, "--as-of")
        self.assert_fails(workspace.hilo("export", "buyers", "-o", "x.parquet", "--format", "csv"), 2, "contradicts")
        self.assert_fails(workspace.hilo("export", "buyers", "--format", "xls", "-o", "x"), 2, "is not a format")
        self.assert_fails(workspace.hilo("export", "buyers"), 2)
        self.assertFalse((workspace.root / "x.csv").exists())

    def test_where_a_file_may_go(self):
        workspace = self.workspace(silos.files() | BUYERS)
        workspace.run()
        self.assert_fails(workspace.hilo("export", "buyers", "-o", "data"), 1, "is a folder")
        self.assert_fails(workspace.hilo("export", "buyers", "-o", "nowhere/b.csv"), 3, "cannot be written")
        self.assert_fails(workspace.hilo("export", "events", "-o", "/dev/full"), 3, "cannot be written")
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/full").st_mode))
        self.assertEqual(len(self.export(workspace, "buyers", "-o", "/dev/stdout").out.splitlines()), 4)
        fifo = workspace.root / "pipe"
        os.mkfifo(fifo)
        with subprocess.Popen(["cat", str(fifo)], stdout=subprocess.PIPE) as reader:
            self.export(workspace, "buyers", "-o", "pipe", "--format", "csv")
            self.assertEqual(len(reader.stdout.read().splitlines()), 4)
        self.assertTrue(fifo.is_fifo())
        odd = "it's; a \"file\" √.csv"
        self.export(workspace, "buyers", "-o", odd)
        self.assertEqual(len(self.read(workspace, odd)), 3)

    def test_the_name_and_the_format_agree(self):
        workspace = self.workspace(silos.files() | BUYERS)
        workspace.run()
        before = sorted(workspace.root.iterdir())
        for name in ("b.csv.gz", "b.xlsx", "b.zst", "b.parquet.zst", "b.XLS", "b.txt", "b.tsv"):
            for command in (["export", "buyers"], ["snapshot"]):
                with self.subTest(name, command=command):
                    done = workspace.hilo(*command, "-o", name)
                    self.assert_fails(done, 2, name, "csv, parquet or json", "--format")
        self.assertEqual(sorted(workspace.root.iterdir()), before)
        for name, args in (("b.txt", ["--format", "csv"]), ("b", []), ("b.CSV", []), ("b.csv.gz", ["--format", "csv"])):
            self.export(workspace, "buyers", "-o", name, *args)
            self.assertEqual(len(self.read(workspace, name)), 3, name)
        self.assert_fails(workspace.hilo("export", "buyers", "-o", "b.json", "--format", "csv"), 2, "contradicts")

    def test_no_part_of_the_workspace_is_overwritten(self):
        workspace = self.workspace(silos.files() | BUYERS)
        workspace.run()
        root = workspace.root
        rows = next(path.relative_to(root) for path in (root / "log").rglob("*.parquet"))
        generation = next(path.relative_to(root) for path in (root / "store").glob("*.duckdb"))
        (self.folder / "elsewhere").symlink_to(root / "log")
        (self.folder / "rows.csv").symlink_to(root / rows)
        (self.folder / "new.csv").symlink_to(root / "log" / "new.csv")
        (self.folder / "far.csv").symlink_to(self.folder / "new.csv")
        (root / "deep").symlink_to(root / "log" / "000001")
        (root / "note.csv.unfinished").symlink_to(rows)
        (root / "alias").symlink_to(root)
        for folder in ("models", "campaigns"):
            (root / folder).mkdir()
        before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        targets = [
            str(rows), str(root / rows), f"data/../{rows}", f"deep/../../{rows}", f"alias/{rows}", "log/new.csv",
            "log/no/such/new.csv", str(generation), "store/new.parquet", "sources/crm.sql", "attributes/basic.sql",
            "segments/buyers.sql", "segments/new.csv", "models/new.csv", "campaigns/new.csv", "hilo.yaml",
            "alias/hilo.yaml", "identity.yaml", ".hilo.lock", ".hilo.runs.jsonl", ".hilo.new.csv",
            "../elsewhere/new.csv", str(self.folder / "rows.csv"), "../new.csv", "../far.csv", "note.csv",
        ]
        for target in targets:
            for command in (["export", "buyers"], ["snapshot"]):
                with self.subTest(target, command=command):
                    done = workspace.hilo(*command, "--format", "csv", "-o", target)
                    if target.endswith((".parquet", ".jsonl")):
                        done = workspace.hilo(*command, "-o", target)
                    self.assert_fails(done, 1, target, "a part of the workspace")
                    self.assertRegex(done.err, "Name a file outside that folder|Give the file another name")
        # A folder within one that bears a folder's name is the user's own.
        (root / "exports" / "log").mkdir(parents=True)
        self.export(workspace, "buyers", "-o", "exports/log/hilo.csv")
        self.export(workspace, "buyers", "--format", "csv", "-o", "exports/hilo.yaml")
        self.export(workspace, "buyers", "-o", "logs.csv")
        self.assertEqual({path: path.read_bytes() for path in before}, before)
        self.assertFalse((root / "log" / "new.csv").exists())
        done = workspace.hilo("export", "buyers", "-o", "../log/x.csv", cwd=root / "data")
        self.assert_fails(done, 1, "a part of the workspace")

    @unittest.skipIf(os.geteuid() == 0, "nothing is read-only to root")
    def test_a_folder_that_is_read_only(self):
        workspace = self.workspace(silos.files() | BUYERS)
        workspace.run()
        folder = workspace.root / "closed"
        folder.mkdir()
        folder.chmod(0o500)
        self.addCleanup(folder.chmod, 0o700)
        self.assert_fails(workspace.hilo("export", "buyers", "-o", "closed/b.csv"), 3, "cannot be written")
        self.assertEqual(list(folder.iterdir()), [])

    def test_a_failed_export_leaves_the_former_file(self):
        workspace = self.workspace(silos.files() | BUYERS)
        workspace.run()
        self.export(workspace, "buyers", "-o", "b.csv")
        before = (workspace.root / "b.csv").read_bytes()
        pathlib.Path(workspace.root / "b.csv.unfinished").mkdir()
        self.assert_fails(workspace.hilo("export", "buyers", "-o", "b.csv"), 3, "cannot be written")
        self.assertEqual((workspace.root / "b.csv").read_bytes(), before)


class Spreadsheets(ExportTest):
    def test_no_cell_is_a_formula(self):
        workspace = self.workspace({"sources/people.sql": PEOPLE, "data/people.csv": PEOPLE_CSV})
        workspace.run()
        for args in (("export", "customers", "-o", "c.csv"), ("snapshot", "-o", "s.csv")):
            done = workspace.hilo(*args)
            self.assertEqual(done.code, 0, str(done))
            rows = self.read(workspace, args[-1])
            self.assertEqual(
                {row["city"]: row["'=nickname"] for row in rows},
                {
                    "Madrid": "'=1+1",
                    "Sevilla": "'@SUM(A1,\"x\")",
                    "Bilbao": "'-2+3",
                    "Vigo": "+34600111222",
                    "Lugo": "-12.5",
                    "Jaca": "' =cmd|' /C calc'!A0",
                },
            )
            self.assertEqual({row["orders"] for row in rows}, {"0"})
        self.assertEqual(
            (workspace.root / "c.csv").read_text(), (workspace.root / "s.csv").read_text()
        )
        self.assertEqual(workspace.hilo("snapshot").out, (workspace.root / "s.csv").read_text())
        self.export(workspace, "customers", "-o", "c.json")
        names = {json.loads(line)["=nickname"] for line in (workspace.root / "c.json").read_text().splitlines()}
        self.assertIn("=1+1", names)


class Audiences(ExportTest):
    ALL = {"segments/all.sql": "select customer_id from customers where true\n"}

    def audience(self, files, *args):
        workspace = self.workspace({"sources/people.sql": PEOPLE, "data/people.csv": PEOPLE_CSV} | self.ALL | files)
        workspace.run()
        done = self.export(workspace, "all", "-o", "a.csv", "--json", *args)
        return workspace, done.json(), self.read(workspace, "a.csv")

    def test_google(self):
        workspace, told, rows = self.audience({}, "--hash", "email,phone")
        self.assertEqual(told, {"file": "a.csv", "rows": 3, "asked": 6, "without_consent": 2, "without_contact": 1})
        # Dots before gmail.com do not count; everybody else's stay. A no to e-mail keeps the address here.
        self.assertEqual(
            {(row["Email"], row["Phone"]) for row in rows},
            {
                (sha("anagarcia@gmail.com"), sha("+34600111222")),
                ("", sha("+34600111223")),
                (sha("uma@buzon.es"), ""),
            },
        )
        text = (workspace.root / "a.csv").read_text()
        for word in ("@", "600111", "customer_id"):
            self.assertNotIn(word, text)
        done = self.export(workspace, "all", "-o", "b.csv", "--hash", "email,phone")
        self.assertIn("3 rows of 6 customers", done.err)
        self.assertIn("left out: 2 without consent, 1 without email,phone", done.err)

    def test_meta(self):
        _, told, rows = self.audience({}, "--hash", "phone,email", "--for", "meta")
        self.assertEqual(told["rows"], 3)
        self.assertEqual(
            {(row["email"], row["phone"]) for row in rows},
            {(sha("ana.garcia@gmail.com"), sha("34600111222")), ("", sha("34600111223")), (sha("uma@buzon.es"), "")},
        )

    def test_one_identifier_alone(self):
        _, told, rows = self.audience({}, "--hash", "phone")
        self.assertEqual(told, {"file": "a.csv", "rows": 2, "asked": 6, "without_consent": 2, "without_contact": 2})
        self.assertEqual({row["Phone"] for row in rows}, {sha("+34600111222"), sha("+34600111223")})

    def test_without_a_word_on_ads_the_channel_decides(self):
        source = PEOPLE.replace("ads = 'y' as consent_ads,", "")
        workspace, told, rows = self.audience({"sources/people.sql": source}, "--hash", "email")
        self.assertEqual({row["Email"] for row in rows},
                         {sha("anagarcia@gmail.com"), sha("leo@buzon.es"), sha("ivo@buzon.es")})
        self.assertEqual(told["without_consent"], 2)
        source = source.replace("em = 'y' as consent_email,", "")
        workspace = self.workspace(
            {"sources/people.sql": source, "data/people.csv": PEOPLE_CSV} | self.ALL
        )
        workspace.run()
        self.assert_fails(
            workspace.hilo("export", "all", "--hash", "email", "-o", "a.csv"), 1, "nothing is known of consent"
        )
        self.assertFalse((workspace.root / "a.csv").exists())

    def test_members_of_then_consent_of_now(self):
        later = PEOPLE_CSV + "1,Ana.Garcia@gmail.com,600111222,Madrid,n,y,y,2024-06-01 10:00:00,x\n"
        _, told, rows = self.audience({"data/people.csv": later}, "--hash", "email", "--as-of", "2024-02-01")
        self.assertEqual({row["Email"] for row in rows}, {sha("uma@buzon.es")})
        self.assertEqual(told["without_consent"], 4)

    def test_usage(self):
        workspace = self.workspace({"sources/people.sql": PEOPLE, "data/people.csv": PEOPLE_CSV} | self.ALL)
        workspace.run()
        for args, text in (
            (["all", "--hash", "name"], "cannot be hashed"),
            (["all", "--hash", "emial"], "did you mean 'email'"),
            (["all", "--hash", "email,email"], "twice"),
            (["all", "--hash", "email", "--for", "x"], "is not a platform"),
            (["all", "--for", "meta"], "goes with --hash"),
            (["events", "--hash", "email"], "--hash is for segments and customers"),
        ):
            self.assert_fails(workspace.hilo("export", *args, "-o", "a.csv"), 2, text)


if __name__ == "__main__":
    unittest.main()
