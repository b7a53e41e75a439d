"""Goal: a long answer on a terminal goes through the user's pager, and nothing else does. Method: a real
pseudo-terminal with the program as its leader; pagers that write down what they got, that leave at once, and `less`
itself."""

import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import termios
import time
import unittest

import silos
from workspace import HILO, HiloTest

LONG = "select range as n from range(150)"
COLOUR = b"\x1b["


class Screen:
    """The program as the leader of a terminal of its own, as a shell starts it."""

    def __init__(self, folder, words, environment, height=24):
        self.shown = b""
        self.process, self.ours = pty.fork()
        if self.process == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", height, 80, 0, 0))
            os.chdir(folder)
            os.execve(HILO, [HILO, *words], environment)

    def read_until(self, found, seconds=120):
        until = time.monotonic() + seconds
        while not found(self.shown):
            ready, _, _ = select.select([self.ours], [], [], max(0, until - time.monotonic()))
            if not ready:
                os.kill(self.process, signal.SIGKILL)
                raise AssertionError(f"it did not come: {self.shown!r}")
            try:
                part = os.read(self.ours, 65536)
            except OSError:  # so a terminal ends on Linux
                part = b""
            if not part:
                return False
            self.shown += part
        return True

    def type(self, keys):
        os.write(self.ours, keys)

    def answers(self, keys, text):
        """Whether the text comes within a second of the keys."""
        self.type(keys)
        until = time.monotonic() + 1
        while text not in self.shown and select.select([self.ours], [], [], max(0, until - time.monotonic()))[0]:
            self.shown += os.read(self.ours, 65536)
        return text in self.shown

    def end(self):
        """The exit code: negative for a signal."""
        self.read_until(lambda _: False)
        os.close(self.ours)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


class OnATerminal(HiloTest):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace_that_ran(silos.files())
        self.taken = self.folder / "taken"

    def screen(self, *words, height=24, **environment):
        known = {
            key: value
            for key, value in os.environ.items()
            if key not in ("PAGER", "HILO_PAGER", "LESS", "NO_COLOR", "TERM")
        }
        known |= {"TERM": "xterm-256color", "TAKEN": str(self.taken)}
        return Screen(self.shop.root, words, known | environment, height)


class Pager(OnATerminal):
    def test_what_is_long_goes_through_it(self):
        screen = self.screen("sql", LONG, HILO_PAGER='cat > "$TAKEN"', NO_COLOR="1")
        self.assertEqual(screen.end(), 0)
        self.assertEqual(screen.shown, b"", "the pager alone shows it")
        self.assertEqual(self.taken.read_text().split(), ["n"] + [str(n) for n in range(150)])

    def test_whose_pager_counts(self):
        for environment in ({"PAGER": 'cat > "$TAKEN"'}, {"HILO_PAGER": 'cat > "$TAKEN"', "PAGER": "false"}):
            with self.subTest(environment):
                self.assertEqual(self.screen("sql", LONG, **environment).end(), 0)
                self.assertTrue(self.taken.exists())
                self.taken.unlink()

    def test_what_fits_or_is_for_programs_does_not(self):
        touch = 'touch "$TAKEN"; cat'
        for words in (
            ("sql", "select 1"),
            ("sql", "--csv", LONG),
            ("sql", "--json", LONG),
            ("snapshot",),
            ("doctor", "--json"),
            ("completion", "bash"),
            ("man",),
        ):
            with self.subTest(words):
                screen = self.screen(*words, HILO_PAGER=touch)
                self.assertIn(screen.end(), (0, 1))
                self.assertFalse(self.taken.exists())
                self.assertNotEqual(screen.shown, b"")
        # In a pipe there is no terminal that anything could be long for.
        self.assertEqual(len(self.shop.hilo("sql", LONG).out.splitlines()), 151)

    def test_no_pager_is_a_wish_too(self):
        for environment in ({"HILO_PAGER": ""}, {"HILO_PAGER": "cat"}, {"PAGER": "cat"}, {"TERM": "dumb"}):
            with self.subTest(environment):
                screen = self.screen("sql", LONG, NO_COLOR="1", **environment)
                self.assertEqual(screen.end(), 0)
                self.assertEqual(len(screen.shown.split()), 151)

    def test_a_pager_left_early_is_no_error(self):
        wide = "select range as n, repeat('x', 60) as filler from range(200)"
        for pager in ("true", "head -n 1", "exit 3"):
            with self.subTest(pager):
                screen = self.screen("sql", wide, HILO_PAGER=pager)
                self.assertEqual(screen.end(), 0)
                self.assertNotIn(b"error", screen.shown)

    def test_a_pager_that_is_not_there(self):
        screen = self.screen("sql", LONG, HILO_PAGER="no-such-pager-here")
        self.assertEqual(screen.end(), 0)
        self.assertIn(b"149", screen.shown, "the answer is shown all the same")

    def test_ctrl_c_ends_a_pager_that_it_ends(self):
        screen = self.screen("sql", LONG, HILO_PAGER="echo waiting; exec sleep 60")
        self.assertTrue(screen.read_until(lambda shown: b"waiting" in shown))
        screen.type(b"\x03")
        self.assertEqual(screen.end(), 130)
        self.assertNotIn(b"error", screen.shown)

    @unittest.skipUnless(shutil.which("less"), "there is no less here")
    def test_less(self):
        screen = self.screen("sql", LONG)
        self.assertTrue(screen.read_until(lambda shown: b"\r\n 20" in shown or b"20\r\n" in shown))
        self.assertNotIn(b"149", screen.shown, "it waits at the end of the screen")
        screen.type(b"\x03")  # of less: back to the prompt
        # With the signal the terminal forgets the keys that were typed meanwhile.
        self.assertTrue(any(screen.answers(b"G", b"149") for _ in range(60)), screen.shown)
        screen.type(b"q")
        self.assertEqual(screen.end(), 0)

    def test_help_is_long_too(self):
        for words in (("--help",), ("help",), ("help", "generate"), ("generate", "--help")):
            with self.subTest(words):
                self.assertEqual(self.screen(*words, HILO_PAGER='cat > "$TAKEN"').end(), 0)
                self.assertEqual(self.taken.read_text(), self.shop.hilo(*words).out)
                self.taken.unlink()


class Colour(OnATerminal):
    def test_colours_are_for_those_who_want_them(self):
        for environment, wanted in (
            ({}, True),
            ({"NO_COLOR": "1"}, False),
            ({"NO_COLOR": ""}, True),
            ({"TERM": "dumb"}, False),
        ):
            with self.subTest(environment):
                screen = self.screen("customer", "ana.garcia@correo.es", height=200, HILO_PAGER="", **environment)
                self.assertEqual(screen.end(), 0, screen.shown)
                self.assertEqual(COLOUR in screen.shown, wanted, screen.shown)
        self.assertNotIn("\x1b", self.shop.hilo("customer", "ana.garcia@correo.es").out)

    def test_a_dumb_terminal_gets_lines_instead_of_bars(self):
        screen = self.screen("rebuild", TERM="dumb")
        self.assertEqual(screen.end(), 0, screen.shown)
        self.assertNotIn(b"\x1b", screen.shown)
        self.assertIn(b"publish", screen.shown)


if __name__ == "__main__":
    unittest.main()
