"""What was known on a past day, asked later, is what the store of that day held."""

import os
import random
import unittest

from test_cuts import DEFINITIONS, SETTINGS, SOURCES, Retailer
from workspace import BUILT_FROM, HiloTest, Workspace

SEEDS = int(os.environ.get("KNOWN_SEEDS", "2"))
RUNS = 5


class AsKnown(Workspace):
    """A workspace of which every question in SQL is asked as it was known on a day."""

    def __init__(self, root, day):
        self.root, self.day = root, day

    def hilo(self, *args, cwd=None):
        known = ("--known-on", self.day) if args[0] == "sql" else ()
        return super().hilo(*args, *known, cwd=cwd)


class KnownThen(HiloTest):
    def test_the_store_of_a_day_is_made_again(self):
        """Whatever came later: corrections, repeated files, merged people, other categories, rates and consents."""
        alone = os.environ.get("KNOWN_SEED")
        for seed in [int(alone)] if alone else range(SEEDS):
            with self.subTest(seed=seed):
                self.play(random.Random(seed))

    def play(self, chance):
        retailer = Retailer(chance)
        definitions = {f"sources/{name}.sql": text for name, text in SOURCES.items()}
        workspace = self.workspace({"hilo.yaml": SETTINGS} | definitions | DEFINITIONS | retailer.first())
        held = {}
        for number in range(1, RUNS + 1):
            day = f"2024-03-{2 * number:02}"
            workspace.run(now=f"{day}T06:00:00Z")
            held[day] = workspace.dump()
            workspace.write(retailer.next())
        for day, content in held.items():
            self.compare(AsKnown(workspace.root, day).dump(), content)
            # The day after it nothing else was known.
            if day == "2024-03-04":
                self.compare(AsKnown(workspace.root, "2024-03-05").dump(), content)

    def compare(self, known, held):
        self.assertEqual(sorted(known), sorted(held))
        for table, content in held.items():
            then = dict(known[table])
            if table == '"main"."meta"':
                then["rows"] = [BUILT_FROM.sub("", row) for row in then["rows"]]
                content = content | {"rows": [BUILT_FROM.sub("", row) for row in content["rows"]]}
            self.assertEqual(then, content, table)


if __name__ == "__main__":
    unittest.main()
