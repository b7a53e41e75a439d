"""Goal: a command line that is wrong is answered like every other fault, and habits of other programs are understood.
Method: wrong and unusual command lines, and a terminal of a known width.
"""

import re
import signal
import subprocess
import unittest

import silos
from workspace import HILO, NOW, TIMEOUT_SECONDS, HiloTest

BAD_CRM = silos.CRM_CSV.replace("600 111 222", "6123456").replace("1975-12-01", "1975-02-31")
CRM = "-- source: crm\nselect id as source_id, mail as email from read_csv('data/crm.csv')\n"


def on_terminal(workspace, *args, width=80):
    """What a command shows on a terminal of that width, as lines without colours."""
    shown = workspace.on_terminal(*args, width=width)
    return re.sub("\x1b\\[[0-9;]*[mK]", "", shown).replace("\r\n", "\n").splitlines()


class UsageErrors(HiloTest):
    def assert_usage(self, args, message, advice, json_too=True):
        """The error has the form of every other, for people and for programs."""
        workspace = self.workspace()
        done = workspace.hilo(*args)
        self.assertEqual((done.code, done.out), (2, ""), str(done))
        self.assertEqual(done.err, f"error: {message}\n  {advice}\n")
        if not json_too:
            return  # --json is itself not understood there
        as_json = workspace.hilo(*args, "--json")
        self.assertEqual((as_json.code, as_json.err), (2, ""), str(as_json))
        self.assertEqual(as_json.json(), {"errors": [{"code": "usage", "message": message, "advice": advice}]})

    def test_an_unknown_command_names_the_nearest(self):
        all_commands = "`hilo --help` lists the commands."
        near = "there is no command 'chek' (did you mean 'check'?)"
        for args in (["chek"], ["chek", "-C", "x"], ["-C", "x", "chek"], ["chek", "--help"], ["help", "chek"]):
            with self.subTest(args):
                self.assert_usage(args, near, all_commands, json_too=args[0] != "help")
        self.assert_usage(["telephone"], "there is no command 'telephone'", all_commands)
        self.assert_usage(["chek", "check"], near, all_commands)
        self.assert_usage([], "no command was given", all_commands, json_too=False)

    def test_arguments_that_a_command_does_not_have(self):
        for args, message in (
            (["check", "--jsn"], "`hilo check` has no option '--jsn' (did you mean '--json'?)"),
            (["check", "--fast=3"], "`hilo check` has no option '--fast'"),
            (["check", "-x"], "`hilo check` has no option '-x'"),
            (["check", "b", "a"], "unexpected arguments 'b' 'a'"),
            (["sql", "select", "1"], "unexpected argument '1'"),
            (["customer"], "`hilo customer` needs WHO"),
            (["customer", "x", "--as-of"], "--as-of needs a value"),
            (["customer", "x", "--as-of", "2024-01-01", "--as-of", "2024-01-02"], "--as-of is given more than once"),
            (["rejects", "--reveal=very"], "--reveal takes no value"),
            (["rejects", "--limit", "-1"], "--limit must be a whole number, 0 = all; it is '-1'"),
            (["rejects", "--limit", "x"], "--limit must be a whole number, 0 = all; it is 'x'"),
            (["rejects", "--limit", "1.5"], "--limit must be a whole number, 0 = all; it is '1.5'"),
            (["sql", "--csv", "--json", "select 1"], "--csv and --json contradict each other: give one of them"),
        ):
            with self.subTest(args):
                done = self.workspace().hilo(*args)
                if "--json" in args:
                    self.assertEqual(done.json()["errors"][0]["message"], message)
                    continue
                self.assert_usage(
                    args, message, f"`hilo {args[0]} --help` shows how.", json_too=args[-1] != "--as-of"
                )

    def test_an_option_of_a_command_before_it(self):
        done = self.workspace().hilo("--reveal", "rejects")
        self.assert_fails(done, 2, "`hilo` has no option '--reveal'", "  Write it after the command: `hilo rejects")


