"""Goal: a reader never fails because a run is under way. Method: questions in a loop during three runs."""

import subprocess
import threading
import unittest

import silos
from workspace import HILO, TIMEOUT_SECONDS, HiloTest, zstandard


def tills(month, receipts):
    return zstandard(
        "card,receipt,line,sold_at,shop,sku,qty,total\n"
        + "".join(
            f"L-{100 + n % 50},{month}-{n},1,2024-0{month}-1{n % 10} 17:00:00,S1,POT,1,25.00\n"
            for n in range(receipts)
        )
    )


class Readers(HiloTest):
    def test_questions_during_runs(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        counts, faults, stop = [], [], threading.Event()

        def ask():
            while not stop.is_set():
                done = workspace.hilo(
                    "sql", "--json", "select count(*) as n, (select log_run from meta) as run from events"
                )
                if done.code != 0:
                    faults.append(str(done))
                    return
                counts.append(tuple(done.json()[0].values()))

        reader = threading.Thread(target=ask)
        reader.start()
        try:
            for number, month in enumerate((4, 5, 6), start=2):
                workspace.write({f"data/tills/2024-0{month}.csv.zst": tills(month, 3000)})
                workspace.run(f"2024-07-0{number}T06:00:00Z")
        finally:
            stop.set()
            reader.join(TIMEOUT_SECONDS)
        self.assertEqual(faults, [])
        expected = {run: 10 + 3000 * (run - 1) for run in range(1, 5)}
        self.assertTrue(counts)
        for events, run in counts:
            self.assertEqual(events, expected[run], "each answer is of one published state, whole")
        self.assertEqual([run for _, run in counts], sorted(run for _, run in counts), "and never goes back")
        self.assertEqual(workspace.leftovers(), [])

    def test_a_reader_that_holds_on_to_the_old_store(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        slow = (
            "select count(*) as n, (select count(*) from events) as events from range(3000) a, range(30000) b where"
            " hash(a.range, b.range) % 7 = 1"
        )
        with subprocess.Popen(
            [HILO, "sql", "--json", slow], cwd=workspace.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as reader:
            workspace.write({"data/tills/2024-04.csv.zst": tills(4, 100)})
            workspace.run("2024-07-02T06:00:00Z")
            out, err = reader.communicate(timeout=TIMEOUT_SECONDS)
        self.assertEqual(reader.returncode, 0, err)
        self.assertIn(b'"events": 1', out)
        self.assertEqual(workspace.value("select count(*) from events"), 110)


if __name__ == "__main__":
    unittest.main()
