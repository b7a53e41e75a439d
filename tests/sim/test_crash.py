"""Goal: whatever moment the power goes, the process dies or the disk refuses, log, store and files are as before or as
after, and the same command done again ends exactly where an undisturbed one does. Method: see simulator.py.

SIM_SEEDS gives the number of seeds, or `all` for every operation in every way; SIM_SEED runs that one alone; SIM_PART
(as 2/4) runs a share, so that several programs share the work.
"""

import os
import random
import shutil
import tempfile
import unittest

import disk
from disk import Disk, Kind, Loss, Operation
from simulator import SHIM, Simulator, Wrong
from workspace import HILO

SEEDS = os.environ.get("SIM_SEEDS", "500")
SEED = os.environ.get("SIM_SEED", "")
PART, PARTS = (int(number) for number in os.environ.get("SIM_PART", "1/1").split("/"))
WRONG_MAX = 5  # more of them tell no more


def quick_folder():
    """Memory where there is some: the cut is simulated, and thousands of real syncs would prove nothing more."""
    try:
        free = shutil.disk_usage("/dev/shm").free
    except OSError:
        return None
    return "/dev/shm" if free > 1 << 28 and os.access("/dev/shm", os.W_OK) else None


class Seeds(unittest.TestCase):
    def test_the_seeds(self):
        self.assertTrue(HILO and SHIM, "HILO names the program, HILO_SHIM the shim")
        with tempfile.TemporaryDirectory(prefix="hilo-sim-", dir=quick_folder()) as folder:
            simulator = Simulator(folder, thorough=SEEDS == "all")
            wrong = []
            for name, (what, recorded, action) in self.tries(simulator):
                told = f"{name}: {recorded.step.name}, {what} of {recorded.last} operations"
                try:
                    action()
                except Wrong as found:
                    wrong.append(f"{told}: {found}")
                    if len(wrong) == WRONG_MAX:
                        break
        self.assertFalse(wrong, "\n\n".join(["", *wrong]))

    def tries(self, simulator):
        if SEED:
            yield f"SIM_SEED={SEED}", simulator.seed(int(SEED))
            return
        if SEEDS == "all":
            numbered = enumerate(simulator.every())
            named = (("all", one) for number, one in numbered if number % PARTS == PART - 1)
            yield from named
            return
        if PART == 1:
            yield from (("certain", one) for one in simulator.certain())
        for seed in range(PART, int(SEEDS) + 1, PARTS):
            yield f"SIM_SEED={seed}", simulator.seed(seed)


def operation(kind, path="", other="", file=0, data=b"", offset=0, length=0):
    return Operation(kind, file, 1, offset, length or len(data), path, other, data)


CREATE = operation(Kind.OPEN, "next", file=1, offset=1)
WRITE = operation(Kind.WRITE, file=1, data=b"all of it")
SYNC = operation(Kind.SYNC, file=1)
RENAME = operation(Kind.RENAME, "next", "name")
FOLDER = operation(Kind.OPEN, ".", file=2)
SYNC_FOLDER = operation(Kind.SYNC, file=2)


class TheDisk(unittest.TestCase):
    """The simulated disk loses what a real one may lose: without that, the seeds would prove nothing."""

    def survivors(self, *operations):
        """The contents of "name" that may be found after a power cut; "absent" where there is no such file."""
        found = set()
        for loss in Loss:
            for seed in range(40):
                played = Disk({"name": (b"old", None)})
                for one in operations:
                    played.play(one)
                found.add(played.cut(loss, random.Random(seed)).get("name", ("absent", None))[0])
        return found

    def test_a_file_that_is_synced_before_it_is_named_is_old_or_new(self):
        self.assertEqual(self.survivors(CREATE, WRITE, SYNC, RENAME), {b"old", b"all of it"})

    def test_a_file_that_is_named_before_it_is_synced_may_be_empty(self):
        self.assertIn(b"", self.survivors(CREATE, WRITE, RENAME))

    def test_a_name_holds_once_its_folder_is_synced(self):
        self.assertEqual(self.survivors(CREATE, WRITE, SYNC, RENAME, FOLDER, SYNC_FOLDER), {b"all of it"})

    def test_a_second_name_of_a_file_holds_what_the_first_does(self):
        linked = operation(Kind.LINK, "next", "name")
        self.assertEqual(self.survivors(CREATE, WRITE, SYNC, linked, FOLDER, SYNC_FOLDER), {b"all of it"})
        self.assertIn(b"old", self.survivors(CREATE, WRITE, SYNC, linked))

    def test_a_file_that_is_written_over_is_anything(self):
        empty = operation(Kind.OPEN, "name", file=1, offset=2)
        self.assertGreater(len(self.survivors(empty, WRITE)), 2)

    def test_what_stands_in_a_folder_whose_name_is_lost_is_lost(self):
        made = operation(Kind.MAKE_FOLDER, "folder")
        inside = operation(Kind.OPEN, "folder/file", file=3, offset=1)
        played = Disk({})
        for one in (made, inside, operation(Kind.OPEN, "folder", file=4), operation(Kind.SYNC, file=4)):
            played.play(one)
        self.assertEqual(played.cut(Loss.ALL, random.Random(0)), {})
        self.assertEqual(set(disk.Disk({"folder": None}).cut(Loss.ALL, random.Random(0))), {"folder"})


if __name__ == "__main__":
    unittest.main()
