#!/usr/bin/env python3
"""How long it takes to make a simulated retailer, to run on it, and to run again a day later.

usage: bench/scenario/run_generated.py PROGRAM [--customers N] [--days D] [--folder FOLDER] [--ledger FILE]

world.generate: `hilo generate`; its memory must stay below a gigabyte. Made once and kept in FOLDER/world; a row is
written only when it is made. run.full: `hilo run` on a fresh copy of it. run.next_day: the same world is made with one
day more (elsewhere, once); its files of past months must be the same, byte for byte; what is new or longer is copied
into the workspace, and `hilo run` runs again.

The peer of run.full is DuckDB alone: it runs the queries of all sources over the same files into tables, and writes the
people of each source with six figures to a file: no log, no rejects, no identity, no past days.
"""

import argparse
import datetime
import filecmp
import json
import pathlib
import re
import shutil
import sys

from measuring import LEDGER, ROOT, append_row, ledger_row, run_engine, timed

PEAK_BYTES_MAX = 1 << 30
OPENED_ON = datetime.date(2023, 1, 1)
MONTH_FILE = re.compile(r"_(\d{4}-\d{2})\.")
PERSON = ("source_id", "loyalty_id", "email", "phone", "device_id")
FIGURES = """create table customers as select person, count(distinct order_id) filter (type = 'order') as orders,
  sum(amount) filter (type = 'order') as revenue, max(time) filter (type = 'order') as last_order_at,
  min(time) as since, sum(amount) filter (type = 'return') as returned, count(*) as lines
  from sold where person is not null group by person order by person;
"""

# What the engine calls by another name than Hilo does, or wants to be told of.
ENGINE_WORDS = {
    "encoding = 'utf-16le'": "encoding = 'utf-16'",
    "decimal_separator = ','": "decimal_separator = ',', thousands = '.'",
}


def generate(program, folder, arguments, days):
    """Makes a world unless it is there; returns its report and what it took, or nothing."""
    if folder.exists():
        return None
    folder.parent.mkdir(parents=True, exist_ok=True)
    size = ["--customers", str(arguments.customers), "--days", str(days)]
    taken = timed([program, "generate", "-o", str(folder), "--seed", "1", "--json", *size])
    if taken.peak_bytes >= PEAK_BYTES_MAX:
        sys.exit(f"`hilo generate` took {taken.peak_bytes} bytes of memory, more than a gigabyte")
    return json.loads(taken.printed), taken


def run(program, workspace):
    taken = timed([program, "run", "--json", "-C", str(workspace)])
    return json.loads(taken.printed), taken


def where_time_goes(report, taken):
    passes = json.dumps({each["name"]: round(each["seconds"], 2) for each in report["passes"]})
    return f"{taken.processor_seconds:.0f} processor seconds; seconds by pass: {passes}"


def rows_taken(report):
    return sum(source["rows"] for source in report["sources"])


def world_row(made, arguments):
    report, taken = made
    return ledger_row(
        "world.generate",
        rows=sum(report["rows"].values()),
        seconds=round(taken.seconds, 2),
        peak_bytes=taken.peak_bytes,
        note=f"{arguments.customers} customers, {report['days']} days, {report['bytes']} bytes in {report['files']} "
        f"files, {report['purchases']} purchases; {where_time_goes(report, taken)}",
    )


def engine_statements(workspace):
    """The queries of all sources, run by the engine itself, and the customers of those that tell of sales."""
    statements, sales = [], []
    for path in sorted((workspace / "sources").glob("*.sql")):
        lines = path.read_text(encoding="utf-8").splitlines()
        query = "\n".join(line for line in lines if not line.lstrip().startswith("--")).rstrip("; \n")
        for ours, its in ENGINE_WORDS.items():
            query = query.replace(ours, its)
        statements.append(f"create table source_{path.stem} as {query};\n")
        if all(re.search(rf"\b{name}\b", query) for name in ("order_id", "amount", "type")):
            people = [name for name in PERSON if re.search(rf"\b{name}\b", query)]
            if people:
                person = ", ".join(f"{name}::varchar" for name in people)
                sales.append(
                    f"select '{path.stem}:' || coalesce({person}) as person, order_id::varchar as order_id, type, "
                    f"time::timestamp as time, amount::decimal(18,4) as amount from source_{path.stem}"
                )
    return "".join(statements) + f"create table sold as {' union all '.join(sales)};\n" + FIGURES + "checkpoint;\n"


