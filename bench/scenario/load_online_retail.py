#!/usr/bin/env python3
"""How long one load of the example retailer takes, beside the bare engine doing the least that must be done.

usage: bench/scenario/load_online_retail.py PROGRAM [--rounds N] [--data FOLDER] [--ledger FILE]

Hilo reads both yearly exports, logs every row, standardises, links, builds the history and the flat table, and
publishes a store. The baseline is DuckDB alone: it reads the same files into a table with known types, counts the
overlap once, and writes the customers with six figures to a file: no log, no rejects, no identity, no past days. Its
answer is checked as Hilo's is. The two run in turn; the ratio is taken round by round, as the machine's speed drifts.
"""

import argparse
import ctypes
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINES = 1_044_847
BASELINE = """
create table raw as select *, filename as file, row_number() over () as place from read_csv([{files}], header = true,
  filename = true, types = {{'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'CustomerID': 'VARCHAR'}});
create table lines as select * from raw semi join (select InvoiceNo, max(file) as file from raw group by InvoiceNo)
  using (InvoiceNo, file);
select case when count(*) <> {lines} then error('the baseline has other lines') end from lines;
create table orders as select InvoiceNo, min(CustomerID) as customer, min(InvoiceDate) as time,
  sum(Quantity * UnitPrice) as amount, InvoiceNo like 'C%' as is_return from lines group by InvoiceNo;
create table customers as select customer, count(*) filter (not is_return) as orders, sum(amount) filter (not is_return)
  as revenue, max(time) as last_order_at, min(time) as since, sum(amount) filter (is_return) as returned
  from orders where customer is not null group by customer order by customer;
drop table raw;
checkpoint;
"""


def engine():
    library = next(ROOT.glob("third_party/duckdb/node_modules/@duckdb/node-bindings-linux-*/libduckdb.so"))
    return ctypes.CDLL(str(library))


def timed(command):
    """Runs a command; returns what it printed, its seconds and its peak memory in bytes."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            sys.exit(f"failed: {command}")
        output.seek(0)
        return output.read().decode(), seconds, usage.ru_maxrss * 1024


def run_baseline(files, folder):
    """Loads the files with the engine alone, in a process of its own; returns its seconds."""
    names = ", ".join(f"'{file}'" for file in files)
    statements = BASELINE.format(files=names, lines=LINES)
    _, seconds, _ = timed([sys.executable, __file__, "--statements", statements, str(folder / "baseline.duckdb")])
    return seconds


def execute(statements, path):
    duckdb = engine()
    database, connection = ctypes.c_void_p(), ctypes.c_void_p()
    if duckdb.duckdb_open(str(path).encode(), ctypes.byref(database)) != 0:
        sys.exit(f"{path} cannot be opened")
    duckdb.duckdb_connect(database, ctypes.byref(connection))
    for statement in statements.split(";\n"):
        if statement.strip() and duckdb.duckdb_query(connection, statement.encode(), None) != 0:
            sys.exit(f"failed: {statement}")
    duckdb.duckdb_disconnect(ctypes.byref(connection))
    duckdb.duckdb_close(ctypes.byref(database))


def run_hilo(program, data, folder):
    """Runs the example over the data in a fresh workspace; returns the report, its seconds and its peak memory."""
    workspace = folder / "shop"
    shutil.copytree(ROOT / "examples/online-retail", workspace)
    (workspace / "data").symlink_to(data)
    printed, seconds, peak = timed([program, "run", "--json", "-C", str(workspace)])
    report = json.loads(printed)
    if report["items"] != LINES:
        sys.exit(f"{report['items']} lines were loaded, not {LINES}")
    return report, seconds, peak


def measure(arguments):
    files = sorted(pathlib.Path(arguments.data).glob("online_retail_*.csv*"))
    if not files:
        sys.exit(f"no online_retail_*.csv in {arguments.data}: see README.md on where to get them")
    rounds, passes, peaks = [], [], []
    for number in range(arguments.rounds):
        with tempfile.TemporaryDirectory(prefix="hilo-bench-") as name:
            folder = pathlib.Path(name)
            baseline = run_baseline(files, folder)
            report, hilo, peak = run_hilo(arguments.program, arguments.data, folder)
        rounds.append((hilo, baseline))
        peaks.append(peak)
        passes.append({each["name"]: each["seconds"] for each in report["passes"]})
        print(f"round {number + 1}: hilo {hilo:.1f} s, engine alone {baseline:.1f} s, ratio {baseline / hilo:.3f}")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    hilo = statistics.median(each for each, _ in rounds)
    ratios = sorted(baseline / each for each, baseline in rounds)
    where = {name: round(statistics.median(each[name] for each in passes), 2) for name in passes[0]}
    return {
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "bench": "run.online_retail",
        "rows": LINES,
        "seconds": round(hilo, 2),
        "peak_bytes": max(peaks),
        "peer": "DuckDB alone: read, dedupe, aggregate, write",
        "peer_seconds": round(statistics.median(baseline for _, baseline in rounds), 2),
        "ratio": round(statistics.median(ratios), 3),
        "note": (
            f"{len(rounds)} rounds, ratio {ratios[0]:.3f} to {ratios[-1]:.3f}; seconds by pass: {json.dumps(where)}"
        ),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", help="the release program")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--data", default=os.environ.get("HILO_RETAIL_DATA", ROOT / "../shared/data/retail/online_retail_ii")
    )
    parser.add_argument("--ledger", default=ROOT / "bench/ledger.jsonl")
    parser.add_argument("--statements", nargs=2, metavar=("SQL", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.statements:
        return execute(*arguments.statements)
    arguments.data = pathlib.Path(arguments.data).resolve()
    row = measure(arguments)
    with open(arguments.ledger, "a", encoding="utf-8") as ledger:
        ledger.write(json.dumps(row) + "\n")
    print(json.dumps(row, indent=2))
    return None


if __name__ == "__main__":
    main()
