#!/usr/bin/env python3
"""Groups C++ files so that the files of a group can be compiled as one, which pays for their headers once.

usage: tools/batches.py [--size N] FILE ...        prints a group a line, its files parted by `;`

Two files share no group when one declares for itself a name that the other, or a header of ours that it includes,
knows: in an anonymous namespace, by `static`, `using`, `const` or a macro. So what a file means does not depend on who
stands before it. The groups depend on the files' texts and order alone.
"""
import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZE = 12
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)
TOKEN = re.compile(
    r"""(?P<skipped>//[^\n]*|/\*.*?\*/|^[ \t]*\#[ \t]*(?!define)\w+[^\n]*)"""
    r"""|(?P<text>R"(?P<delimiter>[^(\s]*)\(.*?\)(?P=delimiter)"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"""|^[ \t]*\#[ \t]*define[ \t]+(?P<macro>\w+)"""
    r"""|(?P<word>[A-Za-z_]\w*)|(?P<number>\d[\w.']*)|(?P<mark>::|->|[^\s\w])""",
    re.DOTALL | re.MULTILINE | re.VERBOSE)
# What follows a declared name, and what makes a declaration in a named namespace the file's own.
AFTER_NAME = set("(={;[")
OWN = {"static", "using", "const", "constexpr", "constinit", "inline"}
KEYWORDS = OWN | {"alignas", "auto", "bool", "case", "char", "class", "concept", "decltype", "default", "delete",
                  "double", "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "if",
                  "int", "long", "namespace", "noexcept", "nullptr", "operator", "return", "requires", "short",
                  "signed", "sizeof",
                  "struct", "switch", "template", "this", "true", "typename", "union", "unsigned", "void",
                  "volatile", "while"}


@dataclass
class Names:
    """What a file declares for itself alone, what it mentions, and what its headers declare."""
    own: dict[str, str]  # another name of something, with its text: the same may be said twice; else with ""
    mentioned: set[str]
    known: set[str]

    def clashes(self, other: "Names") -> bool:
        return self._disturbs(other) or other._disturbs(self)

    def _disturbs(self, other: "Names") -> bool:
        for name, text in self.own.items():
            if name in other.mentioned and not (text and other.own.get(name) == text):
                return True
            if not text and name in other.known and name not in self.known:
                return True
        return False

    def add(self, other: "Names") -> None:
        self.own |= other.own
        self.mentioned |= other.mentioned
        self.known |= other.known


def tokens_of(text: str) -> tuple[list[str], set[str]]:
    """Returns the words and marks of a text, literals as `"`, and the macros that it defines."""
    tokens, macros = [], set()
    for match in TOKEN.finditer(text):
        if match["macro"]:
            macros.add(match["macro"])
        elif match["text"]:
            tokens.append('"')
        elif not match["skipped"]:
            tokens.append(match[0])
    return tokens, macros


def declared(words: list[str], mark: str) -> dict[str, str]:
    """Returns the names that a declaration introduces, given its words up to a mark that may follow a name."""
    if words[0] in ("using", "namespace"):
        if mark != ";" or words[1] == "namespace":
            return {}
        return {words[1] if "=" in words else words[-1]: " ".join(words)}
    found = set()
    if len(words) > 1 and words[-2] != "::":  # one word before a parenthesis is a macro's call
        found.add(words[-1])
    for before, word, name in zip([";", *words], words, words[1:]):  # struct X : Y {, enum X : int {
        if word in ("struct", "class", "enum", "union", "concept") and before not in ("<", ","):
            found.add(name)
    return {name: "" for name in found if name.isidentifier() and name not in KEYWORDS}


def names_of(text: str, is_header: bool = False) -> Names:
    """Reads a text's names; of a header all that it declares in a namespace is its own."""
    tokens, macros = tokens_of(text)
    own = dict.fromkeys(macros, "")
    # Of each open bracket: "named" or "anonymous" for a namespace's, "" for another.
    scopes: list[str] = []
    statement = 0  # where the present declaration begins
    for at, token in enumerate(tokens):
        outside = all(scopes)
        words = tokens[statement:at]
        if outside and words and token in AFTER_NAME:
            if is_header or "anonymous" in scopes or words[0] == "namespace" or OWN & set(words):
                own |= declared(words, token)
        if token in ("(", "["):
            scopes.append("")
        elif token == "{":
            is_namespace = outside and "namespace" in words and "using" not in words
            scopes.append(("anonymous" if words[-1] == "namespace" else "named") if is_namespace else "")
        elif token in (")", "]", "}") and scopes:
            scopes.pop()
        if all(scopes) and token in ("{", "}", ";"):
            statement = at + 1
    mentioned = {token for at, token in enumerate(tokens)
                 if token.isidentifier() and token not in KEYWORDS and tokens[at - 1] not in (".", "->", "::")}
    return Names(own, mentioned | macros, set())


class Reader:
    """Reads files and their headers, each once."""

    def __init__(self) -> None:
        self._headers: dict[Path, tuple[set[str], set[Path]]] = {}

    def names(self, file: Path) -> Names:
        text = file.read_text(encoding="utf-8", errors="replace")
        names = names_of(text)
        seen: set[Path] = set()
        waiting = included(file, text)
        while waiting:
            header = waiting.pop()
            if header not in seen:
                seen.add(header)
                declared_there, further = self._header(header)
                names.known |= declared_there
                waiting |= further
        return names

    def _header(self, file: Path) -> tuple[set[str], set[Path]]:
        if file not in self._headers:
            text = file.read_text(encoding="utf-8", errors="replace")
            self._headers[file] = set(names_of(text, is_header=True).own), included(file, text)
        return self._headers[file]


def included(file: Path, text: str) -> set[Path]:
    """Returns the headers of ours that a file names."""
    folders = [ROOT / "src", *file.parents[:3]]
    places = (next((folder / name for folder in folders if (folder / name).is_file()), None)
              for name in INCLUDE.findall(text))
    return {place for place in places if place}


def groups(files: list[str], size: int = SIZE) -> list[list[str]]:
    """Puts each file into the first group that has room and no clash."""
    reader = Reader()
    made: list[tuple[list[str], Names]] = []
    for file in files:
        names = reader.names(Path(file).resolve())
        for members, together in made:
            if len(members) < size and not names.clashes(together):
                members.append(file)
                together.add(names)
                break
        else:
            made.append(([file], names))
    return [members for members, _ in made]


def main() -> int:
    parser = argparse.ArgumentParser(description="Groups C++ files that can be compiled as one.")
    parser.add_argument("--size", type=int, default=SIZE, help=f"how many files a group holds; {SIZE} if not given")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    for members in groups(options.files, options.size):
        print(";".join(members))
    return 0


if __name__ == "__main__":
    sys.exit(main())
