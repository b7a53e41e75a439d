#!/usr/bin/env python3
"""Draws the pictures of docs/world.md from a world that `hilo generate` made, and prints the figures in its text.

usage: tools/draw_world.py WORLD OUTPUT

Call it once for a world of each regime. Reads WORLD/truth and the order lines of WORLD/data; writes OUTPUT/*.svg, the
same bytes for the same world. Intervals are of 95 %, by linearisation, with each person as one observation.
"""

import bisect
import collections
import csv
import datetime
import math
import sys
from pathlib import Path

INK, SOFT, RULE, PAPER = "#333333", "#767676", "#d4d4d4", "#ffffff"
BLUE, ORANGE, GREEN = "#2f6db5", "#cf6f1c", "#3c8d53"
KINDS = ["loyal", "bargain_hunter", "browser", "occasional", "drifting", "wholesale"]
HABITS = ["store", "hybrid", "online"]
PERSONS_MIN, DAYS_MIN = 5000, 500
EPOCH = datetime.date(1970, 1, 1)


def day_number(text):
    return (datetime.date.fromisoformat(text[:10]) - EPOCH).days


def day_text(number):
    return (EPOCH + datetime.timedelta(days=number)).isoformat()


# ---- drawing -------------------------------------------------------------------------------------


class Picture:
    """An SVG file on white paper, so that it can be read on a dark page too. Lengths are in pixels."""

    def __init__(self, width, height, title):
        self.width, self.height, self.parts = width, height, []
        self.title = title

    def add(self, part):
        self.parts.append(part)

    def line(self, x1, y1, x2, y2, colour=RULE, width=1.0, dash=""):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
            f' stroke-width="{width:g}"{dashes}/>'
        )

    def path(self, points, colour, width=1.8, dash=""):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.add(f'<polyline points="{text}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashes}/>')

    def rect(self, x, y, width, height, fill, stroke="none", radius=0):
        self.add(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius}"'
            f' fill="{fill}" stroke="{stroke}"/>'
        )

    def dot(self, x, y, radius, fill):
        self.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"/>')

    def text(self, x, y, text, colour=INK, size=12, anchor="start", bold=False):
        safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        weight = ' font-weight="600"' if bold else ""
        self.add(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}"'
            f' text-anchor="{anchor}"{weight}>{safe}</text>'
        )

    def arrow(self, x1, y1, x2, y2, colour=SOFT, dash=""):
        length = math.hypot(x2 - x1, y2 - y1)
        along, across = (x2 - x1) / length, (y2 - y1) / length
        self.line(x1, y1, x2 - 6 * along, y2 - 6 * across, colour, 1.4, dash)
        left = (x2 - 9 * along + 4 * across, y2 - 9 * across - 4 * along)
        right = (x2 - 9 * along - 4 * across, y2 - 9 * across + 4 * along)
        self.add(
            f'<polygon points="{x2:.1f},{y2:.1f} {left[0]:.1f},{left[1]:.1f} {right[0]:.1f},{right[1]:.1f}"'
            f' fill="{colour}"/>'
        )

    def box(self, x, y, width, height, title, lines=(), colour=BLUE):
        self.rect(x, y, width, height, PAPER, colour, 6)
        top = y + (height - 15 * len(lines)) / 2 + 4.5
        self.text(x + width / 2, top, title, colour, 13, "middle", bold=True)
        for at, line in enumerate(lines):
            self.text(x + width / 2, top + 16 + 15 * at, line, INK, 11, "middle")

    def save(self, path):
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}"'
            f' viewBox="0 0 {self.width} {self.height}" font-family="Helvetica, Arial, DejaVu Sans, sans-serif">'
            f'\n<title>{self.title}</title>\n<rect width="{self.width}" height="{self.height}" fill="{PAPER}"/>\n'
        )
        path.write_text(head + "\n".join(self.parts) + "\n</svg>\n", encoding="utf-8")


