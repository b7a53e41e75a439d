"""A temporary workspace, and the real program run in it.

The program's path stands in the environment variable HILO. Every test makes its own workspace, which is removed after
it. Files get times of modification of their own, one second apart, so that two workspaces made alike are alike.
"""

import csv
import ctypes
import fcntl
import gzip
import hashlib
import io
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unittest

HILO = os.environ.get("HILO", "")
ROOT = pathlib.Path(__file__).resolve().parents[2]
NOW = "2024-07-01T06:00:00Z"
TIMEOUT_SECONDS = 300
BUILT_FROM = re.compile(r"'built_from': \w+")

SETTINGS = "name: Test shop\ncurrency: EUR\ntime_zone: Europe/Madrid\nregion: ES\nengine:\n  threads: 2\n"

# Attributes that every test can predict by hand.
ATTRIBUTES = """select
  count(*)    filter (where type = 'order') as orders,
  sum(amount) filter (where type = 'order') as revenue,
  max(time)   filter (where type = 'order') as last_order_at
from events
"""


def gzipped(data):
    """The same bytes for the same content: no time of day in the header."""
    return gzip.compress(_bytes(data), mtime=0)


def zstandard(data):
    """A zstd frame of stored blocks: the standard library has no compressor, and a reader cannot tell."""
    data = _bytes(data)
    frame = b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data))
    block = 100_000
    starts = list(range(0, len(data), block)) or [0]
    for start in starts:
        part = data[start : start + block]
        last = 1 if start == starts[-1] else 0
        frame += struct.pack("<I", last | len(part) << 3)[:3] + part
    return frame


def _bytes(data):
    return data.encode() if isinstance(data, str) else data


def change_store(generation, statement):
    """Runs a statement in a generation's file by the engine's library, as a program that is not ours would."""
    library = next(ROOT.glob("third_party/duckdb/node_modules/@duckdb/node-bindings-linux-*/libduckdb.so"))
    engine = ctypes.CDLL(str(library))
    database, connection = ctypes.c_void_p(), ctypes.c_void_p()
    assert engine.duckdb_open(str(generation).encode(), ctypes.byref(database)) == 0
    assert engine.duckdb_connect(database, ctypes.byref(connection)) == 0
    assert engine.duckdb_query(connection, statement.encode(), None) == 0
    engine.duckdb_disconnect(ctypes.byref(connection))
    engine.duckdb_close(ctypes.byref(database))


class Outcome:
    """What one command did: exit code, standard output, standard error."""

    def __init__(self, done):
        self.args = done.args
        self.code = done.returncode
        self.out = done.stdout.decode("utf-8")
        self.err = done.stderr.decode("utf-8")

    def json(self):
        return json.loads(self.out)

    def csv(self):
        """The rows as dicts."""
        return list(csv.DictReader(io.StringIO(self.out, newline="")))

    def __str__(self):
        return f"{self.args}\nexit code {self.code}\nstdout: {self.out[:3000]}\nstderr: {self.err[:3000]}"


