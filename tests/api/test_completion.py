"""Goal: the Tab key works in the shells that people have. Method: the scripts run in a real bash, and in a real zsh
where there is one; the words that they offer are then given to the program, which must take them."""

import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import time
import unittest

import silos
from workspace import HILO, TIMEOUT_SECONDS, HiloTest

SEGMENTS = {
    "segments/vip.sql": "select customer_id from customers where orders >= 2",
    "segments/at_risk.sql": "select customer_id from customers where orders = 1",
}

# Asks bash what it would offer at the end of a line, parted into words as readline parts it.
BASH = r"""
source <("$HILO" completion bash)
hilo() { "$HILO" "$@"; }
COMP_LINE=$1 COMP_POINT=${#1}
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
complete -p hilo >/dev/null || exit 9
_hilo "$HILO" "${COMP_WORDS[COMP_CWORD]}" ""
printf '%s\n' "${COMPREPLY[@]}"
"""


class InBash(HiloTest):
    def offered(self, workspace, *words, cwd=None):
        done = subprocess.run(
            ["bash", "--norc", "-c", BASH, "bash", " ".join(("hilo", *words)), "hilo", *words],
            cwd=cwd or workspace.root,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            env=os.environ | {"HILO": HILO},
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""), words)
        return done.stdout.split()

    def test_commands_options_and_values(self):
        workspace = self.workspace()
        self.assertIn("customer", self.offered(workspace, ""))
        self.assertNotIn("complete", self.offered(workspace, ""))
        self.assertEqual(self.offered(workspace, "reb"), ["rebuild"])
        self.assertEqual(self.offered(workspace, "segment", "h"), ["history"])
        self.assertEqual(self.offered(workspace, "segment", "mi"), ["migration"])
        self.assertEqual(self.offered(workspace, "customer", "7", "--t"), ["--timeline", "--to"])
        self.assertEqual(self.offered(workspace, "sql", "--c"), ["--csv"])
        self.assertEqual(self.offered(workspace, "export", "x", "--format", ""), ["csv", "parquet", "json"])
        # Readline parts --format=p in three.
        self.assertEqual(self.offered(workspace, "export", "x", "--format", "=", "p"), ["parquet"])
        self.assertEqual(self.offered(workspace, "export", "x", "--format", "="), ["csv", "parquet", "json"])
        self.assertEqual(self.offered(workspace, "help", "rej"), ["rejects"])

    def test_names_of_the_workspace(self):
        workspace = self.workspace(SEGMENTS)
        self.assertEqual(self.offered(workspace, "segment", "show", ""), ["at_risk", "vip"])
        self.assertEqual(self.offered(workspace, "segment", "overlap", "vip", ""), ["at_risk"])
        self.assertIn("customers", self.offered(workspace, "export", "c"))
        self.assertEqual(self.offered(workspace, "export", "vi"), ["vip"])
        for folder in (str(workspace.root), workspace.root.name, f"'{workspace.root}'", f"{workspace.root}/segments"):
            with self.subTest(folder):
                self.assertEqual(
                    self.offered(workspace, "-C", folder, "segment", "show", "v", cwd=self.folder), ["vip"]
                )

    def test_names_of_attributes(self):
        text = 'select count(*) as returns, count(*) as "in two words" from events'
        more = {"attributes/more.sql": text, "attributes/no.sql": "select ("}
        workspace = self.workspace(more)
        self.assertEqual(
            self.offered(workspace, "attribute", "why", ""), ["last_order_at", "orders", "returns", "revenue"]
        )
        self.assertEqual(self.offered(workspace, "attribute", "profile", "re"), ["returns", "revenue"])
        self.assertEqual(self.offered(workspace, "attribute", "profile", "orders", "--by", ""), ["month"])
        self.assertEqual(self.offered(workspace, "attribute", "s"), ["show"])

    def test_outside_a_workspace_nothing_is_said(self):
        workspace = self.workspace()
        self.assertEqual(self.offered(workspace, "attribute", "show", "", cwd=self.folder), [])
        self.assertEqual(self.offered(workspace, "segment", "show", "", cwd=self.folder), [])
        self.assertEqual(self.offered(workspace, "-C", "nowhere", "segment", "show", ""), [])

    def test_files_and_folders(self):
        workspace = self.workspace(SEGMENTS)
        (workspace.root / "a file.csv").write_text("")
        self.assertEqual(self.offered(workspace, "-C", "seg"), ["segments"])
        self.assertIn("hilo.yaml", self.offered(workspace, "export", "vip", "-o", "hil"))
        self.assertEqual(sorted(self.offered(workspace, "export", "vip", "-o", "a")), ["a", "attributes", "file.csv"])
        self.assertEqual(self.offered(workspace, "export", "vip", "--output", "=", "hil"), ["hilo.yaml"])

    def test_nothing_of_the_line_is_run(self):
        workspace = self.workspace(SEGMENTS)
        for word in ("$(touch ran)", "`touch ran`", "'; touch ran; '"):
            self.offered(workspace, "-C", word, "segment", "show", "")
            self.offered(workspace, "customer", word)
        self.assertFalse((workspace.root / "ran").exists())

    def test_it_is_quick_and_silent(self):
        workspace = self.workspace(SEGMENTS)
        before = sorted(workspace.root.rglob("*"))
        for words in ([], ["bash"], ["bash", "--", "-x", "--nonsense=1", ""], ["bash", "segment", "show", "--help"]):
            done = workspace.hilo("complete", *words)
            self.assertEqual((done.code, done.err), (0, ""), str(done))
        self.assertEqual(sorted(workspace.root.rglob("*")), before)

    def test_the_shell_must_be_known(self):
        done = self.workspace().hilo("completion", "fish")
        self.assert_fails(done, 2, "there is no completion for 'fish'", "bash and zsh")

    def test_bash_finds_no_fault_in_the_script(self):
        script = subprocess.run([HILO, "completion", "bash"], capture_output=True, check=True).stdout
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))


