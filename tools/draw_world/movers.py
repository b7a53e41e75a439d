"""What going online seems to do, by comparisons that an analyst might make."""

from estimates import ratio_of_means, ratio_of_sums
from picture import BLUE, GREEN, INK, ORANGE, Picture, Plot


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