class Plot:
    """A rectangle with linear axes in a picture."""

    def __init__(self, picture, box, x_range, y_range):
        self.picture, self.x_range, self.y_range = picture, x_range, y_range
        self.left, self.top, self.width, self.height = box

    def x(self, value):
        low, high = self.x_range
        return self.left + (value - low) / (high - low) * self.width

    def y(self, value):
        low, high = self.y_range
        return self.top + self.height - (value - low) / (high - low) * self.height

    def y_axis(self, ticks, form, label):
        for tick in ticks:
            self.picture.line(self.left, self.y(tick), self.left + self.width, self.y(tick))
            self.picture.text(self.left - 7, self.y(tick) + 4, form(tick), SOFT, 11, "end")
        self.picture.text(self.left - 44, self.top - 14, label, SOFT, 11)

    def x_axis(self, ticks, form, label):
        bottom = self.top + self.height
        for tick in ticks:
            self.picture.line(self.x(tick), bottom, self.x(tick), bottom + 4, SOFT)
            self.picture.text(self.x(tick), bottom + 17, form(tick), SOFT, 11, "middle")
        self.picture.text(self.left + self.width, bottom + 33, label, SOFT, 11, "end")

    def curve(self, points, colour, width=1.8, dash=""):
        self.picture.path([(self.x(x), self.y(y)) for x, y in points], colour, width, dash)


def months_between(first, last):
    """Returns the numbers of the days on which quarters begin."""
    return [
        day
        for day in range(first, last + 1)
        if (EPOCH + datetime.timedelta(days=day)).strftime("%m-%d") in {"01-01", "04-01", "07-01", "10-01"}
    ]


# ---- the parts and the regimes -------------------------------------------------------------------


def draw_parts(output):
    picture = Picture(860, 400, "The parts of the world")
    picture.box(20, 20, 240, 62, "Chance", ["seed, person, day, purpose -> a draw"], SOFT)
    picture.box(20, 130, 240, 76, "People", ["households, names, addresses,", "phones, mailboxes, and their changes"])
    picture.box(20, 254, 240, 76, "Character", ["kind, habit, rate, value,", "drop-out, trend, taste"])
    picture.box(
        320,
        130,
        220,
        92,
        "A person's day",
        ["buys, drops out, goes online,", "browses, calls, brings back", "same step for every life"],
        ORANGE,
    )
    picture.box(320, 20, 220, 62, "Calendar, catalogue", ["season, week, promotions; products"], SOFT)
    picture.box(320, 270, 220, 60, "Campaigns and policy", ["12 offers, audience, lots"], ORANGE)
    picture.box(600, 130, 240, 76, "Silos", ["21 systems, each with its own", "ids, forms, errors and delays"], GREEN)
    picture.box(600, 20, 240, 62, "data/", ["what Hilo reads"], GREEN)
    picture.box(600, 254, 240, 76, "truth/", ["who is who, what was the effect,", "what is to be expected"], GREEN)
    picture.arrow(140, 82, 140, 128)
    picture.arrow(140, 206, 140, 252)
    picture.arrow(260, 168, 318, 168)
    picture.arrow(260, 284, 318, 214)
    picture.arrow(430, 82, 430, 128)
    picture.arrow(418, 270, 418, 224)
    picture.text(410, 250, "messages", SOFT, 11, "end")
    picture.arrow(444, 222, 444, 268)
    picture.text(452, 250, "last known order", SOFT, 11)
    picture.arrow(540, 168, 598, 168)
    picture.arrow(540, 196, 598, 262)
    picture.arrow(720, 130, 720, 84)
    picture.arrow(540, 312, 598, 312)
    picture.text(
        20,
        372,
        "A block of people lives through all days on one thread; blocks are written in their order.",
        SOFT,
        12,
    )
    picture.save(output / "parts.svg")


def draw_chance(output):
    picture = Picture(860, 280, "One person, two lives, the same chance")
    left, step = 150, 62
    for at in range(11):
        x = left + at * step
        picture.text(x + step / 2, 34, f"day {at + 1}", SOFT, 11, "middle")
        picture.rect(x + 8, 112, step - 16, 30, "#f0f0f0", RULE, 4)
        picture.text(x + step / 2, 131, f"u{at + 1}", INK, 12, "middle")
        for top, other in ((48, False), (182, True)):
            buys = at in ({1, 4, 8} if not other else {1, 4, 6, 8})
            changed = other and at >= 3 and at < 8
            picture.rect(
                x + 8, top, step - 16, 34, "#fbe9d9" if changed else "#ffffff", ORANGE if changed else RULE, 4
            )
            if buys:
                picture.dot(x + step / 2, top + 17, 7, ORANGE if other and at == 6 else BLUE)
        picture.line(x + step / 2, 84, x + step / 2, 110, RULE, 1, "2 2")
        picture.line(x + step / 2, 144, x + step / 2, 180, RULE, 1, "2 2")
    picture.text(left - 10, 70, "not written to", INK, 12, "end")
    picture.text(left - 10, 131, "chance of the day", SOFT, 12, "end")
    picture.text(left - 10, 204, "written to on day 4", INK, 12, "end")
    picture.text(
        left,
        244,
        "Both lives meet the same u. The message raises the rate on the orange days, and the draw of"
        " day 7 becomes",
        SOFT,
        12,
    )
    picture.text(
        left, 262, "a purchase. The difference between the lives is the effect on this person: 1 order.", SOFT, 12
    )
    picture.save(output / "chance.svg")


