"""Goal: the doctor finds what is wrong before a run does, says what to do, and touches nothing. Method: healthy and
broken workspaces, each fault planted by hand."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import unittest

import silos
from workspace import HILO, HiloTest, change_store


def everything(root):
    """Every file with its content, and the times of the folders' last changes left out: a trial changes these."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(root.rglob("*"))
    }


class Doctor(HiloTest):
    def findings(self, workspace, *args, cwd=None, problems=0):
        done = workspace.hilo("doctor", "--json", *args, cwd=cwd)
        self.assertEqual(done.err, "", str(done))
        report = done.json()
        found = [finding for finding in report["findings"] if finding["verdict"] == "problem"]
        self.assertEqual(len(found), problems, json.dumps(found, indent=1))
        self.assertEqual((report["problems"], done.code), (problems, 1 if problems else 0))
        return report["findings"]

    def the(self, findings, about, verdict):
        found = [finding for finding in findings if finding["about"] == about and finding["verdict"] == verdict]
        self.assertEqual(len(found), 1, json.dumps(findings, indent=1))
        self.assertNotIn("\n", found[0]["what"] + found[0]["advice"])
        if verdict == "problem":
            self.assertNotEqual(found[0]["advice"], "", found[0])
        return found[0]["what"]

    def healthy(self):
        return self.workspace_that_ran(silos.files())

    def test_a_healthy_workspace(self):
        workspace = self.healthy()
        before = everything(workspace.root)
        findings = self.findings(workspace)
        self.assertEqual(everything(workspace.root), before, "it touches nothing")
        for about in ("processors", "memory", "open files", "locale", "home", "versions"):
            self.assertEqual(sum(finding["about"] == about for finding in findings), 1, about)
        self.assertEqual(self.the(findings, "definitions", "ok"), "7 sources, 3 attributes, 0 segments")
        self.assertIn("1 run with ", self.the(findings, "log", "ok"))
        self.assertIn("generation 1, ", self.the(findings, "store", "ok"))
        self.assertIn("nothing was left over", self.the(findings, "unfinished", "ok"))
        for folder in ("workspace", "log", "store"):
            self.assertEqual(self.the(findings, f"{folder} folder", "ok"), "can be written to")

    def test_for_people(self):
        workspace = self.healthy()
        done = workspace.hilo("doctor")
        self.assertEqual((done.code, done.err), (0, ""), str(done))
        self.assertTrue(done.out.startswith("machine\n  ok       processors"), done.out)
        self.assertRegex(done.out, r"\n0 problems, \d+ warnings?\.\n$")
        self.assertNotIn("ana", done.out.lower(), "no contact data")

    def test_before_the_first_run(self):
        workspace = self.workspace(silos.files())
        before = everything(workspace.root)
        findings = self.findings(workspace)
        self.assertEqual(everything(workspace.root), before)
        self.assertIn("not there yet", self.the(findings, "log folder", "ok"))
        self.assertIn("empty", self.the(findings, "log", "ok"))
        self.assertIn("nothing is published", self.the(findings, "store", "ok"))

    def test_outside_a_workspace(self):
        workspace = self.workspace()
        findings = self.findings(workspace, cwd=self.folder)
        self.assertIn("only the machine", self.the(findings, "folder", "ok"))
        self.assertNotIn("log", [finding["about"] for finding in findings])
        self.assertIn("disk", [finding["about"] for finding in findings])
        named = self.findings(workspace, "-C", str(self.folder), cwd=self.folder, problems=1)
        self.assertIn("is not a Hilo workspace", self.the(named, "folder", "problem"))
        self.findings(workspace, "-C", "nowhere", problems=1)

    def test_definitions_at_fault(self):
        workspace = self.healthy()
        workspace.write({"attributes/basic.sql": "select cuont(*) as orders from events"})
        told = self.the(self.findings(workspace, problems=1), "definitions", "problem")
        self.assertIn("attributes/basic.sql:1:8:", told)
        workspace.write({"hilo.yaml": "currency: EUR\ncolour: red\n"})
        done = workspace.hilo("doctor")
        self.assert_fails(done, 1, "hilo.yaml:2:1:", "colour")
        (workspace.root / "hilo.yaml").unlink()
        (workspace.root / "hilo.yaml").mkdir()
        self.the(self.findings(workspace, problems=1), "definitions", "problem")

    def test_settings_that_the_machine_cannot_keep(self):
        workspace = self.workspace(
            {"hilo.yaml": "currency: EUR\nengine:\n  threads: 1024\n  memory_limit: 900TB\n"} | silos.files()
        )
        findings = self.findings(workspace, problems=1)
        self.assertIn("engine.threads is 1024", self.the(findings, "processors", "warning"))
        self.assertIn("the engine may take", self.the(findings, "memory", "problem"))

    def test_what_a_dead_run_left(self):
        workspace = self.healthy()
        (workspace.root / "log/.next").mkdir()
        (workspace.root / "store/.building.duckdb").write_bytes(b"")
        (workspace.root / "store/.trial.unfinished").mkdir()
        told = self.the(self.findings(workspace), "unfinished", "warning")
        self.assertIn("log/.next, store/.building.duckdb, store/.trial.unfinished", told)
        self.assertTrue((workspace.root / "log/.next").exists(), "it is for the next run to remove")

    def test_a_run_under_way(self):
        workspace = self.healthy()
        (workspace.root / "log/.next").mkdir()
        holder = subprocess.Popen(
            ["flock", "--no-fork", str(workspace.root / ".hilo.lock"), "sh", "-c", "echo held; exec sleep 60"],
            stdout=subprocess.PIPE,
        )
        try:
            self.assertEqual(holder.stdout.readline(), b"held\n")
            self.assertIn("a run is under way", self.the(self.findings(workspace), "unfinished", "ok"))
        finally:
            holder.kill()
            holder.wait()
            holder.stdout.close()

    def test_the_log_damaged(self):
        workspace = self.healthy()
        rows = sorted((workspace.root / "log/000001").glob("*.rows-*.parquet"))[0]
        whole = rows.read_bytes()
        rows.write_bytes(whole[: len(whole) // 2])
        told = self.the(self.findings(workspace, problems=1), "log", "problem")
        self.assertEqual(told, f"log/000001/{rows.name} is cut off or not readable")
        rows.unlink()
        told = self.the(self.findings(workspace, problems=1), "log", "problem")
        self.assertEqual(told, f"log/000001/{rows.name} is missing")
        for other in (workspace.root / "log/000001").glob("tills.rows-*.parquet"):
            rows.write_bytes(other.read_bytes())
        told = self.the(self.findings(workspace, problems=1), "log", "problem")
        self.assertEqual(told, f"log/000001/{rows.name} holds 6 rows instead of 3")
        rows.write_bytes(whole)
        self.assertIn("read through", self.the(self.findings(workspace, "--thorough"), "log", "ok"))
        (workspace.root / "log/000001/entry.json").write_text("{")
        self.assertIn("is damaged", self.the(self.findings(workspace, problems=1), "log", "problem"))

    def test_a_log_file_with_bytes_that_were_changed(self):
        mails = "id,address,sent,event,campaign\n" + "".join(
            f"{i},u{i * 7919 % 1000}@correo.es,2024-02-{1 + i % 28:02} 08:00:00,opened,C{i % 977}\n"
            for i in range(5000)
        )
        workspace = self.workspace_that_ran(silos.files() | {"data/mails/2024-02.csv": mails})
        file = workspace.root / "log/000001/mails.rows-000.parquet"
        whole = file.read_bytes()
        at = int.from_bytes(whole[-8:-4], "little") + 8  # where the last column's pages end
        broken = bytearray(whole)
        for place in range(4, len(whole) - at, 500):
            broken[place : place + 8] = bytes(byte ^ 0xFF for byte in broken[place : place + 8])
        file.write_bytes(broken)
        self.assertEqual(self.the(self.findings(workspace), "log", "ok").count("read through"), 0)
        told = self.the(self.findings(workspace, "--thorough", problems=1), "log", "problem")
        self.assertIn("log/000001/mails.rows-000.parquet is damaged", told)
        before = workspace.state()
        failed = workspace.hilo("rebuild")
        self.assert_fails(failed, 1, "log/000001/mails.rows-000.parquet", "Restore the log/ folder from a backup")
        self.assertNotIn("***", failed.err)
        self.assertEqual(workspace.state(), before)

    def test_an_erasure_leaves_a_log_that_adds_up(self):
        workspace = self.healthy()
        self.assertEqual(workspace.hilo("erase", "crm:1", "--yes").code, 0)
        self.the(self.findings(workspace, "--thorough"), "log", "ok")

    def test_the_store_damaged_old_or_behind(self):
        workspace = self.healthy()
        store = workspace.root / "store/generation-000001.duckdb"
        whole = store.read_bytes()
        for statement, told in (
            ("update meta set store_format = 1", "older format 1"),
            ("update meta set store_format = 999", "written by a newer hilo"),
        ):
            change_store(store, statement)
            self.assertIn(told, self.the(self.findings(workspace, problems=1), "store", "problem"))
        store.write_bytes(b"not a store" * 1000)
        self.the(self.findings(workspace, problems=1), "store", "problem")
        store.write_bytes(whole)
        change_store(store, "update meta set log_run = 0")
        self.assertIn("does not hold all", self.the(self.findings(workspace), "store", "warning"))
        store.unlink()
        self.assertIn("nothing is published", self.the(self.findings(workspace), "store", "warning"))

    def test_a_clock_that_is_behind(self):
        workspace = self.workspace(silos.files())
        workspace.run(now="2999-01-01T00:00:00Z")
        told = self.the(self.findings(workspace, problems=1), "clock", "problem")
        self.assertIn("the last run was at 2999-01-01T00:00:00Z", told)

    def test_folders_that_are_none(self):
        workspace = self.workspace(silos.files())
        (workspace.root / "log").write_text("")
        (workspace.root / "store").symlink_to("/nowhere/at/all")
        findings = self.findings(workspace, problems=3)
        self.assertIn("cannot be listed", self.the(findings, "log", "problem"))
        self.assertIn("is no folder", self.the(findings, "log folder", "problem"))
        self.assertIn("a link to what is not there", self.the(findings, "store folder", "problem"))

    def test_a_folder_behind_a_link(self):
        workspace = self.healthy()
        shutil.move(workspace.root / "store", self.folder / "elsewhere")
        (workspace.root / "store").symlink_to(self.folder / "elsewhere")
        self.assertIn("it is a link to", self.the(self.findings(workspace), "store folder", "ok"))

    def test_a_folder_that_may_not_be_written_to(self):
        workspace = self.healthy()
        self.folder.chmod(0o755)
        user = {}
        if os.geteuid() == 0:  # root may write anywhere
            user = {"user": 65534, "group": 65534, "extra_groups": []}
            for path in [workspace.root, *workspace.root.rglob("*")]:
                os.chown(path, 65534, 65534, follow_symlinks=False)
        (workspace.root / "log").chmod(0o555)
        self.addCleanup((workspace.root / "log").chmod, 0o755)
        try:
            done = subprocess.run([HILO, "doctor", "--json"], cwd=workspace.root, capture_output=True, **user)
        except PermissionError:
            self.skipTest("the program stands where no other user may read")
        self.assertEqual(done.returncode, 1, done)
        findings = json.loads(done.stdout)["findings"]
        self.assertIn("Permission denied", self.the(findings, "log folder", "problem"))
        self.assertEqual(self.the(findings, "store folder", "ok"), "can be written to")

    def test_few_open_files(self):
        workspace = self.workspace(silos.files())
        done = subprocess.run(
            ["sh", "-c", 'ulimit -n 128; exec "$HILO" doctor --json'],
            cwd=workspace.root,
            capture_output=True,
            env=os.environ | {"HILO": HILO},
        )
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("only 128", self.the(json.loads(done.stdout)["findings"], "open files", "problem"))

    def test_with_an_empty_environment(self):
        workspace = self.healthy()
        done = subprocess.run([HILO, "doctor"], cwd=workspace.root, capture_output=True, env={})
        self.assertEqual((done.returncode, done.stderr), (0, b""), done.stdout)
        self.assertIn(b"HOME is not set", done.stdout)

    def test_a_full_path_is_the_same_workspace(self):
        workspace = self.healthy()
        inside = pathlib.Path(workspace.root / "sources")
        self.assertEqual(
            [finding["what"] for finding in self.findings(workspace, cwd=inside) if finding["about"] == "folder"],
            [str(workspace.root.resolve())],
        )


if __name__ == "__main__":
    unittest.main()
