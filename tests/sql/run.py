#!/usr/bin/env python3
"""Golden SQL tests: a text file sets up a workspace, runs Hilo on it, and says what the answers are.

    run.py FILE.test ...            with HILO=path/of/hilo in the environment

A file is a list of sections. Lines that start with # between sections are comments; the first say goal and method.

    file PATH                       writes a file of the workspace: the lines until one that is `----`
    file PATH from REPOSITORY_PATH  copies a file of this repository
    remove PATH                     removes a file of the workspace
    run [now INSTANT]               `hilo run`, which must succeed; left out, the clock stands at 2030-01-01T00:00:00Z
    query                           SQL, `----`, the rows that must come, in their order, until an empty line
    ok COMMAND                      a command of hilo that must succeed, `----`, patterns that its output must match
    error COMMAND                   a command that must fail as the user's fault (exit code 1 or 2), `----`, patterns

Cells are parted by | (or by tabs, in a row that has one); NULL is a missing value, (empty) the empty text, \\n a line
break within a cell. A pattern is a regular expression, searched in all that the command wrote; one that starts with
`! ` must not be found.

Every file is run in every variant of VARIANTS: the answers do not depend on threads, memory, or on whether the store
was made by runs or from the log alone. Where the environment variable HILO_PLAIN names another build of the program
(one without sanitizers), all variants but the first take that one.
"""

import argparse
import difflib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
DEFAULT_NOW = "2030-01-01T00:00:00Z"
COMMAND_SECONDS_MAX = 300


@dataclass(frozen=True)
class Variant:
    name: str
    engine: str = ""  # lines added to hilo.yaml
    rebuilt: bool = False  # after each run the store is removed and made again from the log, with the same rows


VARIANTS = [
    Variant("default"),
    Variant("one thread", "engine:\n  threads: 1\n"),
    Variant("little memory", "engine:\n  threads: 2\n  memory_limit: 512MB\n"),
    Variant("rebuilt", rebuilt=True),
]


@dataclass
class Section:
    verb: str
    argument: str
    line: int
    body: list = field(default_factory=list)
    expected: list = field(default_factory=list)


class Malformed(Exception):
    """The test file itself is wrong."""


class Mismatch(Exception):
    """Hilo's answer is not the expected one."""


def parse(text):
    """Returns the sections of a test file."""
    sections = []
    lines = text.split("\n")
    at = 0

    def take(until, section, what):
        nonlocal at
        taken = []
        while at < len(lines) and lines[at] != until:
            taken.append(lines[at])
            at += 1
        if at == len(lines) and until == "----":
            raise Malformed(f"line {section.line}: the {what} has no `----`")
        at += 1
        return taken

    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.strip() or line.startswith("#"):
            continue
        verb, _, argument = line.partition(" ")
        section = Section(verb, argument.strip(), at)
        if verb == "file" and " from " not in argument:
            section.body = take("----", section, "file")
        elif verb in ("query", "ok", "error"):
            section.body = take("----", section, verb)
            section.expected = take("", section, verb)
            if verb == "query" and not "".join(section.body).strip():
                raise Malformed(f"line {section.line}: a query without SQL")
            if verb != "query" and not (section.argument and section.expected):
                raise Malformed(f"line {section.line}: `{verb}` needs a command and at least one pattern")
        elif verb not in ("file", "remove", "run"):
            raise Malformed(f"line {section.line}: there is no section `{verb}`")
        sections.append(section)
    if not any(section.verb in ("query", "ok", "error") for section in sections):
        raise Malformed("nothing is asked")
    return sections


def cell_text(value):
    if value is None:
        return "NULL"
    if value is True or value is False:
        return "true" if value else "false"
    return "(empty)" if value == "" else str(value).replace("\n", "\\n")


def cells_of(line):
    return [cell.strip() for cell in line.split("\t" if "\t" in line else "|")]


