"""Goal: a run that is killed at any moment leaves none or all of its delivery, and the next run ends where an
undisturbed one would. Method: kill -9 after a random time, again and again, then one run to the end; all tables are
compared. The seed is printed with a failure; HILO_KILLS gives the number of kills, HILO_SEED another seed.
"""

import os
import random
import subprocess
import time
import unittest

import silos
from workspace import HILO, TIMEOUT_SECONDS, HiloTest, gzipped, zstandard

KILLS = int(os.environ.get("HILO_KILLS", "12"))
SEED = int(os.environ.get("HILO_SEED", "2024"))

ORDERS = "".join(
    '{"customer": "B%d", "mail": "b%d@correo.es", "name": "Ana Gil", "order_no": "X-%d", "line": 1, '
    '"placed_at": "2024-04-0%d 10:00:00", "sku": "TEA", "qty": 1, "unit_price": 5.00, "currency": "USD"}\n'
    % (n % 700, n % 700, n // 2, 1 + n % 9)
    for n in range(4000)
)
TILLS = "card,receipt,line,sold_at,shop,sku,qty,total\n" + "".join(
    f"L-{100 + n % 300},Y-{n // 3},{n % 3},2024-05-1{n % 10} 17:00:00,S1,POT,1,25.00\n" for n in range(6000)
)

# What comes when: (instant of the delivery, files).
DELIVERIES = [
    ("2024-07-01T06:00:00Z", silos.files()),
    (
        "2024-07-02T06:00:00Z",
        {
            "data/shop/2024-04.jsonl.gz": gzipped(ORDERS),
            "data/loyalty.csv": (
                silos.LOYALTY_CSV + "L-102,Lucía Núñez,699000111,lucia@buzon.es,2024-06-01 10:00:00\n"
            ),
        },
    ),
    (
        "2024-07-03T06:00:00Z",
        {
            "data/tills/2024-05.csv.zst": zstandard(TILLS),
            "attributes/more.sql": "select sum(quantity) as pieces from items\n",
        },
    ),
]


class Killed(HiloTest):
    def test_kills_at_random_moments(self):
        chance = random.Random(SEED)
        undisturbed = self.workspace()
        disturbed = self.workspace()
        moments = []
        for number, (now, files) in enumerate(DELIVERIES):
            undisturbed.write(files)
            started = time.monotonic()
            undisturbed.run(now)
            usual = time.monotonic() - started
            disturbed.write(files)
            share = KILLS // len(DELIVERIES) + (number < KILLS % len(DELIVERIES))
            for _ in range(share):
                moment = chance.uniform(0.0, usual)
                moments.append((number, round(moment, 4)))
                self.kill_a_run(disturbed, now, moment)
                with self.subTest(seed=SEED, kills=moments):
                    self.look_around(disturbed)
            disturbed.run(now)
            with self.subTest(seed=SEED, kills=moments):
                self.assertEqual(disturbed.leftovers(), [])
                self.assert_same_store(undisturbed.dump(), disturbed.dump())
        log = sorted(path.name for path in (undisturbed.root / "log").iterdir() if path.is_dir())
        self.assertEqual(sorted(path.name for path in (disturbed.root / "log").iterdir() if path.is_dir()), log)
        disturbed.remove("store")
        disturbed.rebuild()
        self.assert_same_store(undisturbed.dump(), disturbed.dump())

    def kill_a_run(self, workspace, now, moment):
        with subprocess.Popen(
            [HILO, "run", "--now", now], cwd=workspace.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                process.wait(moment)
            except subprocess.TimeoutExpired:
                process.kill()
            process.wait(TIMEOUT_SECONDS)

    def look_around(self, workspace):
        """After a kill whatever was published answers, and each run in the log is whole."""
        if list((workspace.root / "store").glob("generation-*.duckdb")):
            self.assertEqual(workspace.hilo("sql", "select count(*) from customers").code, 0)
        for entry in (workspace.root / "log").glob("0*"):
            self.assertTrue((entry / "entry.json").exists(), entry)

    def test_a_kill_while_the_store_is_made_again(self):
        chance = random.Random(SEED + 1)
        workspace = self.workspace()
        for now, files in DELIVERIES[:2]:
            workspace.write(files)
            workspace.run(now)
        before = workspace.dump()
        started = time.monotonic()
        workspace.rebuild()
        usual = time.monotonic() - started
        for _ in range(max(2, KILLS // 4)):
            moment = chance.uniform(0.0, usual)
            with subprocess.Popen(
                [HILO, "rebuild"], cwd=workspace.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as process:
                time.sleep(moment)
                process.kill()
            with self.subTest(seed=SEED, moment=moment):
                self.assert_same_store(before, workspace.dump())
        workspace.rebuild()
        self.assertEqual(workspace.leftovers(), [])
        self.assert_same_store(before, workspace.dump())


if __name__ == "__main__":
    unittest.main()
