"""Goal: somebody who was erased stands nowhere any more, comes back with no delivery, and nobody else is touched.

Method: a person who left traces in five silos, in rejects, in what a former query read and in recorded segments is
erased by the real program. What is left is compared, table by table, with a workspace in which that person never was,
and every byte and every Parquet cell of the workspace is searched for what they were known by.
"""

import json
import os
import pty
import subprocess
import unittest

import silos
from workspace import HILO, ROOT, HiloTest, gzipped, zstandard

LATER = "2024-07-02T06:00:00Z"
BUYERS = "select customer_id from customers where orders > 0\n"
# Ana, as the silos spell her.
ANA = ("ana.garcia@correo.es", "600 111 222", "600-111-222", "600111222", "l-100", "garcía muñoz")
WITHOUT_ANA = {
    "data/crm/2024-06.csv": "".join(
        line for line in silos.CRM_CSV.splitlines(True) if not line.startswith("1;")
    ).encode("windows-1252"),
    "data/shop/2024-03.jsonl.gz": gzipped("".join(li for li in silos.SHOP_JSON.splitlines(True) if "W-2" in li)),
    "data/tills/2024-03.csv.zst": zstandard(
        "".join(line for line in silos.TILLS_CSV.splitlines(True) if "L-100" not in line)
    ),
    "data/loyalty.csv": b"\xff\xfe"
    + "".join(line for line in silos.LOYALTY_CSV.splitlines(True) if "L-100" not in line).encode("utf-16-le"),
    "data/mails/2024-02.csv": "".join(line for line in silos.MAILS_CSV.splitlines(True) if "ana." not in line),
}


class EraseTest(HiloTest):
    @staticmethod
    def files():
        return silos.files() | {"segments/buyers.sql": BUYERS}

    def shop(self, files=None):
        return self.workspace_that_ran(self.files() | (files or {}))

    def erase(self, workspace, *who, now=LATER):
        done = workspace.hilo("erase", *who, "--yes", "--json", "--now", now)
        self.assertEqual(done.code, 0, str(done))
        return done.json()

    def cells_of_log(self, workspace):
        """All text of all Parquet files of the log, read by the engine's library as another program would."""
        files = sorted(str(path) for path in (workspace.root / "log").rglob("*.parquet"))
        script = ROOT / "bench/scenario/measuring.py"
        out = workspace.root.parent / "cells.csv"
        text = ";\n".join(
            f"copy (select columns(*)::varchar from read_parquet('{file}')) to '{out}.{number}' (format csv)"
            for number, file in enumerate(files)
        )
        subprocess.run(["python3", str(script), text, ":memory:"], check=True)
        made = [out.with_name(f"{out.name}.{number}") for number in range(len(files))]
        return "\n".join(path.read_text(encoding="utf-8") for path in made).lower()


