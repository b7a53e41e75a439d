"""Cuts the power, kills the process or lets the disk refuse, at any operation of any step, and judges what is left.

The steps are done once undisturbed, under the shim, which records what each did to the disk. A cut is then made on that
record: the folder is laid out as the disk would be found, a reader looks at it, and the step is done again; at times
it is cut again on the way. A refusal is made by the shim in the running program. By one seed all of it is the same.
"""

import dataclasses
import functools
import hashlib
import os
import pathlib
import random
import re
import shutil
import subprocess

import disk
from disk import Kind, Loss
from scenario import STEPS
from workspace import HILO, TIMEOUT_SECONDS, Outcome, Workspace

SHIM = os.environ.get("HILO_SHIM", "")
FAULTS = ("enospc", "full", "eio", "short")
FULL_DISK = ("No space left on device",)
SYSTEM_SAYS = {"enospc": FULL_DISK, "full": FULL_DISK, "eio": ("Input/output error", "fsync failed")}
GENERATION = re.compile(r"shop/store/generation-(\d+)\.duckdb")
LOG_ENTRY = re.compile(r"shop/log/\d+(/|$)")
REWRITE = "shop/log/.rewrite"  # changed entries that count, on their way to their places
CHANGED_ENTRY = re.compile(REWRITE + r"/(\d+)(/.*)?")
CRASHES_MAX = 3
# Thousands of short lives: leaks are looked for elsewhere, and half of the time went into memory kept for reports.
SANITIZER_OPTIONS = "detect_leaks=0:malloc_context_size=2:quarantine_size_mb=4"
SPARE = 1_000_000  # an operation past the last one: the power goes after the step
FOLDERS_OF_A_RUN = {"shop/log", "shop/store"}  # they may stand there empty

FIRST, LAST = 0, -1

# Refusals that once ended badly, or that seeds hardly ever draw: step, operation of it, how it failed.
REFUSED = (
    ("first run", Kind.WRITE, ".hilo.lock", "eio", LAST),  # nothing was said of what to do
    ("first run", Kind.WRITE, ".building.duckdb.wal", "full", LAST),  # taken for a fault of the input
    ("first run", Kind.SYNC, ".building.duckdb.wal", "eio", LAST),
    ("first run", Kind.SYNC, "/.building.duckdb", "eio", LAST),  # the half-built store stayed
    ("first run", Kind.RENAME, "/.building.duckdb", "enospc", LAST),
    ("third run", Kind.RENAME, "log/.next", "enospc", LAST),  # the prepared rows stayed
    ("export", Kind.SYNC, "buyers.csv.unfinished", "enospc", LAST),  # the unfinished file stayed
    ("init", Kind.WRITE, "hilo.yaml.unfinished", "full", LAST),  # half a workspace stayed, and no second init helped
    ("generate", Kind.SYNC, "", "enospc", LAST),  # the unfinished folder stayed where a full disk refuses a new name
    ("third run", Kind.WRITE, "/.building.duckdb", "eio", FIRST),  # the copy that the run extends
    ("generate", Kind.SYNC, "small.unfinished", "eio", FIRST),
    ("generate parquet", Kind.WRITE, ".parquet", "enospc", FIRST),
)


class Wrong(AssertionError):
    """The program did not keep what it promises."""


def preloaded():
    """The shim, behind the sanitizers' runtime where the program has one, which wants to be first."""
    needed = subprocess.run(["ldd", HILO], capture_output=True, text=True, check=True).stdout
    sanitizer = re.findall(r"=> (\S*/lib[at]san\.so\S*)", needed)
    return ":".join(sanitizer + [SHIM])


def parts(tree, step):
    """What a step changes, each part of it all or nothing."""
    if step.makes:
        made = {path: content(tree, path) for path in tree if (path + "/").startswith(step.makes + "/")}
        made.pop(f"{step.makes}/.generating", None)  # the lock of who makes it: no part of it
        return {"output": made if step.whole_with in ("", *made) else {}}
    tree = settled(tree)
    log = {path: content(tree, path) for path in tree if LOG_ENTRY.match(path)}
    generations = {int(found[1]): path for path in tree if (found := GENERATION.fullmatch(path))}
    return {"log": log, "store": content(tree, generations[max(generations)]) if generations else None}


