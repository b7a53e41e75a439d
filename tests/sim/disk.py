"""A disk in memory: what the shim recorded is played on it up to any operation, and then the power may go.

What survives a power cut is what POSIX promises and no more: bytes of a file that an fsync of that file followed, and
names in a folder that an fsync of that folder followed. Of all else any part may survive, in any order; `Loss` says
which. A rename survives whole or not at all.
"""

import dataclasses
import enum
import os
import pathlib
import struct

HEADER = struct.Struct("<IIQQQII")
SECTOR = 512  # what a disk writes whole


class Kind(enum.IntEnum):
    """Kinds of operations, numbered as in shim/fault_shim.cpp."""

    OPEN = 1
    WRITE = 2
    TRUNCATE = 3
    SYNC = 4
    RENAME = 5
    REMOVE_FILE = 6
    REMOVE_FOLDER = 7
    MAKE_FOLDER = 8
    LINK = 9


@dataclasses.dataclass
class Operation:
    kind: Kind
    file: int  # the opening that it works on
    number: int  # 0 = an opening that changes nothing
    offset: int
    length: int
    path: str  # relative to the root
    other: str
    data: bytes

    def __str__(self):
        return f"{self.number} {self.kind.name.lower()} {self.path} {self.other}".rstrip()


def read_trace(file, root):
    """The operations of a record, in order; those on a descriptor bear the path that it was opened by."""
    content = pathlib.Path(file).read_bytes()
    operations, paths, at = [], {}, 0

    def text(length):
        nonlocal at
        at += length
        return os.path.relpath(content[at - length : at].decode(), root) if length else ""

    while at + HEADER.size <= len(content):
        kind, opened, number, offset, length, path_length, other_length = HEADER.unpack_from(content, at)
        at += HEADER.size
        path, other = text(path_length), text(other_length)
        data = b""
        if kind == Kind.WRITE:
            data = content[at : at + length]
            at += length
        if kind == Kind.OPEN:
            paths[opened] = path
        operations.append(
            Operation(Kind(kind), opened, number, offset, length, path or paths.get(opened, ""), other, data)
        )
    return operations


class Loss(enum.Enum):
    """What becomes of that which no sync holds fast."""

    NOTHING = "nothing is lost: the process alone died"
    ALL = "all that was not synced is lost"
    ORDERED = "names survive in the order of their changes, bytes by chance: a journal of metadata"
    ANY = "any name and any bytes survive by chance"