class Traces(EraseTest):
    def test_nothing_of_her_is_left_and_nobody_else_is_touched(self):
        workspace = self.shop()
        ids = {who: workspace.customer_id(who) for who in ("crm:2", "crm:3", "shop:A8")}
        ana = workspace.customer_id("crm:1")
        report = self.erase(workspace, "ana.garcia@correo.es")
        self.assertEqual(report["customers"], [ana])
        self.assertEqual((report["records"], report["rows"], report["memberships"]), (5, 8, 1))
        self.assertEqual(
            [(file["file"], file["rows"]) for file in report["outside"]],
            [
                ("data/crm/2024-06.csv", 1),
                ("data/loyalty.csv", 1),
                ("data/mails/2024-02.csv", 2),
                ("data/shop/2024-03.jsonl.gz", 2),
                ("data/tills/2024-03.csv.zst", 2),
            ],
        )
        self.assertEqual({who: workspace.customer_id(who) for who in ids}, ids)
        self.assert_fails(workspace.hilo("customer", "crm:1"), 1, "no customer answers")
        cells = self.cells_of_log(workspace)
        self.assertIn("lucia@buzon.es", cells)
        for text in ANA:
            self.assertNotIn(text, cells)
        for folder in ("log", "store"):
            for path in (workspace.root / folder).rglob("*"):
                if path.is_file():
                    content = path.read_bytes().lower()
                    for text in ANA:
                        self.assertNotIn(text.encode(), content, str(path))
        self.assertEqual(workspace.leftovers(), [])

    def test_what_is_left_is_what_would_be_had_she_never_been(self):
        workspace = self.shop()
        never = self.workspace(self.files() | WITHOUT_ANA)
        never.run()
        self.erase(workspace, "crm:1")
        questions = (
            "select * exclude (customer_id) from customers order by all",
            "select type, channel, time, amount, items, order_id from events order by all",
            "select sku, quantity, amount, order_id from items order by all",
            "select segment, members, entered, departed from segment_records order by all",
            "select count(*) from segment_members",
            "select source, source_id, known_by from records order by all",
            "select source, file, rows, rejects from deliveries order by all",
        )
        for question in questions:
            with self.subTest(question=question):
                self.assertEqual(workspace.rows(question), never.rows(question))

    def test_a_rebuild_gives_the_same_store(self):
        workspace = self.shop()
        self.erase(workspace, "crm:1")
        before = workspace.dump()
        workspace.remove("store")
        workspace.rebuild()
        self.assert_same_store(before, workspace.dump())

    def test_values_of_rejects(self):
        crm = silos.CRM_CSV.replace("1980-05-17", "1980-05-17").replace(
            "lucia@buzon.es", "ana.garcia@correo.es y lucia@buzon.es"
        )
        workspace = self.shop({"data/crm/2024-06.csv": crm.encode("windows-1252")})
        orders = (
            "-- source: desk   kind: support\nselect id as event_id, who as email, t as time, 'ticket' as type,"
            " n as amount from read_csv('data/desk/*.csv')\n"
        )
        workspace.write(
            {
                "sources/desk.sql": orders,
                "data/desk/1.csv": "id,who,t,n\n1,x@y.es,2024-03-01 10:00:00,1\n2,x@y.es,2024-03-01 10:00:00,2\n",
            }
        )
        workspace.run("2024-07-01T07:00:00Z")
        workspace.write({"data/desk/2.csv": "id,who,t,n\n3,x@y.es,2024-03-01 10:00:00,mail ana.garcia@correo.es\n"})
        workspace.run("2024-07-01T08:00:00Z")
        self.assertIn("ana.garcia", workspace.hilo("rejects", "--reveal").out)
        report = self.erase(workspace, "crm:1")
        self.assertEqual(report["rejected_values"], 1)
        self.assertEqual(len([one for one in workspace.rejects() if one["source"] == "desk"]), 1)
        desk = [one for one in workspace.rejects("--reveal") if one["source"] == "desk"]
        self.assertEqual([one["value"] for one in desk], [None])

    def test_what_a_former_query_read_goes_too(self):
        workspace = self.shop()
        # The loyalty cards were read with the card as the key; from now on the key is another one.
        workspace.write({"sources/loyalty.sql": silos.LOYALTY.replace("card as source_id", "'c' || card as source_id")})
        workspace.run("2024-07-01T09:00:00Z")
        self.erase(workspace, "crm:1")
        cells = self.cells_of_log(workspace)
        for text in ANA:
            self.assertNotIn(text, cells)

    def test_several_at_once_and_a_second_erasure(self):
        workspace = self.shop()
        self.erase(workspace, "crm:1", "crm:2")
        self.erase(workspace, "shop:A8", now="2024-07-03T06:00:00Z")
        self.assertEqual(workspace.value("select count(*) from customers"), 1)
        salts = {
            json.loads(entry.read_text())["erasure"]["salt"]
            for entry in (workspace.root / "log").glob("*/entry.json")
            if "erasure" in json.loads(entry.read_text())
        }
        self.assertEqual(len(salts), 1)
        self.assertEqual(workspace.value("select sum(members) from segment_records"), 0)

    def test_the_entry_names_nobody(self):
        workspace = self.shop()
        self.erase(workspace, "crm:1")
        entry = (workspace.root / "log/000002/entry.json").read_text().lower()
        for text in (*ANA, "w-1", "r-1"):
            self.assertNotIn(text, entry)


