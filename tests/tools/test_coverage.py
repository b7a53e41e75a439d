"""Goal: tools/coverage knows which lines handle errors. Method: its functions on pieces of code."""
import runpy
import unittest
from pathlib import Path

COVERAGE = runpy.run_path(str(Path(__file__).resolve().parents[2] / "tools" / "coverage"))

CODE = """std::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::kInvalidInput, what);
}
Status read() {
  if (bad) return damaged("x");
  try {
    parse();
  } catch (const Exception& failure) {
    return std::unexpected(of(failure));
  }
  HILO_TRY(more());
  return {};
}
"""


class ErrorLines(unittest.TestCase):
    def test_makers_are_known_by_what_the_code_declares(self) -> None:
        maker = COVERAGE["error_makers"]({"a.cpp": CODE})
        lines = [number for number, line in enumerate(CODE.splitlines(), 1) if maker.search(line)]
        self.assertEqual(lines, [2, 5, 9])

    def test_a_catch_has_a_body(self) -> None:
        self.assertEqual(COVERAGE["caught_lines"](CODE), {9})


if __name__ == "__main__":
    unittest.main()
