"""Draws the pictures of docs/world.md from a world that `hilo generate` made, and prints the figures in its text.

usage: python3 tools/draw_world WORLD OUTPUT

Call it once for a world of each regime. Reads WORLD/truth and the order lines of WORLD/data; writes OUTPUT/*.svg, the
same bytes for the same world.
"""

import sys
from pathlib import Path

from diagrams import draw_chance, draw_parts, draw_regimes
from expectations import draw_calibration
from movers import draw_movers
from sales import draw_alive, draw_habits, draw_year
from treatments import draw_effects, draw_offers, draw_propensities, read_assignments
from world import World

PERSONS_MIN, DAYS_MIN = 5000, 500


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