def draw_regimes(output):
    picture = Picture(640, 190, "What drives what in the textbook regime")
    picture.box(20, 20, 170, 50, "rate", ["gamma(0.9, 45 days)"])
    picture.box(20, 120, 170, 50, "drop-out chance", ["beta(0.8, 4.5)"])
    picture.box(450, 20, 170, 50, "mean value", ["nu of gamma(4.1, 28 EUR)"])
    picture.box(250, 68, 140, 54, "purchases", ["times and values"], ORANGE)
    picture.arrow(190, 50, 249, 84)
    picture.arrow(190, 140, 249, 108)
    picture.arrow(450, 50, 391, 84)
    picture.text(350, 152, "The three are independent of each other.", SOFT, 12)
    picture.text(350, 168, "No season, no campaign.", SOFT, 12)
    picture.save(output / "regime-textbook.svg")
    for hidden in (False, True):
        draw_confounding(output, hidden)


def draw_confounding(output, hidden):
    name = "hidden-confounder" if hidden else "real"
    picture = Picture(860, 330, f"What drives what in the {name} regime")
    picture.box(20, 24, 150, 50, "age", ["born_on"], SOFT)
    picture.box(230, 24, 170, 50, "leaning to the web", ["shows in sessions"])
    picture.box(500, 24, 140, 50, "goes online", ["from that day on"], ORANGE)
    picture.box(500, 140, 140, 54, "purchase rate", ["orders a day"], ORANGE)
    picture.box(230, 140, 170, 54, "mean value", ["correlated with the rate"])
    picture.box(700, 140, 140, 54, "calendar", ["season, week, sales"], SOFT)
    picture.box(500, 254, 140, 54, "message", ["noticed or not"], ORANGE)
    picture.box(20, 254, 170, 54, "last known order", ["decides the propensity"])
    picture.box(700, 24, 140, 50, "channel", ["web, app or store"], SOFT)
    picture.arrow(170, 49, 229, 49)
    weak = {"colour": RULE, "dash": "4 3"} if hidden else {"colour": SOFT}
    picture.arrow(400, 49, 499, 49, **weak)
    picture.text(450, 42, "0.1" if hidden else "0.8", SOFT, 11, "middle")
    picture.arrow(570, 74, 570, 139, ORANGE)
    picture.text(578, 112, "x 1.05" if hidden else "x 1.25", ORANGE, 12, "start", True)
    picture.arrow(640, 49, 699, 49)
    picture.arrow(699, 167, 641, 167)
    picture.line(400, 167, 500, 167, SOFT, 1.4)
    picture.text(450, 160, "0.35", SOFT, 11, "middle")
    picture.arrow(570, 254, 570, 196, ORANGE)
    picture.text(578, 230, "x effect of the kind", ORANGE, 11)
    picture.arrow(190, 281, 499, 281)
    picture.text(345, 274, "0.8 / 0.55 / 0.25", SOFT, 11, "middle")
    picture.arrow(520, 194, 190, 262)
    if hidden:
        picture.box(20, 140, 150, 54, "hidden", ["in no silo"], INK)
        picture.arrow(170, 167, 229, 167, INK)
        picture.text(200, 160, "0.3", INK, 11, "middle")
        picture.arrow(150, 139, 499, 62, INK)
        picture.text(300, 100, "1.1", INK, 11, "middle")
        picture.path([(95, 194), (95, 216), (476, 216)], INK, 1.4)
        picture.arrow(476, 216, 503, 196, INK)
        picture.text(300, 211, "trend: 0.15 a year", INK, 11, "middle")
    else:
        picture.arrow(360, 139, 499, 66)
        picture.text(418, 100, "0.5", SOFT, 11, "middle")
    picture.save(output / f"regime-{name}.svg")


