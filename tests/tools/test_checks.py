"""Goal: every rule of tools/check_layers and tools/check_style fires on a planted violation, and only then.

Method: a small tree in a temporary folder, one file changed per test, the tool's main run on it.
"""
import contextlib
import io
import runpy
import tempfile
import unittest
from pathlib import Path
from unittest import mock

TOOLS = Path(__file__).resolve().parents[2] / "tools"
HEADER = "// A header.\n#pragma once\n"
CLEAN = {
    "src/base/result.h": HEADER,
    "src/model/event.h": HEADER + '#include "base/result.h"\n',
    "src/store/database.cpp": '#include <duckdb.h>\n\n#include "model/event.h"\n',
    "src/ingest/load.cpp": '#include "store/database.h"\n#include "ingest/load.h"\n',
    "src/identity/score.h": HEADER,
    "src/cli/main.cpp": 'int main() { std::cout << "a throw in a text"; }  // never throw\n',
}


class ToolTest(unittest.TestCase):
    tool = ""

    def run_tool(self, planted: dict[str, str]) -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**CLEAN, **planted}.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            output = io.StringIO()
            with mock.patch("sys.argv", [self.tool, folder]), contextlib.redirect_stdout(output):
                code = runpy.run_path(str(TOOLS / self.tool))["main"]()
        return code, output.getvalue()

    def assert_clean(self, planted: dict[str, str]) -> None:
        code, output = self.run_tool(planted)
        self.assertEqual(code, 0, output)

    def assert_found(self, name: str, text: str, *wanted: str) -> None:
        code, output = self.run_tool({name: text})
        self.assertEqual(code, 1, output)
        for part in wanted:
            self.assertIn(part, output)


class Layers(ToolTest):
    tool = "check_layers"

    def test_clean_tree_passes(self) -> None:
        self.assert_clean({})

    def test_upward(self) -> None:
        self.assert_found("src/base/time.h", HEADER + '#include "store/database.h"\n', "src/base/time.h:3: upward")

    def test_folders_of_a_module(self) -> None:
        planted = {
            "src/world/chance/a.h": HEADER,
            "src/world/people/a.h": HEADER + '#include "world/chance/a.h"\n',
            "src/world/retailer/a.h": HEADER,
            "src/world/truth/a.h": HEADER + '#include "world/people/a.h"\n',
            "src/world/generate.h": HEADER + '#include "world/truth/a.h"\n',
            "src/world/chance/made.cpp": '#include "world/made_by_the_build.h"\n',
        }
        self.assert_clean(planted)
        for name, text, message in (
            ("src/world/chance/b.h", '#include "world/people/a.h"', "upward: world/chance may not know world/people"),
            ("src/world/people/b.h", '#include "world/retailer/a.h"', "upward: world/people may not"),
            ("src/world/truth/b.h", '#include "world/generate.h"', "upward: world/truth may not know world/generate.h"),
            ("src/world/new/b.h", '#include "world/chance/a.h"', "unknown folder world/new"),
        ):
            with self.subTest(name):
                code, output = self.run_tool({**planted, name: HEADER + text + "\n"})
                self.assertEqual(code, 1, output)
                self.assertIn(f"{name}:3: {message}", output)

    def test_sideways(self) -> None:
        self.assert_found("src/ingest/a.cpp", '#include "identity/score.h"\n', "src/ingest/a.cpp:1: sideways")

    def test_sideways_between_the_top_modules(self) -> None:
        self.assert_found("src/http/a.cpp", '#include "cli/a.h"\n', "src/http/a.cpp:1: sideways")

    def test_circle_of_headers_within_a_module(self) -> None:
        code, output = self.run_tool({"src/expr/a.h": HEADER + '#include "expr/b.h"\n',
                                      "src/expr/b.h": HEADER + '#include "expr/c.h"\n',
                                      "src/expr/c.h": HEADER + '#include "expr/a.h"\n'})
        self.assertEqual(code, 1)
        self.assertIn("src/expr/c.h:3: circular: expr/a.h -> expr/b.h -> expr/c.h -> expr/a.h", output)

    def test_header_that_includes_itself(self) -> None:
        self.assert_found("src/expr/a.h", HEADER + '#include "expr/a.h"\n', "circular: expr/a.h -> expr/a.h")

    def test_duckdb_outside_store(self) -> None:
        self.assert_found("src/expr/a.cpp", '#include "duckdb.h"\n', "src/expr/a.cpp:1: duckdb.h outside")
        self.assert_found("src/expr/a.cpp", "# include <duckdb.h>\n", "src/expr/a.cpp:1: duckdb.h outside")
        self.assert_found("tests/unit/expr/a.cpp", "#include <duckdb.h>\n", "tests/unit/expr/a.cpp:1: duckdb.h outside")

    def test_unknown_module(self) -> None:
        self.assert_found("src/extras/a.h", HEADER, "src/extras:1: unknown module")

    def test_include_without_a_module(self) -> None:
        self.assert_found("src/expr/a.cpp", '#include "a.h"\n', "src/expr/a.cpp:1:", "does not start with a module")
        self.assert_found("src/expr/a.cpp", '#include "../base/result.h"\n', "does not start with a module")

    def test_tests_may_include_any_module(self) -> None:
        self.assert_clean({"tests/unit/base/a.cpp": '#include "app/run.h"\n'})