class Returning(EraseTest):
    """Deliveries after the erasure."""

    def test_nothing_new_is_up_to_date(self):
        workspace = self.shop()
        self.erase(workspace, "crm:1")
        self.assertTrue(workspace.run("2024-07-03T06:00:00Z")["up_to_date"])

    def test_a_delivery_of_all_again_brings_nothing_back(self):
        workspace = self.shop()
        self.erase(workspace, "crm:1")
        before = workspace.rows("select * from customers order by all")
        more = silos.CRM_CSV + "9;Eva;Ruiz;eva@ruiz.es;;Calle 9;Vigo;36201;1991-01-01;;2024-06-01 09:00:00\n"
        workspace.write(
            {
                "data/crm/2024-07.csv": more.encode("windows-1252"),
                "data/shop/2024-04.jsonl.gz": gzipped(silos.SHOP_JSON + "\n"),
                "data/tills/2024-04.csv.zst": zstandard(silos.TILLS_CSV + ",R-1,3,2024-03-05 17:00:00,S1,TEA,1,4.50\n"),
                "data/loyalty2.csv": b"",
            }
        )
        report = workspace.run("2024-07-03T06:00:00Z")
        taken = {source["name"]: (source["rows"], source["rejects"]) for source in report["sources"]}
        self.assertEqual(taken["crm"], (3, 1))
        self.assertEqual(taken["shop"], (1, 2))
        self.assertEqual(taken["tills"], (4, 3))  # a line of her order that names nobody stays out, too
        self.assertEqual(workspace.rows("select * from customers order by all")[: len(before)], before)
        cells = self.cells_of_log(workspace)
        for text in ANA:
            self.assertNotIn(text, cells)
        reasons = {one["reason"] for one in workspace.rejects("--reveal")}
        self.assertEqual(reasons, {"tells of somebody who was erased: not taken again"})
        self.assertEqual({one["value"] for one in workspace.rejects("--reveal")}, {None})

    def test_a_row_of_hers_with_another_fault_leaves_nothing(self):
        workspace = self.shop()
        self.erase(workspace, "crm:1")
        bad = silos.CRM_CSV.replace("2023-01-10 09:00:00", "ana.garcia@correo.es")
        workspace.write({"data/crm/2024-07.csv": bad.encode("windows-1252")})
        workspace.run("2024-07-03T06:00:00Z")
        self.assertNotIn("ana.garcia", self.cells_of_log(workspace))


