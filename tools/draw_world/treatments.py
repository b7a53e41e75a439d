"""What offers do, who got them, and what is found of their effects."""

import math

from estimates import estimate
from picture import BLUE, GREEN, INK, ORANGE, RULE, SOFT, Picture, Plot
from world import rows_of

KINDS = ["loyal", "bargain_hunter", "browser", "occasional", "drifting", "wholesale"]


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
