"""A world's truth and order lines, read into memory."""

import collections
import csv
import math
from pathlib import Path

from days import day_number


def rows_of(world, pattern):
    for path in sorted(Path(world, "truth").glob(pattern)):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def read_amounts(world):
    """Returns silo and number -> EUR paid; a line that was put right counts as in the later file."""
    lines = {}
    for silo, separator, suffix in (("orders", ",", "csv"), ("tills", "|", "txt")):
        for path in sorted(Path(world, "data", silo).glob(f"*.{suffix}")):
            if path.stem.endswith("_again"):
                continue  # a copy of the regular delivery
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.reader(file, delimiter=separator):
                    if row[1] != "line":
                        total = row[9] if silo == "orders" else row[10]
                        lines[silo, row[0], row[1]] = float(total.replace(",", "."))
    amounts = collections.defaultdict(float)
    for (silo, number, _), amount in lines.items():
        amounts[silo, number] += amount
    return amounts


class World:
    """The truth of a world in memory, with the sales of every person."""

    def __init__(self, folder):
        self.folder = folder
        self.persons = {int(row["person"]): row for row in rows_of(folder, "persons_*.csv")}
        self.calendar = {day_number(row["day"]): row for row in rows_of(folder, "calendar.csv")}
        self.first, self.last = min(self.calendar), max(self.calendar)
        self.dropped, self.online = {}, {}
        for row in rows_of(folder, "milestones_*.csv"):
            place = self.dropped if row["milestone"] == "dropped_out" else self.online
            place[int(row["person"])] = day_number(row["at"])
        amounts = read_amounts(folder)
        self.sales = collections.defaultdict(list)  # person -> (day, is online, EUR)
        for row in rows_of(folder, "events_*.csv"):
            silo = row["silo"]
            if silo == "orders" or (silo == "tills" and not row["event"].startswith("R")):
                sale = (day_number(row["day"]), silo == "orders", amounts.get((silo, row["event"]), 0.0))
                self.sales[int(row["person"])].append(sale)
        for sales in self.sales.values():
            sales.sort()
        self.regime = self.find_regime()

    def find_regime(self):
        """Tells the regime by what it does: in one of them the hidden trait drives the value."""
        if any(row["kind"] == "textbook" for row in self.persons.values()):
            return "textbook"
        pairs = [(float(row["hidden"]), math.log(float(row["mean_value_eur"]))) for row in self.persons.values()]
        mean = sum(value for _, value in pairs) / len(pairs)
        slope = sum(hidden * (value - mean) for hidden, value in pairs) / sum(hidden**2 for hidden, _ in pairs)
        return "hidden-confounder" if slope > 0.15 else "real"

    def joined(self, person):
        return day_number(self.persons[person]["joined_on"])

    def sold(self, person, first, last):
        """Returns orders and EUR of a person from the first to the last day."""
        within = [amount for day, _, amount in self.sales.get(person, ()) if first <= day <= last]
        return len(within), sum(within)
