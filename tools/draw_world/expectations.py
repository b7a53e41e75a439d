"""What was expected against what happened."""

import bisect
import collections
import math

from days import day_number
from estimates import ratio_of_sums
from picture import BLUE, SOFT, Picture, Plot
from world import rows_of


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