# ---- reading -------------------------------------------------------------------------------------


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


# ---- a year of sales -----------------------------------------------------------------------------


def draw_year(world, output):
    monday = world.first - (world.first + 3) % 7  # 1970-01-01 was a Thursday
    weeks = list(range(monday if monday == world.first else monday + 7, world.last - 5, 7))
    counts = {True: [0] * len(weeks), False: [0] * len(weeks)}
    weekdays = {True: [0] * 7, False: [0] * 7}
    for sales in world.sales.values():
        for day, online, _ in sales:
            week = (day - weeks[0]) // 7
            if 0 <= week < len(weeks):
                counts[online][week] += 1
                weekdays[online][(day - weeks[0]) % 7] += 1
    picture = Picture(860, 330, "Orders a week and by day of the week")
    most = max(counts[False])
    plot = Plot(picture, (60, 42, 520, 230), (world.first, world.last), (0, math.ceil(most / 200) * 200))
    for begin, end in promotions_of(world):
        picture.rect(plot.x(begin), plot.top, plot.x(end + 1) - plot.x(begin), plot.height, "#f3ead9")
    plot.y_axis(range(0, int(plot.y_range[1]) + 1, 200), str, "orders a week; shaded: promotions")
    plot.x_axis(months_between(world.first, world.last), lambda day: day_text(day)[:7], "quarter that begins")
    for online, colour, name in ((False, BLUE, "stores"), (True, ORANGE, "web and app")):
        plot.curve([(day + 3, count) for day, count in zip(weeks, counts[online])], colour)
        picture.text(plot.x(weeks[60]), plot.y(counts[online][60]) - 22, name, colour, 12, "start", True)
    bars = Plot(picture, (640, 42, 200, 230), (0, 7), (0, 0.4))
    bars.y_axis([0, 0.1, 0.2, 0.3, 0.4], lambda tick: f"{tick:.0%}", "share of the week's orders")
    for at, name in enumerate("MTWTFSS"):
        picture.text(bars.x(at + 0.5), 288, name, SOFT, 11, "middle")
        for online, colour in ((False, BLUE), (True, ORANGE)):
            share = weekdays[online][at] / sum(weekdays[online])
            left = bars.x(at + (0.5 if online else 0.12))
            picture.rect(left, bars.y(share), bars.x(0.36) - bars.x(0), bars.y(0) - bars.y(share), colour)
    picture.save(output / f"{world.regime}-year.svg")
    year = {day: sum(counts[o][w] for o in counts) for w, day in enumerate(weeks)}
    top = max(year, key=year.get)
    smallest = min((year[day], day) for day in year if day >= world.first + 365)
    print(
        f"year: largest week begins {day_text(top)}: {year[top]} orders; "
        f"smallest of the second year {day_text(smallest[1])}: {smallest[0]}"
    )


def promotions_of(world):
    spans = []
    for day, row in sorted(world.calendar.items()):
        if float(row["promotion_factor"]) > 1:
            if spans and spans[-1][1] == day - 1:
                spans[-1][1] = day
            else:
                spans.append([day, day])
    return spans


