"""Goal: the manual page says what the program can do, and every reader of manual pages can show it. Method: it is
rendered by groff with all warnings on; each command and option of the help is looked up in it."""

import re
import shutil
import subprocess
import unittest

from workspace import HILO, HiloTest


def page():
    return subprocess.run([HILO, "man"], capture_output=True, check=True).stdout


class ManPage(HiloTest):
    def rendered(self):
        groff = shutil.which("groff")
        if groff is None:
            self.skipTest("there is no groff here")
        command = [groff, "-man", "-Tutf8", "-ww", "-P-cbou", "-rLL=100n"]
        done = subprocess.run(command, input=page(), capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""), "a warning")
        return done.stdout.decode()

    def test_every_command_and_option_stands_in_it(self):
        text = re.sub(r"\s+", " ", self.rendered()).replace("‐", "-")
        listed = subprocess.run([HILO, "--help"], capture_output=True, text=True, check=True).stdout
        commands = re.findall(r"^  ([a-z]+)  ", listed.split("\nCommands:\n")[1].split("\n\n")[0], re.M)
        self.assertIn("doctor", commands)
        for command in commands:
            self.assertIn(f"hilo {command}", text)
            shown = subprocess.run([HILO, command, "--help"], capture_output=True, text=True, check=True).stdout
            for option in re.findall(r"^  (?:-[a-zA-Z],)?(--[a-z-]+)", shown, re.M):
                self.assertIn(option, text, command)
        for part in ("hilo segment overlap", "hilo segment migration", "hilo attribute why", "--by"):
            self.assertIn(part, text)
        for part in ("HILO_PAGER", "NO_COLOR", "engine.memory_limit", "130"):
            self.assertIn(part, text)
        self.assertNotIn("hilo complete ", text)

    def test_what_stands_in_it_can_be_pasted(self):
        text = self.rendered()
        self.assertIn("hilo segment try \"where orders_90d >= 2 and city = 'Madrid'\"", text)
        self.assertIn("--as-of 2011-06-30", text, "dashes are dashes")

    def test_man_shows_it(self):
        if shutil.which("man") is None:
            self.skipTest("there is no man here")
        file = self.folder / "hilo.1"
        file.write_bytes(page())
        environment = {"PATH": "/usr/bin:/bin", "MANWIDTH": "80", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["man", "--warnings", "-l", str(file)], capture_output=True, env=environment)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(b"EXIT STATUS", done.stdout)

    def test_mandoc_finds_no_fault(self):
        if shutil.which("mandoc") is None:
            self.skipTest("there is no mandoc here")
        done = subprocess.run(["mandoc", "-Tlint", "-Wwarning"], input=page(), capture_output=True)
        faults = [line for line in done.stdout.decode().splitlines() if "missing date" not in line]
        self.assertEqual(faults, [])

    def test_it_is_the_same_every_time(self):
        self.assertEqual(page(), page())


if __name__ == "__main__":
    unittest.main()