class File:
    """Bytes as they are, as they were at the last sync, and the changes between the two."""

    def __init__(self, content=b"", modified=None):
        self.now = bytearray(content)
        self.kept = bytes(content)
        self.pending = []  # (offset, bytes), or (length, None) for a truncation
        self.modified = modified  # None = by the program under test

    def change(self, offset, data):
        self.modified = None
        self.pending.append((offset, data))
        _apply(self.now, offset, data)

    def sync(self):
        self.kept = bytes(self.now)
        self.pending = []

    def survivor(self, loss, chance):
        if loss is Loss.NOTHING:
            return bytes(self.now)
        if loss is Loss.ALL or not self.pending:
            return self.kept
        content, luck = bytearray(self.kept), chance.choice((0.0, 0.5, 0.9, 1.0))
        for offset, data in self.pending:
            if chance.random() >= luck:
                continue
            if data is not None and chance.random() < 0.1:  # torn
                data = data[: chance.randrange(len(data) // SECTOR + 1) * SECTOR]
            _apply(content, offset, data)
        return bytes(content)


class Folder:
    def __init__(self):
        self.now = {}
        self.kept = {}


def _apply(content, offset, data):
    if data is None:
        del content[offset:]
        content.extend(b"\0" * (offset - len(content)))
        return
    content.extend(b"\0" * (offset - len(content)))
    content[offset : offset + len(data)] = data


class Disk:
    """A folder's tree, as `read` gives it. Everything that stands in it at first is held fast."""

    def __init__(self, tree):
        self.root = Folder()
        self.opened = {}
        self.changes = []  # of names, not yet synced: [(folder, name, node or None), ...] each, all or nothing
        for path, entry in sorted(tree.items()):
            folder, name = self._place(path)
            folder.now[name] = folder.kept[name] = Folder() if entry is None else File(*entry)

    def find(self, path):
        node = self.root
        for part in [] if path == "." else path.split("/"):
            node = node.now[part]
        return node

    def _place(self, path):
        parent, _, name = path.rpartition("/")
        return self.find(parent or "."), name

    def _name(self, *edits):
        for folder, name, node in edits:
            if node is None:
                del folder.now[name]
            else:
                folder.now[name] = node
        self.changes.append(edits)

    def play(self, operation):
        kind, path = operation.kind, operation.path
        if kind is Kind.OPEN:
            if operation.offset & 1:
                self._name((*self._place(path), File()))
            node = self.opened[operation.file] = self.find(path)
            if operation.offset & 2:
                node.change(0, None)
        elif kind is Kind.WRITE:
            self.opened[operation.file].change(operation.offset, operation.data)
        elif kind is Kind.TRUNCATE:
            self.opened[operation.file].change(operation.length, None)
        elif kind is Kind.SYNC:
            self._sync(self.opened[operation.file])
        elif kind is Kind.RENAME:
            self._name((*self._place(path), None), (*self._place(operation.other), self.find(path)))
        elif kind is Kind.LINK:
            self._name((*self._place(operation.other), self.find(path)))
        elif kind is Kind.MAKE_FOLDER:
            self._name((*self._place(path), Folder()))
        else:
            self._name((*self._place(path), None))

    def _sync(self, node):
        if isinstance(node, File):
            node.sync()
            return
        held = [edits for edits in self.changes if any(folder is node for folder, _, _ in edits)]
        self.changes = [edits for edits in self.changes if not any(edits is other for other in held)]
        for edits in held:
            _keep(edits)

    def cut(self, loss, chance):
        """What stands on the disk after a power cut now: {path: (bytes, modified)}, None for a folder."""
        if loss in (Loss.ORDERED, Loss.ANY):
            names = chance.randrange(len(self.changes) + 1)
            luck = chance.choice((0.2, 0.5, 0.9))
            for number, edits in enumerate(self.changes):
                if number < names if loss is Loss.ORDERED else chance.random() < luck:
                    _keep(edits)
        found = {}

        def visit(folder, prefix):
            for name, node in sorted((folder.now if loss is Loss.NOTHING else folder.kept).items()):
                if isinstance(node, Folder):
                    found[prefix + name] = None
                    visit(node, f"{prefix}{name}/")
                else:
                    content = node.survivor(loss, chance)
                    found[prefix + name] = (content, node.modified if content == node.now else None)

        visit(self.root, "")
        return found


def _keep(edits):
    for folder, name, node in edits:
        if node is None:
            folder.kept.pop(name, None)
        else:
            folder.kept[name] = node


def cut(tree, operations, number, loss, chance):
    """The tree as the power left it just before the operation of that number; past the last one: after them all."""
    disk = Disk(tree)
    for operation in operations:
        if operation.number >= number:
            break
        disk.play(operation)
    return disk.cut(loss, chance)


def read(root):
    """{path: (bytes, time of modification)} of every file under a folder, None for a folder."""
    root = pathlib.Path(root)
    return {
        str(path.relative_to(root)): None if path.is_dir() else (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
    }


def write(tree, root):
    """Makes an empty folder hold exactly that."""
    for path, entry in sorted(tree.items()):
        place = pathlib.Path(root, path)
        if entry is None:
            place.mkdir()
            continue
        content, modified = entry
        place.write_bytes(content)
        if modified is not None:
            os.utime(place, ns=(modified, modified))