def draw_alive(world, output):
    days = list(range(world.first, world.last + 1, 14))
    joined, active, buyers = [], [], []
    for day in days:
        known = [person for person in world.persons if world.joined(person) <= day]
        joined.append(len(known))
        active.append(sum(world.dropped.get(person, 1 << 30) > day for person in known))
        buyers.append(sum(any(day - 90 < each[0] <= day for each in world.sales.get(person, ())) for person in known))
    picture = Picture(820, 320, "Who is alive")
    top = math.ceil(max(joined) / 5000) * 5000
    plot = Plot(picture, (70, 42, 520, 226), (world.first, world.last), (0, top))
    plot.y_axis(range(0, top + 1, 5000), lambda tick: f"{tick:,}", "persons")
    plot.x_axis(months_between(world.first, world.last), lambda day: day_text(day)[:7], "quarter that begins")
    for values, colour, name in ((joined, SOFT, "have joined"), (active, BLUE, "have not dropped out")):
        plot.curve(list(zip(days, values)), colour)
        picture.text(plot.x(days[-1]) + 6, plot.y(values[-1]) + 4, f"{name}: {values[-1]:,}", colour, 12)
    seen = [(day, count) for day, count in zip(days, buyers) if day >= world.first + 90]
    plot.curve(seen, ORANGE)
    picture.text(plot.x(days[-1]) + 6, plot.y(buyers[-1]) + 4, f"bought in 90 days: {buyers[-1]:,}", ORANGE, 12)
    picture.save(output / f"{world.regime}-alive.svg")
    at_opening = sum(world.joined(person) < world.first for person in world.persons)
    left = sum(world.joined(p) < world.first and world.dropped.get(p, 1 << 30) < world.first for p in world.persons)
    print(
        f"alive: joined before {at_opening}, of these gone before {left}; active at the end {active[-1]}, peak "
        f"{max(active)} on {day_text(days[active.index(max(active))])}; persons without any sale "
        f"{sum(p not in world.sales for p in world.persons)}"
    )


def draw_habits(world, output):
    quarters = months_between(world.first, world.last)
    picture = Picture(780, 300, "The share of orders online, by the habit with which a person began")
    plot = Plot(picture, (70, 42, 500, 206), (world.first, world.last), (0, 1))
    plot.y_axis([0, 0.25, 0.5, 0.75, 1], lambda tick: f"{tick:.0%}", "share of the quarter's orders that are online")
    plot.x_axis(quarters, lambda day: day_text(day)[:7], "quarter that begins")
    for habit, colour in zip(HABITS, (BLUE, GREEN, ORANGE)):
        points = []
        for at, begin in enumerate(quarters):
            end = quarters[at + 1] if at + 1 < len(quarters) else world.last + 1
            sales = [
                online
                for person, sales in world.sales.items()
                if world.persons[person]["habit"] == habit
                for day, online, _ in sales
                if begin <= day < end
            ]
            points.append(((begin + end) / 2, sum(sales) / len(sales)))
        plot.curve(points, colour)
        number = sum(row["habit"] == habit for row in world.persons.values())
        picture.text(plot.x(world.last) + 6, plot.y(points[-1][1]) + 4, f"{habit} ({number:,} persons)", colour, 12)
        print(f"habits: {habit}: {number} persons, online share {points[0][1]:.3f} -> {points[-1][1]:.3f}")
    picture.save(output / f"{world.regime}-habits.svg")


# ---- the move to the web -------------------------------------------------------------------------


def ratio_of_sums(pairs):
    """Returns the ratio of two sums over the same persons, with its interval."""
    upper, lower = sum(y for y, _ in pairs), sum(x for _, x in pairs)
    spread = math.sqrt(sum((y / upper - x / lower) ** 2 for y, x in pairs))
    ratio = upper / lower
    return ratio, ratio * math.exp(-1.96 * spread), ratio * math.exp(1.96 * spread)


def ratio_of_means(first, second):
    """Returns the ratio of the means of two groups, with its interval."""
    parts = []
    for values in (first, second):
        mean = sum(values) / len(values)
        parts.append((mean, sum((value - mean) ** 2 for value in values) / len(values) ** 2 / mean**2))
    ratio, spread = parts[0][0] / parts[1][0], math.sqrt(parts[0][1] + parts[1][1])
    return ratio, ratio * math.exp(-1.96 * spread), ratio * math.exp(1.96 * spread)