def settled(tree):
    """The log as whoever opens it reads it: a changed entry that is not in its place yet stands for the old one."""
    changed = {path: found for path in tree if (found := CHANGED_ENTRY.fullmatch(path))}
    entries = {f"shop/log/{found[1]}" for found in changed.values()}
    now = {
        path: kept
        for path, kept in tree.items()
        if not (path + "/").startswith(REWRITE + "/") and "/".join(path.split("/")[:3]) not in entries
    }
    return now | {f"shop/log/{found[1]}{found[2] or ''}": tree[path] for path, found in changed.items()}


def content(tree, path):
    return tree[path] and tree[path][0]


def names(tree):
    """Every path that matters: the newest generation under one name, and no lock."""
    tree = settled(tree)
    generations = sorted(path for path in tree if GENERATION.fullmatch(path))
    newest = {generations[-1]: "shop/store/generation"} if generations else {}
    unimportant = (".hilo.lock", ".hilo.runs.jsonl", ".generating")
    return {newest.get(path, path) for path in tree if not path.endswith(unimportant)}


@dataclasses.dataclass
class Recorded:
    """A step done undisturbed."""

    step: object
    before: dict
    after: dict
    operations: list

    @property
    def last(self):
        return max(operation.number for operation in self.operations)

    def operation(self, number):
        return next((operation for operation in self.operations if operation.number == number), None)

    def draw(self, chance):
        """The number of an operation: half of the time one that is no mere write, of which there are many."""
        numbers = [operation.number for operation in self.operations if operation.number]
        if chance.random() < 0.5:
            numbers = [o.number for o in self.operations if o.number and o.kind is not Kind.WRITE]
        return chance.choice(numbers)


