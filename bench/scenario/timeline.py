#!/usr/bin/env python3
"""How long past days take in a published store, beside the engine alone.

usage: bench/scenario/timeline.py PROGRAM [--customers N] [--days D] [--folder FOLDER] [--ledger FILE]

The world of run_generated.py is made where it is not there, and run once; the store is kept in FOLDER. PROGRAM has
hilo_bench_timeline beside it, which measures in one process, the peer in turn with us, both warm, both writing the same
table; it must find no row that differs.

timeline.flat_day: all attributes of every customer, on a day half a year before the last. The first time reads the
history from the file, and is told in the note. The peer is DuckDB alone with the same canonical definitions, over its
own tables, which the store keeps in order of customers and time. timeline.segment_days: the members of all segments on
20 days, one after another, counted. Its peer is the time that DuckDB takes for the attributes of one day, times 20: the
rules come free.
"""

import json
import pathlib
import sys

from measuring import ledger_row, timed
from run_generated import fresh_workspace, generate, measure_world, run

YEARS_DAYS = 1_095


def workspace_of(arguments):
    folder = pathlib.Path(arguments.folder).resolve() / f"{arguments.customers}x{arguments.days}"
    generate(arguments.program, folder / "world", arguments, arguments.days)
    workspace = folder / "timeline"
    if not list(workspace.glob("store/generation-*.duckdb")):
        fresh_workspace(folder / "world", workspace)
        run(arguments.program, workspace)
    return workspace


def measure(arguments):
    workspace = workspace_of(arguments)
    taken = timed([str(pathlib.Path(arguments.program).with_name("hilo_bench_timeline")), str(workspace)])
    figures = json.loads(taken.printed)
    flat, segments = figures["flat_day"], figures["segment_days"]
    if flat["different_rows"]:
        sys.exit(f"{flat['different_rows']} rows differ from the engine's")
    size = f"{arguments.customers} customers, {arguments.days} days, {figures['events']} events"
    yield ledger_row(
        "timeline.flat_day",
        rows=flat["rows"],
        seconds=round(flat["seconds"], 3),
        peak_bytes=taken.peak_bytes,
        peer="DuckDB alone, the same canonical definitions",
        peer_seconds=round(flat["peer_seconds"], 3),
        ratio=round(flat["peer_seconds"] / flat["seconds"], 2),
        note=f"{size}; {flat['columns']} columns; the first time, which reads the history: "
        f"{flat['first_seconds']:.2f} s",
    )
    peer = flat["peer_seconds"] * segments["days"]
    yield ledger_row(
        "timeline.segment_days",
        rows=segments["members"],
        seconds=round(segments["seconds"], 3),
        peer="DuckDB alone, the attributes of each day, without the rules",
        peer_seconds=round(peer, 3),
        ratio=round(peer / segments["seconds"], 2),
        note=f"{size}; {segments['segments']} segments on {segments['days']} days; {YEARS_DAYS} days at this rate: "
        f"{segments['seconds'] / segments['days'] * YEARS_DAYS:.0f} s",
    )


if __name__ == "__main__":
    measure_world(__doc__, measure)