def compare_movers(world):
    """Returns (what is compared, what of, estimate) for the orders and the spend of those who moved online."""
    second_year = world.first + 365
    weight = {
        day: float(row["promotion_factor"]) * (float(row["online_factor"]) + float(row["store_factor"])) / 2
        for day, row in world.calendar.items()
    }
    sums = [0.0]
    for day in range(world.first, world.last + 1):
        sums.append(sums[-1] + weight[day])

    def season(first, last):  # the sum of the days' factors: what a person of constant rate would buy
        return sums[last - world.first + 1] - sums[first - world.first]

    # Wholesale buyers are few and large: they would decide every mean.
    old = [
        p
        for p, row in world.persons.items()
        if row["habit"] == "store" and row["kind"] != "wholesale" and world.joined(p) < world.first
    ]
    movers = [p for p in old if p in world.online and world.first + 30 <= world.online[p] < second_year]
    alive = [p for p in movers if p not in world.dropped]
    results = []
    for at, what in enumerate(("orders", "spend")):
        bought = [p for p in old if world.sold(p, world.first, second_year - 1)[0] > 0]
        moved = set(movers)
        after = [world.sold(p, second_year, world.last)[at] for p in bought if p in moved]
        never = [world.sold(p, second_year, world.last)[at] for p in bought if p not in world.online]
        results.append(
            (f"movers against stayers ({len(after)} and {len(never):,})", what, ratio_of_means(after, never))
        )
        for name, group in (("before and after, movers", movers), ("the same, if still active", alive)):
            before = sum(season(world.first, world.online[p] - 1) for p in group)
            since = sum(season(world.online[p], world.last) for p in group)
            pairs = [
                (
                    world.sold(p, world.online[p], world.last)[at] * before / since,
                    world.sold(p, world.first, world.online[p] - 1)[at],
                )
                for p in group
            ]
            results.append((f"{name} ({len(group)})", what, ratio_of_sums(pairs)))
    return results


def draw_movers(world, output):
    results = compare_movers(world)
    truth = 1.25 if world.regime == "real" else 1.05
    picture = Picture(820, 330, "What going online seems to do")
    plot = Plot(picture, (360, 40, 420, 240), (0.5, 3.0), (0, 8))
    for tick in (0.5, 1, 1.5, 2, 2.5, 3):
        picture.line(plot.x(tick), plot.top, plot.x(tick), plot.top + plot.height)
    plot.x_axis((0.5, 1, 1.5, 2, 2.5, 3), lambda tick: f"{tick:g}", "ratio; 1 = no difference")
    picture.line(plot.x(truth), plot.top - 8, plot.x(truth), plot.top + plot.height, GREEN, 2)
    picture.text(plot.x(truth) + 6, plot.top - 4, f"the effect on the rate: {truth:g}", GREEN, 12, "start", True)
    for at, (name, what, (ratio, low, high)) in enumerate(results):
        row = 7.4 - at - (0.6 if at >= 3 else 0)
        colour = BLUE if what == "orders" else ORANGE
        if at % 3 == 0:
            picture.text(20, plot.y(row) + 4, what, colour, 13, "start", True)
        picture.text(350, plot.y(row) + 4, name, INK, 12, "end")
        picture.line(plot.x(low), plot.y(row), plot.x(min(high, 3.0)), plot.y(row), colour, 2)
        picture.dot(plot.x(ratio), plot.y(row), 4.5, colour)
        print(f"movers: {what}: {name}: {ratio:.2f} ({low:.2f} to {high:.2f}); the truth {truth}")
    picture.save(output / f"{world.regime}-movers.svg")


# ---- treatments ----------------------------------------------------------------------------------


def draw_effects(world, output):
    titles = {row["offer"]: row for row in rows_of(world.folder, "offers.csv")}
    cells = {(row["offer"], row["kind"]): row for row in rows_of(world.folder, "effects.csv")}
    picture = Picture(860, 90 + 34 * len(titles), "What noticing an offer does to the purchase rate")
    picture.text(
        20, 24, "factor on the purchase rate at its height; small: factor on the drop-out rate, where not 1", SOFT, 12
    )
    for column, kind in enumerate(KINDS):
        picture.text(410 + 74 * column, 56, kind.replace("_", " "), INK, 11, "middle")
    for at, (offer, row) in enumerate(titles.items()):
        top = 66 + 34 * at
        picture.text(20, top + 21, f"{offer}  {row['title']}", INK, 12)
        picture.text(366, top + 21, row["medium"], SOFT, 11, "end")
        for column, kind in enumerate(KINDS):
            cell = cells[offer, kind]
            factor, dropout = float(cell["rate_factor"]), float(cell["dropout_factor"])
            strength = min(1.0, abs(math.log(factor)) / math.log(2.4))
            tone = (47, 109, 181) if factor >= 1 else (207, 111, 28)
            fill = "#" + "".join(f"{round(255 + (part - 255) * strength):02x}" for part in tone)
            picture.rect(375 + 74 * column, top, 70, 31, fill, RULE)
            ink = "#ffffff" if strength > 0.6 else INK
            picture.text(
                410 + 74 * column - (12 if dropout != 1 else 0), top + 20, f"{factor:.2f}", ink, 12, "middle"
            )
            if dropout != 1:
                picture.text(439 + 74 * column, top + 20, f"{dropout:.1f}", ink, 9, "end")
    picture.save(output / "effects.svg")


