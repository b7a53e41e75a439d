"""Goal: `hilo status` says what is here, how fresh it is, how the last runs went, and what somebody should look at.

Method: a small shop is brought into each state that deserves a word, and the word is looked for.
"""

import unittest

import silos
from workspace import SETTINGS, HiloTest

LATER = "2024-07-01T09:00:00Z"


class Status(HiloTest):
    def status(self, workspace, now=LATER):
        done = workspace.hilo("status", "--json", "--now", now)
        self.assertEqual(done.code, 0, str(done))
        return done.json()

    def shop(self):
        return self.workspace_that_ran(silos.files())

    def assert_warns(self, workspace, *words, now=LATER):
        warnings = self.status(workspace, now)["warnings"]
        for word in words:
            self.assertTrue(any(word in warning for warning in warnings), f"{word}: {warnings}")

    def test_a_workspace_before_its_first_run(self):
        workspace = self.workspace(silos.files())
        told = self.status(workspace)
        self.assertEqual((told["day"], told["log_entries"], told["runs"], told["warnings"]), (None, 0, [], []))
        self.assertEqual({one["source"]: one["waiting"] for one in told["sources"]}["tills"], 1)
        self.assertIn("nothing is published yet", workspace.hilo("status").out)

    def test_sources_runs_and_sizes(self):
        workspace = self.shop()
        told = self.status(workspace)
        self.assertEqual((told["name"], told["day"], told["customers"]), ("Test shop", "2024-03-09", 4))
        self.assertEqual((told["log_entries"], told["store_run"], told["warnings"]), (1, 1, []))
        tills = next(one for one in told["sources"] if one["source"] == "tills")
        self.assertEqual((tills["kind"], tills["files"], tills["rows"], tills["rejects"]), ("pos", 1, 6, 0))
        self.assertEqual((tills["delivered_at"], tills["waiting"]), ("2024-07-01T06:00:00Z", 0))
        self.assertEqual(tills["latest_event"], "2024-03-09T09:00:00Z")  # 10:00 in Madrid
        size = sum(path.stat().st_size for path in (workspace.root / "log").rglob("*") if path.is_file())
        self.assertEqual(told["log_bytes"], size)
        self.assertGreater(told["store_bytes"], 0)
        run = told["runs"][0]
        self.assertEqual((run["command"], run["run"], run["rows"], run["error"]), ("run", 1, 22, None))
        names = [one["name"] for one in run["passes"]]
        self.assertEqual([names[0], names[-1]], ["check", "publish"])
        self.assertLessEqual(sum(one["seconds"] for one in run["passes"]), run["seconds"] + 0.01)
        text = workspace.hilo("status", "--now", LATER).out
        for part in ("4 customers as of 2024-03-09", "3 hours ago", "tills", "entry 1"):
            self.assertIn(part, text)
        self.assertNotIn("\x1b", text)

    def test_nothing_that_is_told_acts_on_the_terminal(self):
        settings = SETTINGS.replace("name: Test shop", 'name: "Shop\\e]0;x\\a\\e[2J\\u202e"')
        segment = (
            "-- title: Buyers\x1b[31m\u202e\n-- Who bought\x1b]0;owned\x07 once.\n"
            "select customer_id from customers where orders > 0 and acquisition_channel <> '\x1b[5m'\n"
        )
        workspace = self.workspace(silos.files() | {"hilo.yaml": settings, "segments/buyers.sql": segment})
        workspace.run()
        for args, text in (
            (["status"], "Shop"),
            (["segment", "show", "buyers"], "Who bought"),
            (["segment", "list"], "Buyers"),
            (["segment", "try", "orders > 0 and acquisition_channel <> '\x1b[5m'"], "who:"),
            (["segment", "show", "buyres\x1b[2J"], "there is no segment"),
        ):
            with self.subTest(args):
                done = workspace.hilo(*args)
                self.assertIn(text, done.out + done.err)
                for sign in ("\x1b", "\x07", "\u202e"):
                    self.assertNotIn(sign, done.out + done.err)

    def test_the_last_runs_come_first_and_nothing_new_is_one(self):
        workspace = self.shop()
        workspace.run(LATER)
        workspace.rebuild()
        runs = self.status(workspace)["runs"]
        self.assertEqual([run["command"] for run in runs], ["rebuild", "run", "run"])
        self.assertEqual([run["up_to_date"] for run in runs], [False, True, False])

    def test_it_changes_nothing_and_needs_no_history(self):
        workspace = self.shop()
        before = workspace.state()
        history = workspace.root / ".hilo.runs.jsonl"
        history.write_text('{"half a li\n' + history.read_text() + "[]\n")
        self.assertEqual(len(self.status(workspace)["runs"]), 1)
        history.unlink()
        self.assertEqual(self.status(workspace)["runs"], [])
        self.assertEqual(workspace.state(), before)

    def test_files_that_wait(self):
        workspace = self.shop()
        more = silos.MAILS_CSV.replace("m", "n")
        workspace.write({"data/mails/2024-03.csv": more, "data/fx.csv": silos.FX_CSV + "\n"})
        waiting = {one["source"]: one["waiting"] for one in self.status(workspace)["sources"]}
        self.assertEqual((waiting["mails"], waiting["rates"], waiting["crm"]), (1, 1, 0))

    def test_a_file_whose_content_was_taken_does_not_wait(self):
        workspace = self.shop()
        workspace.write({"data/mails/2024-02.csv": silos.MAILS_CSV, "data/mails/2024-02-copy.csv": silos.MAILS_CSV})
        waiting = {one["source"]: one["waiting"] for one in self.status(workspace)["sources"]}
        self.assertEqual(waiting["mails"], 0)
        self.assertTrue(workspace.run(LATER)["up_to_date"])
        more = silos.MAILS_CSV.replace("m", "n")  # as long, but not the same; and its copy says nothing new
        workspace.write({"data/mails/2024-03.csv": more, "data/mails/2024-03-copy.csv": more})
        waiting = {one["source"]: one["waiting"] for one in self.status(workspace)["sources"]}
        self.assertEqual(waiting["mails"], 1)

    def test_rows_and_values_that_were_lost(self):
        crm = silos.CRM_CSV + "4;Eva;Sol;no mail at all;12;;Cádiz;11001;;;2023-01-12 09:00:00\n"
        mails = silos.MAILS_CSV + "m9,ana.garcia@correo.es,when,Email Opened,SPRING\n"
        files = {"data/crm/2024-06.csv": crm.encode("windows-1252"), "data/mails/2024-02.csv": mails}
        workspace = self.workspace_that_ran(silos.files() | files)
        told = self.status(workspace)
        lost = {one["source"]: (one["rows_lost"], one["values_lost"]) for one in told["sources"]}
        self.assertEqual((lost["crm"], lost["mails"], lost["tills"]), ((0, 1), (1, 0), (0, 0)))
        by_scope = workspace.rows("select source, scope, count(*)::int from rejects group by all order by all")
        self.assertEqual(by_scope, [("crm", "value", 1), ("mails", "row", 1)])
        self.assert_warns(workspace, "crm: 25 % of the rows that it brought last lost a value, see `hilo rejects`")
        text = workspace.hilo("status", "--now", LATER).out
        self.assertIn("rows lost", text)
        self.assertIn("values lost", text)
        workspace.remove("store")
        lost = {one["source"]: (one["rows_lost"], one["values_lost"]) for one in self.status(workspace)["sources"]}
        self.assertEqual((lost["crm"], lost["mails"]), ((0, None), (1, None)))

    def test_warnings(self):
        workspace = self.shop()
        workspace.write({"attributes/more.sql": "select count(*) as all_events from events\n"})
        self.assert_warns(workspace, "definitions changed since the last run")
        workspace.write({"sources/bad.sql": "select 1 as source_id\n"})
        self.assert_warns(workspace, "the definitions have 1 fault, see `hilo check`")
        workspace.write({"sources/bad.sql": None, "attributes/more.sql": "select nothing at all\n"})
        self.assertEqual(workspace.hilo("run", "--now", LATER).code, 1)
        self.assert_warns(workspace, "the last run failed")
        workspace.write({"attributes/more.sql": None, "sources/mails.sql": None})
        self.assert_warns(workspace, "mails: the log has it, but no definition describes it")
        workspace.write({"data/fx.csv": None})
        self.assert_warns(workspace, "rates: ")
        workspace.remove("store")
        self.assert_warns(workspace, "there is no store: `hilo rebuild`")

    def test_rejects_and_late_deliveries(self):
        workspace = self.shop()
        for day in (2, 3, 4):
            row = f"m{day}0,ana.garcia@correo.es,2024-03-0{day} 08:00:00,Email Opened,SPRING\n"
            bad = f"m{day}1,ana.garcia@correo.es,when,Email Opened,SPRING\n"
            workspace.write({f"data/mails/2024-03-0{day}.csv": "id,address,sent,event,campaign\n" + row + bad})
            workspace.run(f"2024-07-0{day}T06:00:00Z")
        self.assert_warns(workspace, "mails: 50 % of what it brought last was rejected", now="2024-07-05T06:00:00Z")
        warnings = self.status(workspace, "2024-07-05T06:00:00Z")["warnings"]
        self.assertFalse(any("was delivered" in one for one in warnings), str(warnings))
        self.assert_warns(
            workspace, "mails: nothing was delivered for 16 days; before, at most 1 day", now="2024-07-20T06:00:00Z"
        )


if __name__ == "__main__":
    unittest.main()