class Workspace:
    """A folder with hilo.yaml, definitions and data."""

    def __init__(self, root, files):
        self.root = pathlib.Path(root)
        self.root.mkdir(parents=True)
        self.written = 0
        self.write({"hilo.yaml": SETTINGS, "attributes/basic.sql": ATTRIBUTES} | files)

    @classmethod
    def at(cls, root):
        """The workspace that stands there; nothing is written."""
        workspace = cls.__new__(cls)
        workspace.root, workspace.written = pathlib.Path(root), 0
        return workspace

    def write(self, files):
        """Writes files given as text or bytes; None removes one."""
        for name, data in files.items():
            path = self.root / name
            if data is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_bytes(data))
            self.written += 1
            os.utime(path, (1_700_000_000 + self.written,) * 2)

    def hilo(self, *args, cwd=None):
        """Runs a command in the workspace, its output in pipes."""
        done = subprocess.run(
            [HILO, *args],
            cwd=cwd or self.root,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            stdin=subprocess.DEVNULL,
        )
        return Outcome(done)

    def on_terminal(self, *args, width=80):
        """What a command shows on a terminal that wide, with its colours; it must succeed."""
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        process = subprocess.Popen(
            [HILO, *args],
            cwd=self.root,
            stdout=its,
            stderr=its,
            stdin=subprocess.DEVNULL,
            env=environment | {"TERM": "xterm-256color", "HILO_PAGER": ""},
        )
        os.close(its)
        shown = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # so a terminal ends on Linux
                break
            if not part:
                break
            shown += part
        os.close(ours)
        if process.wait() != 0:
            raise AssertionError(f"{args}: {shown!r}")
        return shown.decode()

    def run(self, now=NOW):
        """`hilo run`, which must succeed; returns its report."""
        return self._report("run", "--json", "--now", now)

    def rebuild(self):
        return self._report("rebuild", "--json")

    def _report(self, *args):
        outcome = self.hilo(*args)
        if outcome.code != 0:
            raise AssertionError(str(outcome))
        return outcome.json()

    def sql(self, query):
        """The rows of a query as dicts with JSON's types; contact data may be asked."""
        outcome = self.hilo("sql", "--reveal", "--json", query)
        if outcome.code != 0:
            raise AssertionError(str(outcome))
        return outcome.json()

    def rows(self, query):
        """The rows of a query as tuples."""
        return [tuple(row.values()) for row in self.sql(query)]

    def value(self, query):
        rows = self.rows(query)
        if len(rows) != 1 or len(rows[0]) != 1:
            raise AssertionError(f"{query}: {rows}")
        return rows[0][0]

    def customer(self, who, *args):
        outcome = self.hilo("customer", who, "--json", *args)
        if outcome.code != 0:
            raise AssertionError(str(outcome))
        return outcome.json()

    def customer_id(self, who):
        return self.customer(who)["customer_id"]

    def rejects(self, *args):
        outcome = self.hilo("rejects", "--json", *args)
        if outcome.code != 0:
            raise AssertionError(str(outcome))
        return outcome.json()["rejects"]

    def tables(self):
        """Every table and view of every schema, by name."""
        return [
            f'"{row["table_schema"]}"."{row["table_name"]}"'
            for row in self.sql("select table_schema, table_name from information_schema.tables order by all")
        ]

    def dump(self):
        """{table: its columns and its rows in order}: the whole content of the store."""
        tables = self.tables()
        columns = {}
        for row in self.sql(
            "select table_schema, table_name, column_name, data_type from information_schema.columns "
            "order by table_schema, table_name, ordinal_position"
        ):
            name = f'"{row["table_schema"]}"."{row["table_name"]}"'
            columns.setdefault(name, []).append((row["column_name"], row["data_type"]))
        content = {name: {"columns": columns[name], "rows": []} for name in tables}
        # One question instead of thirty: each row as the text of a struct, which tells null from empty.
        parts = [f"select {number} as n, x::varchar as line from {name} x" for number, name in enumerate(tables)]
        outcome = self.hilo("sql", "--reveal", "--csv", " union all ".join(parts) + " order by all")
        if outcome.code != 0:
            raise AssertionError(str(outcome))
        for row in outcome.csv():
            content[tables[int(row["n"])]]["rows"].append(row["line"])
        return content

    def state(self):
        """Name and content hash of every file in log/ and store/, to tell whether anything was touched."""
        state = {}
        for folder in ("log", "store"):
            for path in sorted((self.root / folder).rglob("*")):
                name = str(path.relative_to(self.root))
                state[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        return state

    def leftovers(self):
        """What a run must not leave behind."""
        left = [
            str(path.relative_to(self.root))
            for path in self.root.rglob("*")
            if path.name.endswith((".unfinished", ".wal", ".tmp"))
        ]
        left += [f"log/{path.name}" for path in (self.root / "log").iterdir() if not path.name.isdigit()]
        generations = sorted((self.root / "store").glob("generation-*.duckdb"))
        left += [f"store/{path.name}" for path in (self.root / "store").iterdir() if path not in generations[-1:]]
        return left

    def remove(self, folder):
        shutil.rmtree(self.root / folder)


_FIRST_RUNS = {}  # the files of a workspace -> the folder with what its first run made of them


def _temporary_folder():
    """Where tests make their folders: no workspace stands there or above. One forgotten in /tmp would be found from
    every test that asks what a command does outside of a workspace."""
    folders = [pathlib.Path(folder).resolve() for folder in (tempfile.gettempdir(), "/var/tmp", "/dev/shm")]
    for folder in folders:
        if os.access(folder, os.W_OK) and not any((at / "hilo.yaml").exists() for at in (folder, *folder.parents)):
            return folder
    raise AssertionError(f"a workspace stands above every folder for temporary files: {folders}; remove its hilo.yaml")


def _copy_made(source, target):
    for folder in ("log", "store"):
        shutil.copytree(source / folder, target / folder)
    shutil.copy2(source / ".hilo.runs.jsonl", target / ".hilo.runs.jsonl")


class HiloTest(unittest.TestCase):
    """Gives each test a temporary folder and the assertions that many share."""

    maxDiff = 4000

    def setUp(self):
        self.assertTrue(HILO, "the environment variable HILO must name the program")
        holder = tempfile.TemporaryDirectory(prefix="hilo-test-", dir=_temporary_folder())
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.made = 0

    def workspace(self, files=None):
        self.made += 1
        return Workspace(self.folder / f"shop{self.made}", files or {})

    def workspace_that_ran(self, files=None):
        """As workspace(), after its first run. Of the same files that is done once: later ones get copies of what it
        made, which a run anew would make again to the byte."""
        workspace = self.workspace(files)
        key = tuple((name, _bytes(data)) for name, data in (files or {}).items())
        kept = _FIRST_RUNS.get(key)
        if kept is None:
            workspace.run()
            holder = tempfile.TemporaryDirectory(prefix="hilo-test-")
            unittest.addModuleCleanup(holder.cleanup)
            unittest.addModuleCleanup(_FIRST_RUNS.pop, key)
            kept = _FIRST_RUNS[key] = pathlib.Path(holder.name)
            _copy_made(workspace.root, kept)
        else:
            _copy_made(kept, workspace.root)
        return workspace

    def begun(self, workspace, sign, *args):
        """A command that has come so far that a file which matches `sign` stands there; it ends with the test."""
        process = subprocess.Popen(
            [HILO, *args],
            cwd=workspace.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A shell that runs the tests in the background has told them to ignore the signal.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        self.addCleanup(process.kill)
        until = time.monotonic() + TIMEOUT_SECONDS
        while not list(workspace.root.glob(sign)):
            self.assertIsNone(process.poll(), "it ended too early")
            self.assertLess(time.monotonic(), until)
            time.sleep(0.002)
        return process

    def assert_fails(self, outcome, code, *texts):
        """The command failed with the exit code and said each of the texts, on standard error and without a crash."""
        self.assertEqual(outcome.code, code, str(outcome))
        for text in texts:
            self.assertIn(text, outcome.err + outcome.out, str(outcome))
        self.assertNotIn("terminate called", outcome.err)
        self.assertNotIn("Sanitizer", outcome.err)

    def assert_refused(self, workspace, code, *texts, now=NOW):
        """A run fails so, and log/ and store/ are as before; the program can still be used."""
        before = workspace.state()
        outcome = workspace.hilo("run", "--now", now)
        self.assert_fails(outcome, code, *texts)
        after = workspace.state()
        after.pop("store", None) if "store" not in before else None
        after.pop("log", None) if "log" not in before else None
        self.assertEqual(
            {k: v for k, v in after.items() if not k.endswith(".lock")},
            {k: v for k, v in before.items() if not k.endswith(".lock")},
        )
        return outcome

    def assert_same_store(self, one, other, same_log=True):
        """Two dumps are the same, table by table. Of logs that say the same in other words, but for what names them."""

        def rows(content):
            return content["rows"] if same_log else [BUILT_FROM.sub("", row) for row in content["rows"]]

        self.assertEqual(list(one), list(other))
        for table, content in one.items():
            self.assertEqual(content["columns"], other[table]["columns"], table)
            self.assertEqual(rows(content), rows(other[table]), table)

    def assert_reject(self, rejects, **expected):
        """Exactly one reject has these fields (reason: a part of it)."""
        reason = expected.pop("reason", "")
        found = [
            reject
            for reject in rejects
            if all(reject[key] == value for key, value in expected.items()) and reason in reject["reason"]
        ]
        self.assertEqual(len(found), 1, json.dumps(rejects, indent=1, ensure_ascii=False)[:3000])
        return found[0]