class Habits(HiloTest):
    def test_the_workspace_is_named_before_or_after_the_command(self):
        root = self.workspace(silos.files()).root
        for args in (
            ["-C", root.name, "check"],
            ["check", "-C", root.name],
            ["check", f"-C={root.name}"],
            [f"-C={root.name}", "check"],
            [f"-C{root.name}", "check"],
            ["--workspace", root.name, "check"],
            ["check", f"--workspace={root.name}"],
            ["-C", "nowhere", "check", "-C", root.name],
        ):
            with self.subTest(args):
                done = self.workspace().hilo(*args, cwd=self.folder)
                self.assertEqual(done.code, 0, str(done))
                self.assertIn("7 sources", done.out)

    def test_help_and_version_as_words(self):
        workspace = self.workspace()
        self.assertEqual(workspace.hilo("help").out, workspace.hilo("--help").out)
        self.assertIn("sources/README.md", workspace.hilo("--help").out)
        self.assertEqual(workspace.hilo("help", "run").out, workspace.hilo("run", "--help").out)
        for args in (["version"], ["-V"]):
            self.assertEqual(workspace.hilo(*args).out, workspace.hilo("--version").out)

    def test_the_next_steps_can_be_pasted(self):
        workspace = self.workspace()
        done = workspace.hilo("-C", "..", "init", "Ana's shop")
        self.assertIn("hilo check -C '../Ana'\\''s shop'\n", done.out)
        pasted = subprocess.run(
            ["bash", "-c", done.out.split("then\n")[1].replace("  hilo", HILO).splitlines()[0]],
            cwd=workspace.root,
            capture_output=True,
        )
        self.assertEqual(pasted.returncode, 0)

    def test_a_workspace_without_sources_says_so(self):
        workspace = self.workspace()
        note = "no sources yet: describe one in sources/, see sources/README.md"
        for args in (["check"], ["run"], ["run"]):
            self.assertIn(note, workspace.hilo(*args).out)
        self.assertNotIn(note, workspace.hilo("rebuild").out)

    def test_a_query_from_standard_input(self):
        workspace = self.workspace(silos.files())
        workspace.run()

        def asked(query):
            return subprocess.run(
                [HILO, "sql", "--csv", "-"], cwd=workspace.root, input=query, capture_output=True, text=True
            )

        self.assertEqual(asked("-- how many\nselect count(*) as n\nfrom customers;\n").stdout, "n\n4\n")
        self.assertEqual(asked(" \n").returncode, 2)
        self.assertEqual(asked("select 1 -- " + "x" * (1 << 20)).returncode, 2)

    def test_a_snapshot_has_the_format_of_its_name(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        for name, start in (
            ("a.parquet", b"PAR1"),
            ("a.csv", b"customer_id,"),
            ("a.CSV", b"customer_id,"),
            ("a.json", b'{"customer_id"'),
            ("a.jsonl", b'{"customer_id"'),
            ("a", b"customer_id,"),
        ):
            with self.subTest(name):
                done = workspace.hilo("snapshot", "-o", name)
                self.assertEqual(done.code, 0, str(done))
                self.assertTrue((workspace.root / name).read_bytes().startswith(start))
        self.assertEqual(workspace.hilo("snapshot", "-o", "a.txt").code, 2)
        self.assertEqual(workspace.hilo("snapshot", "--format", "csv", "-o", "a.txt").code, 0)
        self.assertEqual(workspace.hilo("snapshot", "--format", "json", "-o", "b.jsonl").code, 0)
        contradiction = workspace.hilo("snapshot", "--format", "csv", "-o", "b.parquet")
        self.assert_fails(contradiction, 2, "--format csv contradicts the name b.parquet", "Leave --format out")
        self.assertFalse((workspace.root / "b.parquet").exists())


class Shown(HiloTest):
    def test_the_reason_of_a_reject_is_readable_on_80_columns(self):
        workspace = self.workspace(silos.files() | {"data/crm/2024-06.csv": BAD_CRM.encode("windows-1252")})
        workspace.run()
        reasons = {reject["reason"] for reject in workspace.rejects()}
        self.assertEqual({reject["scope"] for reject in workspace.rejects()}, {"value"})
        shown = on_terminal(workspace, "rejects")
        self.assertLessEqual(max(map(len, shown)), 80)
        text = "\n".join(shown)
        self.assertNotIn("…", text)
        self.assertIn("data/crm/2024-06.csv:2", text)
        self.assertIn("value lost", text)
        self.assertNotIn("place_is", text)
        for word in " ".join(reasons).split():
            self.assertIn(word, text)
        self.assertIn("--reveal", text)
        self.assertNotIn("masked", "\n".join(on_terminal(workspace, "rejects", "--reveal")))

    def test_nothing_is_said_of_masks_where_nothing_is_masked(self):
        mails = silos.MAILS_CSV.replace("2024-02-28 08:05:00", "someday")
        self.assertNotEqual(mails, silos.MAILS_CSV)
        workspace = self.workspace(silos.files() | {"data/mails/2024-03.csv": mails})
        workspace.run()
        shown = workspace.hilo("rejects").out
        self.assertIn("row lost", shown)
        self.assertNotIn("masked", shown)

    def test_columns_left_out_are_counted(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        columns = ", ".join(f"{n} as number_{n}" for n in range(20))
        shown = on_terminal(workspace, "sql", f"select {columns}")
        self.assertLessEqual(max(map(len, shown)), 80)
        self.assertEqual(len(shown[0].split()), 8)
        self.assertEqual(shown[2], "... and 12 more columns: name those that you want, or ask with --csv")
        narrow = on_terminal(workspace, "sql", "select 1 as one, repeat('long ', 40) as text, 2 as two")
        self.assertEqual(narrow[0].split(), ["one", "text", "two"])
        self.assertTrue(narrow[1].endswith("2"), "a long text gives way first")
        self.assertIn("number_19", workspace.hilo("sql", f"select {columns}").out)

    def test_one_of_a_kind(self):
        workspace = self.workspace(
            {
                "sources/crm.sql": CRM,
                "data/crm.csv": "id,mail\n1,ana@correo.es\n",
            }
        )
        done = workspace.hilo("run", "--now", NOW)
        self.assertEqual(done.code, 0, str(done))
        for text in ("1 customer ", "1 delivery ", "1 generation ", "1 record "):
            self.assertIn(text, done.err)
        self.assertIn("1  customer, of 1 record", done.out)
        self.assertNotIn("/s", done.err, "a rate of so few rows says nothing")


class Interrupt(HiloTest):
    def test_ctrl_c_while_a_run_reads(self):
        lines = "".join(f"{n},ana{n}@correo.es\n" for n in range(400_000))
        workspace = self.workspace(
            {
                "sources/crm.sql": CRM,
                "data/crm.csv": "id,mail\n" + lines,
            }
        )
        process = subprocess.Popen(
            [HILO, "run", "--now", NOW],
            cwd=workspace.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A shell that runs the tests in the background has told them to ignore the signal.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        self.assertIn(b"check", process.stderr.readline())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT_SECONDS)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn(b"interrupted: nothing was taken", err)
        self.assertEqual(out, b"")
        self.assertEqual([path.name for path in (workspace.root / "log").glob("0*")], [])
        self.assertEqual(workspace.run()["customers"], 400_000)
        self.assertEqual(workspace.leftovers(), [])


if __name__ == "__main__":
    unittest.main()
