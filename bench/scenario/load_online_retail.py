#!/usr/bin/env python3
"""How long one load of the example retailer takes, beside the bare engine doing the least that must be done.

usage: bench/scenario/load_online_retail.py PROGRAM [--rounds N] [--data FOLDER] [--ledger FILE]

Hilo reads both yearly exports, logs every row, standardises, links, builds the history and the flat table, and
publishes a store. The baseline is DuckDB alone: it reads the same files into a table with known types, counts the
overlap once, and writes the customers with six figures to a file: no log, no rejects, no identity, no past days. Its
answer is checked as Hilo's is. The two run in turn; the ratio is taken round by round, as the machine's speed drifts.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import sys
import tempfile

from measuring import LEDGER, ROOT, append_row, ledger_row, run_engine, timed

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


def run_baseline(files, folder):
    """Loads the files with the engine alone, in a process of its own; returns its seconds."""
    names = ", ".join(f"'{file}'" for file in files)
    return run_engine(BASELINE.format(files=names, lines=LINES), folder / "baseline.duckdb")


def run_hilo(program, data, folder):
    """Runs the example over the data in a fresh workspace; returns the report, its seconds and its peak memory."""
    workspace = folder / "shop"
    shutil.copytree(ROOT / "examples/online-retail", workspace)
    (workspace / "data").symlink_to(data)
    with (workspace / "hilo.yaml").open("a") as settings:
        settings.write(f"\nsources:\n  folders: ['{data}']\n")
    taken = timed([program, "run", "--json", "-C", str(workspace)])
    report = json.loads(taken.printed)
    if report["items"] != LINES:
        sys.exit(f"{report['items']} lines were loaded, not {LINES}")
    return report, taken.seconds, taken.peak_bytes


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
    hilo = statistics.median(each for each, _ in rounds)
    ratios = sorted(baseline / each for each, baseline in rounds)
    where = {name: round(statistics.median(each[name] for each in passes), 2) for name in passes[0]}
    return ledger_row(
        "run.online_retail",
        rows=LINES,
        seconds=round(hilo, 2),
        peak_bytes=max(peaks),
        peer="DuckDB alone: read, dedupe, aggregate, write",
        peer_seconds=round(statistics.median(baseline for _, baseline in rounds), 2),
        ratio=round(statistics.median(ratios), 3),
        note=f"{len(rounds)} rounds, ratio {ratios[0]:.3f} to {ratios[-1]:.3f}; seconds by pass: {json.dumps(where)}",
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the release program")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--data", default=os.environ.get("HILO_RETAIL_DATA", ROOT / "../shared/data/retail/online_retail_ii")
    )
    parser.add_argument("--ledger", default=LEDGER)
    arguments = parser.parse_args()
    arguments.data = pathlib.Path(arguments.data).resolve()
    append_row(arguments.ledger, measure(arguments))


if __name__ == "__main__":
    main()