class Style(ToolTest):
    tool = "check_style"

    def test_clean_tree_passes(self) -> None:
        self.assert_clean({})

    def test_long_file_fails_unless_it_says_why(self) -> None:
        body = "int x;\n" * 801
        self.assert_found("src/base/a.cpp", body, "src/base/a.cpp:1: 801 lines")
        self.assert_clean({"src/base/a.cpp": "// Long because: one table.\n" + body})
        self.assert_found("src/base/a.cpp", "// Long because:\n" + body, "src/base/a.cpp:1: 802 lines")

    def test_file_past_the_budget_is_a_warning(self) -> None:
        code, output = self.run_tool({"src/base/a.cpp": "int x;\n" * 401})
        self.assertEqual(code, 0)
        self.assertIn("src/base/a.cpp:1: warning: 401 lines", output)

    def test_vague_names(self) -> None:
        for name in ("text_utils.cpp", "helpers.cpp", "common.cpp", "string_util.cpp", "StringHelpers.cpp"):
            self.assert_found(f"src/base/{name}", "", f"src/base/{name}:1: a name that says nothing")

    def test_notes_for_later(self) -> None:
        for word in ("TO" + "DO", "FIX" + "ME", "X" + "XX"):
            self.assert_found("src/base/a.cpp", f"\n// {word}: later\n", "src/base/a.cpp:2: a note for later")
            self.assert_found("docs/a.md", f"{word}\n", "docs/a.md:1: a note for later")

    def test_trailing_space(self) -> None:
        self.assert_found("src/base/a.cpp", "int x; \n", "src/base/a.cpp:1: trailing space")
        self.assert_found("docs/a.md", "x\t\n", "docs/a.md:1: trailing space")

    def test_header_without_comment_or_guard(self) -> None:
        self.assert_found("src/base/a.h", "// A.\n\nint x;\n", "src/base/a.h:1: no #pragma once")
        self.assert_found("src/base/a.h", "#pragma once\n", "src/base/a.h:1: no leading comment")

    def test_console_outside_cli(self) -> None:
        calls = ("std::cout << 1;", 'printf("x");', 'std::printf("x");', 'fprintf(stdout, "x");', 'fmt::print("x");')
        for call in calls:
            self.assert_found("src/base/a.cpp", f"void f() {{ {call} }}\n", "src/base/a.cpp:1: writes to standard")
        self.assert_clean({"src/base/a.cpp": 'void f() { std::snprintf(a, 3, "x"); std::fprintf(stderr, "x"); }\n'})

    def test_throw(self) -> None:
        self.assert_found("src/base/a.cpp", "void f() {\n  throw 1;\n}\n", "src/base/a.cpp:2: throws")
        self.assert_found("src/base/a.cpp", "int x = 1'000; int f() { throw 1'000; }\n", "src/base/a.cpp:1: throws")
        self.assert_clean({"src/base/a.cpp": 'auto x = "throw"; // throw\n/* throw */ auto y = R"q(a " throw)q";\n'})

    def test_long_line(self) -> None:
        self.assert_found("src/base/a.cpp", "// " + "a" * 118 + "\n", "src/base/a.cpp:1: 121 columns")
        self.assert_clean({"src/base/a.cpp": "// " + "ü" * 117 + "\n", "docs/a.md": "a" * 200 + "\n"})


if __name__ == "__main__":
    unittest.main()
