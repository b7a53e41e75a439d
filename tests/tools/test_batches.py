"""Goal: files that would disturb each other are never compiled as one, and clang-tidy finds in a batch what it finds in
a file alone. Method: small files in a temporary folder; tools/tidy itself on a planted compilation database.
"""
import contextlib
import io
import json
import re
import runpy
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
sys.path.insert(0, str(TOOLS))
import batches  # noqa: E402


def private(text: str) -> str:
    return f"namespace hilo::app {{\nnamespace {{\n{text}\n}}  // namespace\n}}  // namespace hilo::app\n"


def public(text: str) -> str:
    return f"namespace hilo::app {{\n{text}\n}}  // namespace hilo::app\n"


class Groups(unittest.TestCase):
    def groups(self, *texts: str, headers: dict[str, str] | None = None, size: int = 12) -> list[list[int]]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (headers or {}).items():
                Path(folder, name).write_text(text, encoding="utf-8")
            paths = []
            for number, text in enumerate(texts):
                paths.append(str(Path(folder, f"{number}.cpp")))
                Path(paths[-1]).write_text(text, encoding="utf-8")
            return [[int(Path(path).stem) for path in group] for group in batches.groups(paths, size)]

    def assert_together(self, *texts: str, **others: object) -> None:
        self.assertEqual(self.groups(*texts, **others), [list(range(len(texts)))])

    def assert_apart(self, one: str, other: str, **others: object) -> None:
        self.assertEqual(self.groups(one, other, **others), [[0], [1]])
        self.assertEqual(self.groups(other, one, **others), [[0], [1]])

    def test_files_with_names_of_their_own_are_together(self) -> None:
        self.assert_together(private("int one(int value) { return value; }"), private("constexpr int kTwo = 2;"),
                             public("int three(int value) { return value; }"),
                             public("int four() { return three(4); }"))

    def test_a_group_has_room_for_so_many(self) -> None:
        self.assertEqual(self.groups("int a();", "int b();", "int c();", size=2), [[0, 1], [2]])

    def test_the_same_name_twice(self) -> None:
        for one in ("int stop(int value) { return value; }", "constexpr int stop = 3;", "struct stop { int x; };",
                    "class stop final : public Base {};", "enum class stop : int { kOne };", "using stop = int;",
                    "template <class T>\nT stop(T value) { return value; }", "std::array<int, 2> stop{1, 2};",
                    "const char* const stop[] = {nullptr};", "int stop;"):
            with self.subTest(one):
                self.assert_apart(private(one), private("double stop(double value) { return value; }"))

    def test_a_name_that_the_other_means_otherwise(self) -> None:
        self.assert_apart(private("struct Reader { int x; };"), public("int f(const Reader& reader) { return 1; }"))
        self.assert_apart(private("int row = 3;"), public("int f(int row) { return row; }"))  # would be shadowed

    def test_a_name_of_the_others_headers(self) -> None:
        header = {"reader.h": public("struct Reader {\n  int x;\n};")}
        other = '#include "reader.h"\n' + public("int f() { return 1; }")
        self.assert_apart(private("struct Reader { int y; };"), other, headers=header)
        self.assert_together(private("struct Writer { int y; };"), other, headers=header)

    def test_names_outside_of_an_anonymous_namespace(self) -> None:
        for one in ("static int stop(int value) { return value; }", "constexpr int stop = 3;", "using store::stop;"):
            with self.subTest(one):
                self.assert_apart(public(one), private("double stop(double value) { return value; }"))
        self.assert_apart("#define stop 3\n", public("int stop();"))

    def test_the_same_second_name_of_the_same_thing(self) -> None:
        self.assert_together(public("namespace fs = std::filesystem;\nfs::path a();"),
                             public("namespace fs = std::filesystem;\nfs::path b();"),
                             public("using store::quote;\nint c() { return quote(); }"),
                             public("using store::quote;\nint d() { return quote(); }"))
        self.assert_apart(public("namespace fs = std::filesystem;"), public("namespace fs = hilo::files;"))

    def test_what_is_no_name(self) -> None:
        """Members, qualified names, texts and comments are not taken for a name that stands alone."""
        self.assert_together(private("int stop(int value) { return value; }"),
                             public('int f(Bus& bus) { return bus.stop() + other::stop(); }  // stop\n'
                                    'const char* g() { return "stop" R"(stop)"; }'))