class Workspace:
    """A folder in which one file runs in one variant."""

    def __init__(self, folder, hilo, variant):
        self.folder = pathlib.Path(folder)
        self.hilo = hilo
        self.variant = variant

    def play(self, section):
        getattr(self, "play_" + section.verb)(section)

    def play_file(self, section):
        name, _, origin = section.argument.partition(" from ")
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if origin:
            shutil.copyfile(REPOSITORY / origin, path)
            return
        text = "\n".join(section.body) + "\n"
        if name == "hilo.yaml":
            if self.variant.engine and "engine:" in text:
                raise Malformed("hilo.yaml sets `engine`, which the variants do")
            text += self.variant.engine
        path.write_text(text, encoding="utf-8")

    def play_remove(self, section):
        self.path(section.argument).unlink()

    def play_run(self, section):
        words = section.argument.split()
        if words and (len(words) != 2 or words[0] != "now"):
            raise Malformed("write `run` or `run now INSTANT`")
        self.must_succeed(["run", "--now", words[1] if words else DEFAULT_NOW])
        if self.variant.rebuilt:
            made_by_runs = self.dump()
            shutil.rmtree(self.folder / "store")
            self.must_succeed(["rebuild"])
            rebuilt = self.dump()
            if made_by_runs != rebuilt:
                changes = difflib.unified_diff(rebuilt, made_by_runs, "rebuilt", "by runs", lineterm="")
                raise Mismatch("\n".join(changes))

    def dump(self):
        """The rows of every table and view of the store, sorted, each with its table's name before it."""
        names = "select table_schema, table_name from information_schema.tables order by all"
        tables = [
            f'"{row["table_schema"]}"."{row["table_name"]}"'
            for row in json.loads(self.must_succeed(["sql", "--reveal", "--json", names]))
        ]
        parts = [f"select '{name}' as name, x::varchar as line from {name} x" for name in tables]
        return self.must_succeed(["sql", "--reveal", "--csv", " union all ".join(parts) + " order by all"]).splitlines()

    def play_query(self, section):
        output = self.must_succeed(["sql", "--reveal", "--json", "\n".join(section.body)])
        # Numbers stay as they are written: a decimal's zeros are part of the answer.
        rows = json.loads(output, parse_float=str, parse_int=str)
        got = ["|".join(cell_text(value) for value in row.values()) for row in rows]
        expected = ["|".join(cells_of(line)) for line in section.expected]
        if got != expected:
            raise Mismatch("\n".join(difflib.unified_diff(expected, got, "expected", "got", lineterm="", n=1)))

    def play_ok(self, section):
        done = self.call(shlex.split(section.argument))
        if done.returncode != 0:
            raise Mismatch(f"exit code {done.returncode}, expected 0\n{done.stdout}{done.stderr}")
        self.match(section.expected, done)

    def play_error(self, section):
        words = shlex.split(section.argument)
        if words[0] == "run" and "--now" not in words:
            words += ["--now", DEFAULT_NOW]
        done = self.call(words)
        if done.returncode not in (1, 2):
            raise Mismatch(f"exit code {done.returncode}, expected 1 or 2\n{done.stdout}{done.stderr}")
        self.match(section.expected, done)

    @staticmethod
    def match(patterns, done):
        output = done.stdout + done.stderr
        for pattern in patterns:
            wanted = not pattern.startswith("! ")
            if (re.search(pattern.removeprefix("! "), output, re.MULTILINE) is not None) != wanted:
                raise Mismatch(f"{'no match of' if wanted else 'a match of'} /{pattern}/ in\n{output}")

    def path(self, name):
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise Malformed(f"{name} lies outside the workspace")
        return path

    def call(self, words):
        command = [self.hilo, words[0], "-C", str(self.folder), *words[1:]]
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=COMMAND_SECONDS_MAX, check=False
        )

    def must_succeed(self, words):
        done = self.call(words)
        if done.returncode != 0:
            raise Mismatch(f"`hilo {words[0]}` ended with exit code {done.returncode}\n{done.stderr}{done.stdout}")
        return done.stdout


def run_text(text, hilo, variants=None, plain=None):
    """Plays a test file in each variant, but the first with `plain`. Returns what went wrong: texts that name line and
    variant."""
    try:
        sections = parse(text)
    except Malformed as fault:
        return [str(fault)]
    faults = []
    for variant in VARIANTS if variants is None else variants:
        with tempfile.TemporaryDirectory(prefix="hilo-sql-") as folder:
            program = hilo if variant == VARIANTS[0] else plain or hilo
            workspace = Workspace(folder, program, variant)
            for section in sections:
                try:
                    workspace.play(section)
                except Mismatch as fault:
                    faults.append(f"line {section.line}, {section.verb}, variant '{variant.name}':\n{fault}")
                    if section.verb == "run":
                        break  # what follows would only repeat it
                except Malformed as fault:
                    return [f"line {section.line}: {fault}"]
    return faults


def main():
    parser = argparse.ArgumentParser(description="Runs golden SQL tests.")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    parser.add_argument("--variant", choices=[variant.name for variant in VARIANTS], help="only this one")
    arguments = parser.parse_args()
    hilo = os.environ.get("HILO")
    if not hilo or not os.access(hilo, os.X_OK):
        sys.exit("run.py: HILO must name the program")
    chosen = [variant for variant in VARIANTS if arguments.variant in (None, variant.name)]
    failed = 0
    for file in arguments.files:
        faults = run_text(file.read_text(encoding="utf-8"), hilo, chosen, os.environ.get("HILO_PLAIN"))
        for fault in faults:
            print(f"{file}: {fault}\n")
        failed += bool(faults)
        print(f"{file}: {'FAILED' if faults else 'ok'}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
