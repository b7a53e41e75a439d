#!/usr/bin/env python3
"""How long past days take in a published store, beside the engine alone.

usage: bench/scenario/timeline.py PROGRAM [--customers N] [--days D] [--folder FOLDER] [--ledger FILE]

The world of run_generated.py is made where it is not there, and run once; the store is kept in FOLDER. PROGRAM has
hilo_bench_timeline beside it, which measures in one process, the peer in turn with us, both warm, both writing the same
table; it must find no row that differs.

timeline.flat_day: all attributes of every customer, on a day half a year before the last. The first time reads the
history from the file, and is told in the note. The peer is DuckDB alone with the same canonical definitions, over its
own tables, which the store keeps in order of customers and time. timeline.segment_days: the size of all segments on
each day of a year, from a store that was just opened; three of the days are compared with what each day's flat table
gives. Its peer is the time that DuckDB takes for the attributes of one day, times 365: the rules come free.
timeline.load: the events into memory, in the columns that the definitions read, in the order of customers; its peer is
DuckDB, which counts what is not null in the same columns and orders nothing. timeline.join: all customers of a day as
labels of the next day's beginning, with all attributes as they were known then, by `hilo timeline join`; its peer
computes the attributes of a day as corrected now, as in flat_day, which knows nothing of what was known.
timeline.disk: what the history takes of the store's file, as `hilo timeline stats` tells it; its peer is the flat
table as one Parquet file a day, estimated from DISK_DAYS days; the ratio is how many times larger that is.
"""

import json
import pathlib
import subprocess
import sys

from measuring import ledger_row, timed
from run_generated import fresh_workspace, generate, measure_world, run

DISK_DAYS = 20
JOIN_DAYS_BACK = 92


def workspace_of(arguments):
    folder = pathlib.Path(arguments.folder).resolve() / f"{arguments.customers}x{arguments.days}"
    generate(arguments.program, folder / "world", arguments, arguments.days)
    workspace = folder / "timeline"
    if not list(workspace.glob("store/generation-*.duckdb")):
        fresh_workspace(folder / "world", workspace)
        run(arguments.program, workspace)
    return workspace


def disk_row(arguments, workspace):
    command = [arguments.program, "timeline", "stats", "--json", "--days", str(DISK_DAYS), "-C", str(workspace)]
    taken = timed(command)
    figures = json.loads(taken.printed)
    history, dense = figures["history"], figures["dense"]
    within = 200 * dense["standard_error"] / dense["bytes"] if dense["standard_error"] is not None else None
    known = "not known how well" if within is None else f"within {within:.1f} % (twice the standard error)"
    return ledger_row(
        "timeline.disk",
        rows=figures["customer_days"],
        seconds=round(taken.seconds, 2),
        peak_bytes=taken.peak_bytes,
        bytes=history["bytes"],
        peer="the flat table as one Parquet file a day, zstd",
        peer_bytes=dense["bytes"],
        ratio=round(dense["bytes"] / history["bytes"], 2),
        note=f"{arguments.customers} customers, {figures['customers']} found, {figures['days']} days, "
        f"{figures['columns']} columns; the history takes {figures['percent_of_dense']:.2f} % of the peer, what the "
        f"definitions read of it {figures['percent_of_dense_read']:.2f} %; {history['per_customer_day']:.2f} bytes per "
        f"customer-day, the peer {dense['per_customer_day']:.2f}; the peer is estimated from {len(dense['sample'])} "
        f"days, {known}; the whole store has {figures['store_bytes']} bytes",
    )


def ask(arguments, workspace, query):
    command = [arguments.program, "sql", "--csv", "-C", str(workspace), query]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def join_row(arguments, workspace, size, peer_seconds):
    labels, joined = workspace.with_name("labels.csv"), workspace.with_name("joined.parquet")
    day = ask(arguments, workspace, f"select day - {JOIN_DAYS_BACK} as day from meta").splitlines()[1]
    query = f"select customer_id, date '{day}' + 1 as instant from customers_on('{day}') order by customer_id"
    labels.write_text(ask(arguments, workspace, query))
    command = [arguments.program, "timeline", "join", "--json", "--labels", str(labels), "-o", str(joined)]
    taken = timed([*command, "-C", str(workspace)])
    figures = json.loads(taken.printed)
    labels.unlink()
    joined.unlink()
    return ledger_row(
        "timeline.join",
        rows=figures["rows"],
        seconds=round(figures["seconds"], 2),
        peak_bytes=taken.peak_bytes,
        peer="DuckDB alone, the attributes of the day as corrected now",
        peer_seconds=round(peer_seconds, 3),
        ratio=round(peer_seconds / figures["seconds"], 3),
        note=f"{size}; one instant, {figures['unknown']} labels of customers who were not known then",
    )


def measure(arguments):
    workspace = workspace_of(arguments)
    yield disk_row(arguments, workspace)
    taken = timed([str(pathlib.Path(arguments.program).with_name("hilo_bench_timeline")), str(workspace)])
    figures = json.loads(taken.printed)
    flat, segments, load = figures["flat_day"], figures["segment_days"], figures["load"]
    if flat["different_rows"]:
        sys.exit(f"{flat['different_rows']} rows differ from the engine's")
    if segments["different"]:
        sys.exit(f"{segments['different']} sizes of segments differ from those of the day's flat table")
    size = f"{arguments.customers} customers, {arguments.days} days, {figures['events']} events"
    yield ledger_row(
        "timeline.load",
        rows=load["rows"],
        seconds=round(load["seconds"], 3),
        peer="DuckDB alone, counts in the same columns",
        peer_seconds=round(load["peer_seconds"], 3),
        ratio=round(load["peer_seconds"] / load["seconds"], 3),
        note=f"{size}; {load['columns']} columns",
    )
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
        note=f"{size}; {segments['segments']} segments on {segments['days']} days",
    )
    yield join_row(arguments, workspace, size, flat["peer_seconds"])


if __name__ == "__main__":
    measure_world(__doc__, measure)
