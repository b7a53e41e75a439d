"""Goal: a hostile machine gets a clear error or the usual answer, and log and store are as before or as after.

Method: the same three silos are loaded in each surrounding; the tables must equal those of an ordinary one. A full disk
at every write is in test_crash.py.
"""

import os
import pathlib
import resource
import subprocess
import tempfile
import unittest

import scenario
from simulator import SHIM, preloaded
from workspace import HILO, TIMEOUT_SECONDS, HiloTest, Outcome

NOW = "2024-07-01T06:00:00Z"
LATER = "2024-07-02T06:00:00Z"
NOBODY = 65534
LIBRARIES = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}


def device(path):
    return os.stat(path).st_dev


class Hostile(HiloTest):
    def shop(self):
        workspace = self.workspace()
        workspace.write(scenario.FIRST)
        return workspace

    def hilo(self, workspace, *args, environment=None, **options):
        done = subprocess.run(
            [HILO, *args],
            cwd=workspace.root,
            env=os.environ if environment is None else environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_SECONDS,
            **options,
        )
        return Outcome(done)

    def assert_usual(self, workspace):
        usual = self.shop()
        usual.run(NOW)
        self.assert_same_store(usual.dump(), workspace.dump(), same_log=False)  # its settings may be others

    def assert_runs(self, environment=None, workspace=None, **options):
        workspace = workspace or self.shop()
        done = self.hilo(workspace, "run", "--now", NOW, environment=environment, **options)
        self.assertEqual(done.code, 0, str(done))
        self.assert_usual(workspace)
        return workspace


class Surroundings(Hostile):
    def test_no_environment_at_all(self):
        self.assert_runs(LIBRARIES)

    def test_no_home_and_one_that_is_not_there(self):
        without = {name: value for name, value in os.environ.items() if name != "HOME"}
        self.assert_runs(without)
        self.assert_runs(without | {"HOME": "/nowhere/at/all"})

    def test_any_locale(self):
        without = {n: value for n, value in os.environ.items() if n != "LANG" and not n.startswith("LC_")}
        self.assert_runs(without)
        for locale in ("C", "POSIX", "tr_TR.UTF-8", "de_DE.ISO-8859-1", "no_SUCH.locale"):
            with self.subTest(locale):
                self.assert_runs(without | {"LANG": locale, "LC_ALL": locale})

    def test_no_folder_for_temporary_files(self):
        """The program keeps everything in the workspace: what others have filled or forbidden does not concern it."""
        full = self.folder / "tmp"
        full.mkdir()
        settings = {"LD_PRELOAD": preloaded(), "SIM_ROOT": str(full.resolve()), "SIM_AT": "1", "SIM_FAULT": "enospc"}
        self.assert_runs(os.environ | settings | {"TMPDIR": str(full), "TMP": str(full), "TEMP": str(full)})
        self.assertEqual(list(full.iterdir()), [])
        self.assert_runs(os.environ | {"TMPDIR": "/nowhere/at/all"})

    def test_a_gigabyte_of_memory(self):
        if "libasan" in preloaded() or "libtsan" in preloaded():
            self.skipTest("the sanitizers reserve more than all memory")

        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

        self.assert_runs(preexec_fn=limit)

    def test_a_gigabyte_for_the_engine(self):
        workspace = self.shop()
        settings = scenario.FIRST["hilo.yaml"]
        workspace.write({"hilo.yaml": settings.replace("engine:\n", "engine:\n  memory_limit: 1GB\n")})
        self.assert_runs(workspace=workspace)


class OtherFileSystems(Hostile):
    def setUp(self):
        super().setUp()
        self.assertTrue(SHIM, "HILO_SHIM names the shim")
        shared = pathlib.Path("/dev/shm")
        if not os.access(shared, os.W_OK) or device(shared) == device(self.folder):
            self.skipTest("no second file system: /dev/shm cannot be written, or temporary files are kept there")
        holder = tempfile.TemporaryDirectory(prefix="hilo-test-", dir=shared)
        self.addCleanup(holder.cleanup)
        self.other = pathlib.Path(holder.name)

    def test_log_store_and_data_may_stand_on_another(self):
        for name in ("log", "store", "data"):
            with self.subTest(name):
                workspace = self.shop()
                target = self.other / f"{name}-{self.made}"
                if (workspace.root / name).exists():
                    subprocess.run(["cp", "-a", workspace.root / name, target], check=True)
                    workspace.remove(name)
                target.mkdir(exist_ok=True)
                (workspace.root / name).symlink_to(target)
                if name == "data":  # what stands outside of the workspace is read where the settings name it
                    settings = (workspace.root / "hilo.yaml").read_text()
                    workspace.write({"hilo.yaml": f"{settings}sources:\n  folders: ['{target}']\n"})
                self.assert_runs(workspace=workspace)
                self.assertEqual(workspace.leftovers(), [])

    def test_a_file_is_made_on_another(self):
        workspace = self.assert_runs()
        for command in (["export", "events"], ["snapshot"]):
            target = self.other / f"{command[0]}.csv"
            self.assertEqual(workspace.hilo(*command, "-o", str(target)).code, 0)
            self.assertGreater(len(target.read_text().splitlines()), 1)
        for command in (["init", str(self.other / "new")], ["generate", "--customers", "2", "--days", "3", "-o"]):
            done = workspace.hilo(*command, *([] if command[0] == "init" else [str(self.other / "world")]))
            self.assertEqual(done.code, 0, str(done))
        self.assertEqual([path.name for path in self.other.iterdir() if "unfinished" in path.name], [])