def read_assignments(world):
    found = []
    for row in rows_of(world.folder, "assignments_*.csv"):
        treated = row["treated"] == "1"
        found.append(
            (
                row["offer"],
                int(row["person"]),
                float(row["propensity"]),
                treated,
                int(row["orders_untreated"]),
                int(row["orders_treated"]),
                row["campaign"],
            )
        )
    return found


def draw_propensities(assignments, output, regime):
    bins = {True: [0] * 16, False: [0] * 16}
    for _, _, propensity, treated, *_ in assignments:
        bins[treated][int(propensity / 0.05)] += 1
    picture = Picture(760, 320, "Who was treated, by propensity")
    top = math.ceil(max(bins[False]) / 20000) * 20000
    plot = Plot(picture, (80, 42, 480, 226), (0, 0.8), (0, top))
    plot.y_axis(range(0, top + 1, 20000), lambda tick: f"{tick:,}", "decisions")
    plot.x_axis([0, 0.2, 0.4, 0.6, 0.8], lambda tick: f"{tick:.1f}", "propensity as logged, in steps of 0.05")
    for at in range(16):
        for treated, colour, shift in ((False, SOFT, 0.004), (True, ORANGE, 0.026)):
            count = bins[treated][at]
            if count:
                picture.rect(
                    plot.x(at * 0.05 + shift),
                    plot.y(count),
                    plot.x(0.02) - plot.x(0),
                    plot.y(0) - plot.y(count),
                    colour,
                )
    picture.text(590, 90, "left bar: not treated", SOFT, 12)
    picture.text(590, 110, "right bar: treated", ORANGE, 12)
    picture.save(output / f"{regime}-propensities.svg")


def estimate(decisions, weigh):
    """Returns the difference of the weighted means of treated and untreated, with its interval by persons."""
    sums = {True: [0.0, 0.0], False: [0.0, 0.0]}
    for _, _, propensity, treated, untreated_orders, treated_orders, _ in decisions:
        weight = (1 / propensity if treated else 1 / (1 - propensity)) if weigh else 1.0
        sums[treated][0] += weight
        sums[treated][1] += weight * (treated_orders if treated else untreated_orders)
    mean = {treated: total / weights for treated, (weights, total) in sums.items()}
    influence = collections.defaultdict(float)
    for _, person, propensity, treated, untreated_orders, treated_orders, _ in decisions:
        weight = (1 / propensity if treated else 1 / (1 - propensity)) if weigh else 1.0
        off = (treated_orders if treated else untreated_orders) - mean[treated]
        influence[person] += (1 if treated else -1) * weight * off / sums[treated][0]
    spread = 1.96 * math.sqrt(sum(each**2 for each in influence.values()))
    return mean[True] - mean[False], spread