class Words(EraseTest):
    def test_it_asks_and_a_dry_run_changes_nothing(self):
        workspace = self.shop()
        before = workspace.state()
        dry = workspace.hilo("erase", "crm:1", "--dry-run", "--json")
        self.assertEqual(dry.code, 0, str(dry))
        self.assertEqual((dry.json()["erased"], dry.json()["rows"]), (False, 8))
        self.assertIn("data/loyalty.csv", workspace.hilo("erase", "crm:1", "--dry-run").out)
        self.assert_fails(workspace.hilo("erase", "crm:1"), 2, "nobody to ask", "--yes")
        self.assert_fails(workspace.hilo("erase", "crm:1", "--json"), 2, "nobody to ask")
        self.assert_fails(workspace.hilo("erase", "nobody@at.all", "--yes"), 1, "no customer answers")
        self.assert_fails(workspace.hilo("erase"), 2, "WHO")
        self.assertEqual(workspace.state(), before)

    def test_the_answer_on_a_terminal(self):
        workspace = self.shop()
        ana = workspace.customer_id("crm:1")
        before = workspace.state()
        for answer, code in (("y\n", 2), (f"{ana}\n", 0)):
            ours, its = pty.openpty()
            command = [HILO, "erase", "crm:1", "--now", LATER]
            process = subprocess.Popen(command, cwd=workspace.root, stdin=its, stdout=subprocess.PIPE, stderr=its)
            os.write(ours, answer.encode())
            told, _ = process.communicate(timeout=300)
            os.close(its)
            os.close(ours)
            self.assertEqual(process.returncode, code, told.decode())
            self.assertIn("5  records of the sources", told.decode())
            if code == 2:
                self.assertEqual(workspace.state(), before)
        self.assert_fails(workspace.hilo("customer", "crm:1"), 1, "no customer answers")

    def test_no_output_tells_who_it_was(self):
        workspace = self.shop()
        outputs = [
            workspace.hilo("erase", "ana.garcia@correo.es", "--dry-run"),
            workspace.hilo("erase", "ana.garcia@correo.es", "--yes"),
            workspace.hilo("status"),
            workspace.hilo("status", "--json"),
        ]
        for outcome in outputs:
            self.assertEqual(outcome.code, 0, str(outcome))
            for text in ANA:
                self.assertNotIn(text, (outcome.out + outcome.err).lower())

    def test_files_that_are_not_sources_are_found_by_their_bytes(self):
        workspace = self.shop()
        workspace.write(
            {
                "export/all.csv": "email\nANA.GARCIA@correo.es\n",
                "export/other.csv": "email\njoana.garcia@correo.es\nana.garcia@correo.esp\n",
            }
        )
        told = workspace.hilo("erase", "crm:1", "--dry-run", "--json").json()
        for report in (told, self.erase(workspace, "crm:1")):
            found = [file["file"] for file in report["outside"] if file["source"] is None]
            self.assertEqual(found, ["export/all.csv"])

    def test_a_store_that_is_not_the_log_s(self):
        workspace = self.shop()
        workspace.remove("store")
        self.assert_fails(workspace.hilo("erase", "crm:1", "--yes"), 1, "hilo rebuild")


class Crash(EraseTest):
    """What an erasure that died leaves behind, in each state that it can leave."""

    def test_before_it_was_committed_it_never_was(self):
        workspace = self.shop()
        before = workspace.dump()
        prepared = workspace.root / "log/.rewrite.next/000001"
        prepared.mkdir(parents=True)
        (prepared / "entry.json").write_text("half an entr")
        self.assertEqual(workspace.hilo("customer", "crm:1").code, 0)
        self.assertTrue(workspace.run("2024-07-03T06:00:00Z")["up_to_date"])
        self.assertEqual(workspace.leftovers(), [])
        self.assert_same_store(before, workspace.dump())

    def test_once_it_was_committed_the_next_run_ends_it(self):
        done = self.shop()
        self.erase(done, "crm:1")
        after = done.dump()
        changed = {"000001": done.root / "log/000001", "000002": done.root / "log/000002"}
        for state in ("named", "old moved", "first in place", "all in place"):
            with self.subTest(state=state):
                workspace = self.shop()
                log = workspace.root / "log"
                settling = log / ".rewrite"
                settling.mkdir()
                for name, folder in changed.items():
                    subprocess.run(["cp", "-r", str(folder), str(settling / name)], check=True)
                if state != "named":
                    (log / "000001").rename(settling / "old-000001")
                if state in ("first in place", "all in place"):
                    (settling / "000001").rename(log / "000001")
                if state == "all in place":
                    (settling / "000002").rename(log / "000002")
                checked = workspace.hilo("check")
                self.assertEqual(checked.code, 0, str(checked))
                report = workspace.run("2024-07-03T06:00:00Z")
                self.assertEqual((report["up_to_date"], report["run"]), (False, 2))
                self.assertEqual(workspace.leftovers(), [])
                self.assert_same_store(after, workspace.dump())


if __name__ == "__main__":
    unittest.main()