def engine_seconds(workspace, folder):
    """Seconds of the bare engine, or nothing where it cannot read what a silo writes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        return run_engine(engine_statements(workspace), folder / "peer.duckdb", workspace)
    except SystemExit:
        print("no peer: the engine cannot read these files as the sources' queries stand", file=sys.stderr)
        return None
    finally:
        shutil.rmtree(folder)


def fresh_workspace(world, workspace):
    """A workspace with the world's definitions and data and nothing of earlier runs; files are linked, not copied."""
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(world, workspace, copy_function=lambda a, b: pathlib.Path(b).hardlink_to(a))


def bring_next_day(longer, workspace, days):
    """Copies what a day more brought into the workspace. Returns how many files are the same, and how many came."""
    same, came = 0, 0
    new_day = OPENED_ON + datetime.timedelta(days=days)
    for path in sorted((longer / "data").rglob("*")):
        if path.is_dir():
            continue
        target = workspace / path.relative_to(longer)
        if target.exists() and filecmp.cmp(path, target, shallow=False):
            same += 1
            continue
        month = MONTH_FILE.search(path.name)
        if target.exists() and month and month[1] != f"{new_day:%Y-%m}":
            sys.exit(f"{path} is not what the shorter world has under this name")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # a link to the world's own file, which must stay as it is
        shutil.copy2(path, target)
        came += 1
    if came == 0:
        sys.exit("a day more brought no file")
    return same, came


def measure(arguments):
    folder = pathlib.Path(arguments.folder).resolve() / f"{arguments.customers}x{arguments.days}"
    made = generate(arguments.program, folder / "world", arguments, arguments.days)
    if made:
        yield world_row(made, arguments)
    generate(arguments.program, folder / "longer", arguments, arguments.days + 1)
    workspace = folder / "workspace"
    fresh_workspace(folder / "world", workspace)
    peer = engine_seconds(workspace, folder / "peer")
    report, taken = run(arguments.program, workspace)
    size = f"{arguments.customers} customers, {arguments.days} days"
    yield ledger_row(
        "run.full",
        rows=rows_taken(report),
        seconds=round(taken.seconds, 2),
        peak_bytes=taken.peak_bytes,
        peer="DuckDB alone: the sources' queries, customers with six figures" if peer else None,
        peer_seconds=round(peer, 2) if peer else None,
        ratio=round(peer / taken.seconds, 3) if peer else None,
        note=f"{size}; {report['customers']} found, {report['events']} events, {report['rejects']} rejects; "
        f"{where_time_goes(report, taken)}",
    )
    same, came = bring_next_day(folder / "longer", workspace, arguments.days)
    report, taken = run(arguments.program, workspace)
    yield ledger_row(
        "run.next_day",
        rows=rows_taken(report),
        seconds=round(taken.seconds, 2),
        peak_bytes=taken.peak_bytes,
        note=f"{size} and one day; {came} files came, {same} are the same; {where_time_goes(report, taken)}",
    )
    shutil.rmtree(workspace)


def measure_world(description, measure):
    """The command line of scenarios over a generated world; each row that `measure` yields goes into the ledger."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the release program")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--folder", default=ROOT / "build/bench")
    parser.add_argument("--ledger", default=LEDGER)
    arguments = parser.parse_args()
    arguments.program = str(pathlib.Path(arguments.program).resolve())
    for row in measure(arguments):
        append_row(arguments.ledger, row)


if __name__ == "__main__":
    measure_world(__doc__, measure)