class WordsAreTaken(HiloTest):
    def test_every_word_that_is_offered(self):
        """The alternatives that the help names are those that the command knows."""
        workspace = self.workspace(silos.files() | SEGMENTS)
        workspace.run()
        needed = {
            "snapshot": ["-o", "out"],
            "export": ["vip", "-o", "out", "--hash", "email"],
            "segment history": ["vip"],
            "generate": ["-o", "toys", "--customers", "10", "--days", "3"],
        }
        for command, words in needed.items():
            shown = workspace.hilo(*command.split(), "--help").out
            for option, alternatives in re.findall(r"(--[a-z-]+) ([a-z][a-z,-]*(?:\|[a-z,-]+)+)", shown):
                for word in alternatives.split("|"):
                    given = [part for part in words if option != "--hash" or part not in ("--hash", "email")]
                    if option == "--format" and command == "export":
                        given = given[:3]
                    with self.subTest(command=command, option=option, word=word):
                        done = workspace.hilo(*command.split(), *given, option, word)
                        self.assertNotEqual(done.code, 2, str(done))
                        shutil.rmtree(workspace.root / "toys", ignore_errors=True)


@unittest.skipUnless(shutil.which("zsh"), "there is no zsh here")
class InZsh(HiloTest):
    def setUp(self):
        super().setUp()
        self.ours = self.process = None

    def start(self, workspace):
        """A zsh on a terminal, with the completion read as the Debian package has it: from a folder of fpath."""
        functions = self.folder / "functions"
        functions.mkdir()
        script = subprocess.run([HILO, "completion", "zsh"], capture_output=True, check=True).stdout
        (functions / "_hilo").write_bytes(script)
        (self.folder / ".zshrc").write_text(
            f"fpath=({functions} $fpath)\nautoload -Uz compinit; compinit -D -u\nPS1='ready> '\n"
            "zstyle ':completion:*' list-prompt ''\nLISTMAX=0\nunsetopt beep prompt_cr prompt_sp\n"
        )
        self.process, self.ours = pty.fork()
        if self.process == 0:
            os.chdir(workspace.root)
            path = f"{pathlib.Path(HILO).parent}:{os.environ['PATH']}"
            os.execvpe("zsh", ["zsh", "-i"], os.environ | {"ZDOTDIR": str(self.folder), "TERM": "dumb", "PATH": path})
        self.addCleanup(self.end)
        self.wait_for("ready> ")

    def end(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.ours)

    def wait_for(self, text, seconds=60):
        shown = ""
        until = time.monotonic() + seconds
        while text not in shown:
            ready, _, _ = select.select([self.ours], [], [], max(0, until - time.monotonic()))
            self.assertTrue(ready, f"{text!r} did not come: {shown!r}")
            shown += os.read(self.ours, 4096).decode(errors="replace")
        return shown

    def type(self, line, expected):
        os.write(self.ours, b"\x15" + line.encode())
        return self.wait_for(expected)

    def test_the_script_has_no_fault(self):
        script = subprocess.run([HILO, "completion", "zsh"], capture_output=True, check=True).stdout
        done = subprocess.run(["zsh", "-n"], input=script, capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_the_tab_key(self):
        self.start(self.workspace(SEGMENTS))
        # The shell may draw the rest of a word alone.
        self.type("hilo rebu\t", "ild ")
        self.type("hilo segment show at\t", "_risk ")
        self.type("hilo export vip --as\t", "-of ")
        self.type("hilo export vip --format=par\t", "quet")
        self.type("hilo -C segm\t", "ents/")
        self.type("hilo export vip -o hilo.y\t", "aml")
        self.assertIn("One customer on one screen", self.type("hilo c\t", "completion"))


if __name__ == "__main__":
    unittest.main()