class ReadOnly(Hostile):
    """**Method**: as root no permission binds, so that the program then runs as a user without rights."""

    def setUp(self):
        super().setUp()
        self.user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        self.folder.chmod(0o755)
        try:
            able = self.hilo(self.shop(), "--version", **self.user).code == 0
        except PermissionError:
            able = False
        if not able:
            self.skipTest("the program's own folder is closed to the user without rights that it is run as")

    def close(self, folder):
        """Takes the right to write from a folder and all that is in it."""
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
            self.addCleanup(lambda path=path: path.exists() and path.chmod(0o755))

    def refused(self, workspace, *args, names=()):
        before = workspace.state()
        done = self.hilo(workspace, *args, **self.user)
        self.assert_fails(done, 3, "Permission denied", *names)
        self.assertIn("may be written", done.err)
        self.assertEqual(workspace.state(), before)

    def test_a_workspace_that_may_only_be_read(self):
        workspace = self.assert_runs()
        workspace.write(scenario.SECOND)
        self.close(workspace.root)
        self.refused(workspace, "run", "--now", LATER, names=[".hilo.lock"])
        self.refused(workspace, "rebuild", names=[".hilo.lock"])
        self.refused(workspace, "export", "events", "-o", "events.csv", names=["events.csv"])
        self.refused(workspace, "init", "new", names=["new"])
        self.refused(workspace, "generate", "-o", "world", "--customers", "2", "--days", "3", names=["world"])
        for question in (["sql", "select count(*) from customers"], ["check"], ["rejects"]):
            self.assertEqual(self.hilo(workspace, *question, **self.user).code, 0, question)

    def test_a_log_or_a_store_that_may_only_be_read(self):
        for name in ("log", "store"):
            with self.subTest(name):
                workspace = self.assert_runs()
                workspace.write(scenario.SECOND)
                for path in [workspace.root, *workspace.root.rglob("*")]:
                    path.chmod(0o777 if path.is_dir() else 0o666)
                self.close(workspace.root / name)
                self.refused(workspace, "run", "--now", LATER, names=[f"/{name}/"])
                self.assertEqual([path for path in workspace.leftovers() if "000" not in path], [])


class AClockThatJumps(Hostile):
    def test_back(self):
        """Nothing is lost or known before what came earlier: the log's time stands still, and it is told."""
        usual, jumped = self.shop(), self.shop()
        for workspace in (usual, jumped):
            workspace.run(NOW)
            workspace.write(scenario.SECOND)
        usual.run(NOW)
        report = jumped.run("1970-01-01T00:00:10Z")
        self.assertEqual(len(report["warnings"]), 1, report)
        self.assertIn("1970-01-01T00:00:10Z, which lies before the last run", report["warnings"][0])
        self.assert_same_store(usual.dump(), jumped.dump())
        for workspace in (usual, jumped):
            workspace.write(scenario.THIRD)
            self.assertEqual(workspace.run("2024-07-03T06:00:00Z")["warnings"], [])
        self.assert_same_store(usual.dump(), jumped.dump())

    def test_back_before_the_first_run(self):
        """Rows of what is then the future are rejects, which are counted and listed."""
        workspace = self.shop()
        workspace.run("1970-01-02T00:00:00Z")
        rejects = workspace.rejects()
        self.assertGreater(len(rejects), 0)
        self.assertEqual(workspace.value("select count(*) from events"), 0)
        self.assertEqual({reject["source"] for reject in rejects}, {"crm", "shop"})


if __name__ == "__main__":
    unittest.main()
