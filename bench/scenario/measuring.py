"""What the scenarios share: timing a program, running the bare engine, writing a row of the ledger."""

import ctypes
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time
import typing

ROOT = pathlib.Path(__file__).resolve().parents[2]
LEDGER = ROOT / "bench/ledger.jsonl"


class Timed(typing.NamedTuple):
    """What a command printed and took. On a machine that others use too, processor seconds tell more than seconds."""

    printed: str
    seconds: float
    processor_seconds: float
    peak_bytes: int


def timed(command, folder=None):
    """Runs a command, which must succeed."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            sys.exit(f"failed: {command}")
        output.seek(0)
        return Timed(output.read().decode(), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def run_engine(statements, path, folder=None):
    """Runs statements with the engine alone, in a process of its own, on the database file; returns its seconds."""
    return timed([sys.executable, __file__, statements, str(path)], folder).seconds


def engine():
    library = next(ROOT.glob("third_party/duckdb/node_modules/@duckdb/node-bindings-linux-*/libduckdb.so"))
    return ctypes.CDLL(str(library))


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


def ledger_row(bench, **figures):
    """Returns a row: when, at which commit, on what machine, then the figures; what is None is left out."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    row = {
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "bench": bench,
    }
    return row | {key: value for key, value in figures.items() if value is not None}


def append_row(ledger, row):
    with open(ledger, "a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    print(json.dumps(row, indent=2))


if __name__ == "__main__":
    execute(*sys.argv[1:])