class Simulator:
    def __init__(self, folder, thorough=False):
        self.thorough = thorough
        self.root = pathlib.Path(folder).resolve() / "disk"
        self.trace = self.root.with_name("trace")
        self.preload = preloaded()
        self.dumps = {}
        self.recovered = set()
        self.steps = [self._record(step) for step in STEPS]

    # ---- the program and its disk

    def _lay(self, tree):
        if self.root.exists():
            shutil.rmtree(self.root)
        self.root.mkdir()
        disk.write(tree, self.root)

    def _hilo(self, *command, folder="shop", **settings):
        environment = os.environ | {"ASAN_OPTIONS": SANITIZER_OPTIONS}
        if settings:
            environment |= {"LD_PRELOAD": self.preload, "SIM_ROOT": str(self.root)}
            environment |= {f"SIM_{name.upper()}": str(value) for name, value in settings.items()}
        done = subprocess.run(
            [HILO, *command],
            cwd=self.root / folder,
            env=environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_SECONDS,
        )
        return Outcome(done)

    def _do(self, step, has_happened=False, **settings):
        command = step.ended_by if step.ended_by and has_happened else step.command
        done = self._hilo(*command, folder=step.folder, **settings)
        if done.code != 0:
            raise Wrong(f"{step.name} fails: {done}")
        return disk.read(self.root)

    def _record(self, step):
        (self.root / "shop").mkdir(parents=True, exist_ok=True)
        Workspace.at(self.root / "shop").write(step.files)
        before = disk.read(self.root)
        after = self._do(step, trace=self.trace)
        recorded = Recorded(step, before, after, disk.read_trace(self.trace, self.root))
        played = disk.cut(before, recorded.operations, SPARE, Loss.NOTHING, random.Random(0))
        wrong = [path for path in {*played, *after} if bytes_at(played, path) != bytes_at(after, path)]
        if wrong:
            raise Wrong(f"{step.name}: the record does not tell what became of {sorted(wrong)}")
        return recorded

    # ---- what holds

    def _same_tables(self, one, other):
        return one == other or self._dump(one) == self._dump(other)

    def _dump(self, store):
        key = hashlib.sha256(store).digest()
        if key not in self.dumps:
            self._lay({"shop": None, "shop/store": None, "shop/hilo.yaml": (b"", None)})
            (self.root / "shop/store/generation-000001.duckdb").write_bytes(store)
            self.dumps[key] = Workspace.at(self.root / "shop").dump()
        return self.dumps[key]

    def _sides(self, recorded, tree):
        """{part: "before", "after" or "both"}; anything between is wrong."""
        now = parts(tree, recorded.step)
        before, after = parts(recorded.before, recorded.step), parts(recorded.after, recorded.step)
        sides = {}
        for part, value in now.items():
            same = [name for name, side in (("before", before), ("after", after)) if value == side[part]]
            if not same and part == "store" and value and after[part] and self._same_tables(value, after[part]):
                same = ["after"]
            if not same:
                raise Wrong(f"{part} is neither as before nor as after{difference(value, after[part])}")
            sides[part] = "both" if len(same) == 2 else same[0]
        if sides.get("store") == "after" and sides.get("log") == "before":
            raise Wrong("the store knows a run that the log does not hold")
        return sides

    def _judge_end(self, recorded, tree):
        """All is as after the undisturbed step, and nothing else is there."""
        sides = self._sides(recorded, tree)
        if any(side == "before" for side in sides.values()):
            raise Wrong(f"a step done again ends otherwise: {sides}")
        odd = names(tree) ^ names(recorded.after)
        if odd or REWRITE in tree:
            raise Wrong(f"left over or missing: {sorted(odd)}{', ' + REWRITE if REWRITE in tree else ''}")

    def _read(self, recorded, tree, sides):
        """A reader between the cut and the next run sees the one or the other."""
        if recorded.step.makes:
            return
        self._lay(tree)
        done = self._hilo("sql", "--json", "select count(*) as n, (select log_run from meta) as run from customers")
        if parts(tree, recorded.step)["store"] is None:
            if done.code != 1 or "nothing has been published" not in done.out:
                raise Wrong(f"a reader of nothing: {done}")
        elif done.code != 0:
            raise Wrong(f"a reader fails, with {sides}: {done}")

    # ---- cuts

    def cut(self, recorded, number, loss, chance):
        """Cuts a step at an operation, at times its recovery too, and does it again to the end."""
        step, tree, operations = recorded.step, recorded.before, recorded.operations
        for crash in range(CRASHES_MAX):
            tree = disk.cut(tree, operations, number, loss, chance)
            sides = self._sides(recorded, tree)
            # What the program told as done, no power cut may take back.
            if number == SPARE and any(side == "before" for side in sides.values()):
                raise Wrong(f"done and told so, but the power cut took it back: {sides}")
            if chance.random() < 0.15:
                self._read(recorded, tree, sides)
            if step.makes_once and sides["output"] != "before":
                return
            if crash + 1 == CRASHES_MAX or chance.random() < 0.8:
                break
            self._lay(tree)
            happened = sides.get("log") == "after"
            self._judge_end(recorded, self._do(step, happened, trace=self.trace))
            operations = disk.read_trace(self.trace, self.root)
            if not any(operation.number for operation in operations):
                break
            number, loss = chance.choice([o.number for o in operations if o.number]), chance.choice(list(Loss))
        self._recover(recorded, tree, chance)

    def _recover(self, recorded, tree, chance):
        """Does the step again. Of disks that differ in the bytes of unfinished files alone, a quarter: it is these that
        a run must remove unread, and their names are of few kinds."""
        sides = self._sides(recorded, tree)
        known = (recorded.step.name, repr(sorted(sides.items())), frozenset(names(tree)), REWRITE in tree)
        if known in self.recovered and not self.thorough and chance.random() < 0.75:
            return
        self._lay(tree)
        self._judge_end(recorded, self._do(recorded.step, sides.get("log") == "after"))
        self.recovered.add(known)

    # ---- refusals

    def refuse(self, recorded, number, fault, chance):
        """The disk refuses an operation: a clear error or none, all or nothing, and the step can be done again."""
        step, operation = recorded.step, recorded.operation(number)
        self._lay(recorded.before)
        done = self._hilo(*step.command, folder=step.folder, at=number, fault=fault)
        tree = disk.read(self.root)
        said = done.out + done.err
        if "Sanitizer" in said or "terminate called" in said or done.code < 0:
            raise Wrong(f"{operation}: {done}")
        sides = self._sides(recorded, tree)
        removal = operation.kind in (Kind.REMOVE_FILE, Kind.REMOVE_FOLDER)
        # The former generation stays where the name of the new one may not be safe.
        odd = names(tree) - names(recorded.before) - set(recorded.before) - FOLDERS_OF_A_RUN
        if any(side == "after" for side in sides.values()):
            odd -= names(recorded.after)
        if odd and not (fault == "eio" and removal):
            raise Wrong(f"{operation}: left over: {sorted(odd)}, {done}")
        if done.code == 0:
            if any(side == "before" for side in sides.values()):
                raise Wrong(f"{operation}: told as done, but {sides}")
        elif fault == "short":
            raise Wrong(f"{operation}: a short write is no fault: {done}")
        else:
            self._judge_message(recorded, operation, fault, done)
        if not (step.makes_once and sides["output"] != "before"):
            self._recover(recorded, tree, chance)

    def _judge_message(self, recorded, operation, fault, done):
        step = recorded.step
        if done.code != 3:
            raise Wrong(f"{operation}: exit code {done.code} for a fault of the machine: {done}")
        if not any(words in done.err for words in SYSTEM_SAYS[fault]):
            raise Wrong(f"{operation}: the cause is not told: {done}")
        refused = [operation]
        if fault in ("full", "enospc"):  # what needs no space is not refused: a later operation is
            refused = [later for later in recorded.operations if later.number >= operation.number]
        names_told = {name for one in refused for name in names_to_tell(one)} | {pathlib.PurePath(step.makes).name}
        names_told -= {""}
        if not any(name in done.err for name in names_told):
            raise Wrong(f"{operation}: the file is not named: {done}")
        if len(done.err.strip().splitlines()) < 2:
            raise Wrong(f"{operation}: nothing is said of what to do: {done}")

    # ---- by seed

    def seed(self, number):
        """What a seed stands for, as `every` gives it."""
        chance = random.Random(number)
        recorded = chance.choices(self.steps, [entry.step.weight for entry in self.steps])[0]
        if chance.random() < 0.6:
            loss = chance.choice(list(Loss))
            at = SPARE if chance.random() < 0.08 else recorded.draw(chance)
            return f"{loss.name} at {at}", recorded, functools.partial(self.cut, recorded, at, loss, chance)
        fault, at = chance.choice(FAULTS), recorded.draw(chance)
        return f"{fault} at {at}", recorded, functools.partial(self.refuse, recorded, at, fault, chance)

    def certain(self):
        """The refusals that are tried whatever the seeds draw, and cuts that went wrong once, as `every` gives them."""
        of = {recorded.step.name: recorded for recorded in self.steps}
        chance = random.Random(0)
        for name, kind, file, fault, which in REFUSED:
            recorded = of[name]
            found = [o.number for o in recorded.operations if o.kind is kind and o.path.endswith(file) and o.number]
            if not found:
                raise Wrong(f"{name} has no {kind.name.lower()} of {file} any more")
            refuse = functools.partial(self.refuse, recorded, found[which], fault, chance)
            yield f"{fault} at {found[which]}", recorded, refuse
        for name in ("first run", "init", "generate"):
            cut = functools.partial(self.cut, of[name], SPARE, Loss.ALL, chance)
            yield "ALL after the end", of[name], cut
        half = len(of["init"].operations) // 2
        yield f"NOTHING at {half}", of["init"], functools.partial(self.cut, of["init"], half, Loss.NOTHING, chance)

    def every(self):
        """All there is to try: every operation of every step, cut and refused in every way, as (text, action)."""
        for recorded in self.steps:
            for number in sorted({o.number for o in recorded.operations if o.number} | {SPARE}):
                for loss in Loss:
                    chance = random.Random(f"{recorded.step.name} {number} {loss.name}")
                    cut = functools.partial(self.cut, recorded, number, loss, chance)
                    yield f"{loss.name} at {number}", recorded, cut
                for fault in FAULTS if number != SPARE else ():
                    chance = random.Random(f"{recorded.step.name} {number} {fault}")
                    refuse = functools.partial(self.refuse, recorded, number, fault, chance)
                    yield f"{fault} at {number}", recorded, refuse


def bytes_at(tree, path):
    return tree[path] and bytes(tree[path][0]) if path in tree else "absent"


def names_to_tell(operation):
    """By what a message may name the file of an operation: its own name, or that which it is to get."""
    if operation.path.startswith("shop/store/"):
        yield "the store cannot be built"
    if operation.path.startswith(REWRITE):
        yield ".rewrite"  # removed as a whole
    for path in (operation.path, operation.other):
        name = pathlib.PurePath(path).name
        yield from {name, name.removesuffix(".unfinished"), name.removesuffix(".wal")} - {""}


def difference(value, expected):
    """Which files of a part differ."""
    if not isinstance(value, dict):
        return ""
    expected = expected or {}
    return f": {sorted(path for path in {*value, *expected} if value.get(path, 0) != expected.get(path, 0))}"