@unittest.skipUnless(shutil.which("clang-tidy-19"), "clang-tidy is not installed")
class Tidy(unittest.TestCase):
    HEADER = "// A header.\n#pragma once\n\nnamespace hilo::app {\nint known(int value);\n}  // namespace hilo::app\n"
    GOOD = '#include "app/shared.h"\n\n' + public("int known(int value) { return value + 1; }")
    # Each line with the check that finds it; those that look at the main file, or at includes, among them.
    FAULTS = {
        "#include <math.h>": "modernize-deprecated-headers",
        "#include <string>": "",
        "#include <string> ": "readability-duplicate-include",
        "namespace hilo {": "modernize-concat-nested-namespaces",
        "namespace app {": "",
        "int lonely(int value) { return value; }": "misc-use-internal-linkage",
        "int a_global = 3;": "cppcoreguidelines-avoid-non-const-global-variables",
        "using namespace std;": "google-build-using-namespace",
        "int WrongName();": "readability-identifier-naming",
        "int other_name(int one);": "readability-inconsistent-declaration-parameter-name",
        "int other_name(int other) { return other; }": "",
        "std::string copied(std::string text) { return text + text; }": "performance-unnecessary-value-param",
        "int swallow() { try { return 1; } catch (...) { } return 0; }": "bugprone-empty-catch",
        "struct Given { Given(int value); };": "google-explicit-constructor",
        "int* cast(const int* value) { return (int*)value; }": "cppcoreguidelines-pro-type-cstyle-cast",
        "int moved(std::string text) { auto other = std::move(text); return text.empty() + other.empty(); }":
            "bugprone-use-after-move",
        "}  // namespace app": "",
        "}  // namespace hilo": "",
    }

    def run_tidy(self, files: dict[str, str], *options: str) -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            (root / "tools").mkdir()
            for name in ("tidy", "batches.py"):
                shutil.copyfile(TOOLS / name, root / "tools" / name)
            (root / "tests").mkdir()
            for name in (".clang-tidy", "tests/.clang-tidy"):
                shutil.copyfile(ROOT / name, root / name)
            entries = []
            for name, text in {"src/app/shared.h": self.HEADER, **files}.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                command = f"ccache g++ -I{root}/src -Wall -Wextra -Werror -std=c++23 -o x.o -c {path}"
                if name.endswith(".cpp"):
                    entries.append({"directory": str(root), "file": str(path), "command": command})
            (root / "compile_commands.json").write_text(json.dumps(entries), encoding="utf-8")
            output = io.StringIO()
            arguments = ["tidy", str(root), "--jobs", "1", *options]
            with mock.patch("sys.argv", arguments), contextlib.redirect_stdout(output):
                code = runpy.run_path(str(root / "tools" / "tidy"))["main"]()
        return code, output.getvalue()

    def findings(self, output: str) -> set[tuple[str, str]]:
        found = re.findall(r"^(\S+:\d+:\d+): .*\[([\w.-]+)", output, re.MULTILINE)
        return set(found)

    def test_files_without_a_fault_pass(self) -> None:
        other = '#include "app/shared.h"\n\n'
        other += "namespace {\nint twice(int value) { return 2 * value; }\n}  // namespace\n\n"
        code, output = self.run_tidy({"src/app/a.cpp": self.GOOD,
                                      "src/app/b.cpp": other + "int main() { return twice(hilo::app::known(1)); }\n"})
        self.assertEqual(code, 0, output)

    def test_a_batch_finds_what_a_file_alone_shows(self) -> None:
        files = {"src/app/a.cpp": self.GOOD, "src/app/b.cpp": "\n".join(self.FAULTS) + "\n"}
        alone, together = self.run_tidy(files, "--batch", "1"), self.run_tidy(files)
        self.assertEqual((alone[0], together[0]), (1, 1))
        self.assertEqual(self.findings(together[1]), self.findings(alone[1]))
        for line, (text, check) in enumerate(self.FAULTS.items(), 1):
            if check:
                found = {place.split(":")[1] for place, name in self.findings(together[1]) if name == check}
                self.assertIn(str(line), found, text)
        self.assertIn("2 files, 2 checked", together[1])
        self.assertIn(", 1 with findings", together[1])

    def test_each_check_by_itself(self) -> None:
        """Without the other faults, that the batch fails for this one alone is seen."""
        for check in ("modernize-deprecated-headers", "readability-duplicate-include", "misc-use-internal-linkage",
                      "readability-identifier-naming"):
            lines = {"modernize-deprecated-headers": "#include <math.h>\n",
                     "readability-duplicate-include": "#include <string>\n#include <string>\n",
                     "misc-use-internal-linkage": "int lonely(int value) { return value; }\n",
                     "readability-identifier-naming": "namespace {\nint Odd() { return 3; }\n}  // namespace\n"
                                                      "int main() { return Odd(); }\n"}[check]
            with self.subTest(check):
                code, output = self.run_tidy({"src/app/a.cpp": self.GOOD, "src/app/b.cpp": lines})
                self.assertEqual(code, 1, output)
                self.assertEqual({name for _, name in self.findings(output)}, {check}, output)

    def test_what_only_the_main_file_shows(self) -> None:
        unused = "namespace {\nconstexpr int kUnused = 3;\n}  // namespace\n"
        code, output = self.run_tidy({"src/app/a.cpp": self.GOOD, "src/app/b.cpp": unused})
        self.assertEqual(code, 1, output)
        self.assertIn("unused variable 'kUnused'", output)

    def test_an_include_that_another_file_brings(self) -> None:
        lacking = '#include "app/shared.h"\n\n'
        lacking += "int main() { return hilo::app::known(static_cast<int>(std::string().size())); }\n"
        code, output = self.run_tidy({"src/app/a.cpp": "#include <string>\n" + self.GOOD, "src/app/b.cpp": lacking})
        self.assertEqual(code, 1, output)
        self.assertIn("src/app/b.cpp:3", output)
        self.assertIn(", 1 with findings", output)


if __name__ == "__main__":
    unittest.main()