def draw_offers(assignments, output, regime):
    offers = sorted({each[0] for each in assignments})
    picture = Picture(860, 110 + 40 * (len(offers) + 1), "Three answers to what an offer did")
    plot = Plot(picture, (190, 50, 640, 40 * (len(offers) + 1)), (-0.1, 0.3), (len(offers) + 1, 0))
    ticks = (-0.1, -0.05, 0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
    for tick in ticks:
        picture.line(plot.x(tick), plot.top, plot.x(tick), plot.top + plot.height, SOFT if tick == 0 else RULE)
    plot.x_axis(ticks, lambda tick: f"{tick:+.2f}" if tick else "0", "orders in 28 days, treated less untreated")
    picture.text(190, 26, "treated against untreated", ORANGE, 12, "start", True)
    picture.text(400, 26, "weighed by inverse propensity", BLUE, 12, "start", True)
    picture.text(640, 26, "the truth", GREEN, 12, "start", True)
    for at, offer in enumerate([*offers, "all but O12"]):
        decisions = [each for each in assignments if each[0] == offer or (offer[0] == "a" and each[0] != "O12")]
        truth = sum(each[5] - each[4] for each in decisions) / len(decisions)
        naive, naive_spread = estimate(decisions, False)
        weighed, weighed_spread = estimate(decisions, True)
        picture.text(180, plot.y(at + 0.55), f"{offer} ({len(decisions):,})", INK, 12, "end")
        picture.line(plot.x(truth), plot.y(at + 0.1), plot.x(truth), plot.y(at + 0.9), GREEN, 2.5)
        for place, colour, value, spread in (
            (0.3, ORANGE, naive, naive_spread),
            (0.68, BLUE, weighed, weighed_spread),
        ):
            picture.line(
                plot.x(value - spread), plot.y(at + place), plot.x(value + spread), plot.y(at + place), colour, 2
            )
            picture.dot(plot.x(value), plot.y(at + place), 4, colour)
        print(
            f"offers: | {offer} | {len(decisions):,} | {sum(each[3] for each in decisions) / len(decisions):.0%} | "
            f"{naive:+.4f} ± {naive_spread:.4f} | {weighed:+.4f} ± {weighed_spread:.4f} | {truth:+.4f} |"
        )
    picture.save(output / f"{regime}-offers.svg")


# ---- expectations --------------------------------------------------------------------------------


def draw_calibration(world, output):
    picture = Picture(860, 390, "Expected purchases and what then happened")
    days = {person: [each[0] for each in sales] for person, sales in world.sales.items()}
    for place, horizon in enumerate((90, 365)):
        pairs, by_person = [], collections.defaultdict(lambda: [0.0, 0.0])
        for row in rows_of(world.folder, "expectations_*.csv"):
            day, person = day_number(row["day"]), int(row["person"])
            if day + horizon > world.last:
                continue
            expected = float(row[f"purchases_{horizon}d"])
            bought = days.get(person, [])
            happened = bisect.bisect_right(bought, day + horizon) - bisect.bisect_right(bought, day)
            pairs.append((expected, happened))
            by_person[person][0] += happened
            by_person[person][1] += expected
        pairs.sort()
        groups = [pairs[len(pairs) * at // 10 : len(pairs) * (at + 1) // 10] for at in range(10)]
        means = [(sum(e for e, _ in group) / len(group), sum(h for _, h in group) / len(group)) for group in groups]
        top = math.ceil(max(max(pair) for pair in means) * 1.05)
        plot = Plot(picture, (70 + 420 * place, 50, 330, 270), (0, top), (0, top))
        ticks = [top * at / 4 for at in range(5)]
        plot.y_axis(ticks, lambda tick: f"{tick:g}", f"purchases that happened in {horizon} days, mean of a tenth")
        plot.x_axis(ticks, lambda tick: f"{tick:g}", "expected, mean of the tenth")
        plot.curve([(0, 0), (top, top)], SOFT, 1, "4 3")
        for mean in means:
            picture.dot(plot.x(mean[0]), plot.y(mean[1]), 4.5, BLUE)
        ratio, low, high = ratio_of_sums([tuple(each) for each in by_person.values()])
        print(
            f"calibration: {horizon} days: {len(pairs)} expectations of {len(by_person)} persons, "
            "happened / expected "
            f"{ratio:.3f} ({low:.3f} to {high:.3f}); tenths",
            [f"{e:.2f}/{h:.2f}" for e, h in means],
        )
    picture.save(output / f"{world.regime}-calibration.svg")


def main():
    if len(sys.argv) != 3 or not Path(sys.argv[1], "truth").is_dir():
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    output = Path(sys.argv[2])
    output.mkdir(parents=True, exist_ok=True)
    draw_parts(output)
    draw_chance(output)
    draw_regimes(output)
    world = World(sys.argv[1])
    if len(world.persons) < PERSONS_MIN or world.last - world.first < DAYS_MIN:
        print(
            f"A world of {PERSONS_MIN:,} customers and {DAYS_MIN} days at least has enough to draw.", file=sys.stderr
        )
        return 1
    print(f"regime: {world.regime}; went online: {len(world.online)}")
    draw_alive(world, output)
    draw_calibration(world, output)
    if world.regime == "textbook":
        return 0
    draw_movers(world, output)
    assignments = read_assignments(world)
    draw_offers(assignments, output, world.regime)
    if world.regime == "real":
        draw_year(world, output)
        draw_habits(world, output)
        draw_effects(world, output)
        draw_propensities(assignments, output, world.regime)
    return 0


if __name__ == "__main__":
    sys.exit(main())
