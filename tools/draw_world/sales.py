"""Sales over the year, people over their lives, and habits."""

import math

from days import day_text, quarters_between
from picture import BLUE, GREEN, ORANGE, SOFT, Picture, Plot

HABITS = ["store", "hybrid", "online"]


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
    plot.x_axis(quarters_between(world.first, world.last), lambda day: day_text(day)[:7], "quarter that begins")
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
    plot.x_axis(quarters_between(world.first, world.last), lambda day: day_text(day)[:7], "quarter that begins")
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
    quarters = quarters_between(world.first, world.last)
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
