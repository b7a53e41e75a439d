"""Goal: ./dev fuzz runs what it is asked for, tells crashes from slow inputs, and fails when its canary lives.

Method: the functions of tools/fuzz, and a fuzzer's part played by a shell script.
"""
import contextlib
import io
import runpy
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
FUZZ = runpy.run_path(str(TOOLS / "fuzz"))

CRASHES = """#!/bin/sh
for option; do case $option in -artifact_prefix=*) prefix=${option#*=};; esac; done
echo "#2\tINITED cov: 7 ft: 9 corp: 1/1b"
echo x > "${prefix}crash-1"
echo "SUMMARY: AddressSanitizer: heap-buffer-overflow"
echo "artifact_prefix='$prefix'; Test unit written to ${prefix}crash-1"
exit 77
"""
PASSES = """#!/bin/sh
printf '#2\tINITED cov: 7 ft: 9 corp: 1/1b\\n#50\tDONE   cov: 8 ft: 9 corp: 2/2b\\n'
"""


class Fuzz(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.build = Path(folder.name)

    def run_as(self, target: str, script: str):
        program = FUZZ["program_of"](self.build, target)
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(script, encoding="utf-8")
        program.chmod(0o755)
        with contextlib.redirect_stdout(io.StringIO()):
            return FUZZ["fuzz"](self.build, target, 1, 1, FUZZ["Printer"]())

    def verdict(self, *outcomes) -> tuple[int, str]:
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = FUZZ["verdict"](self.build, list(outcomes))
        return code, output.getvalue()

    def test_the_canary_is_always_among_the_targets(self) -> None:
        chosen = FUZZ["chosen_targets"]
        self.assertEqual(chosen(["csv"], ["csv", "json", "canary"]), ["canary", "csv"])
        self.assertEqual(chosen([], ["csv", "json", "canary"]), ["canary", "csv", "json"])
        with self.assertRaisesRegex(SystemExit, "did you mean 'json'"):
            chosen(["jsn"], ["csv", "json", "canary"])

    def test_every_target_is_listed_and_has_seeds(self) -> None:
        home = TOOLS.parent / "tests" / "fuzz"
        listed = FUZZ["listed_targets"]()
        parts = {"entry", "engine"}  # of all targets, of those with an engine
        self.assertEqual(sorted(listed), sorted({path.stem for path in home.glob("*.cpp")} - parts))
        for target in listed:
            self.assertTrue(any((home / "seeds" / target).iterdir()), target)

    def test_a_crash_fails_the_run_and_tells_how_to_see_it_again(self) -> None:
        outcome = self.run_as("csv", CRASHES)
        self.assertEqual([crash.name for crash in outcome.crashes], ["crash-1"])
        self.assertIn("heap-buffer-overflow", Path(f"{outcome.crashes[0]}.report").read_text(encoding="utf-8"))
        code, output = self.verdict(self.run_as("canary", CRASHES), outcome)
        self.assertEqual(code, 1)
        self.assertIn(f"hilo_fuzz_csv {outcome.crashes[0]}", output)

    def test_a_canary_that_lives_fails_the_run(self) -> None:
        good = self.run_as("csv", PASSES)
        self.assertEqual((good.executions, good.coverage, good.crashes), (50, 8, []))
        self.assertEqual(self.verdict(self.run_as("canary", CRASHES), good), (0, ""))
        code, output = self.verdict(self.run_as("canary", PASSES), good)
        self.assertEqual(code, 1)
        self.assertIn("was not found", output)

    def test_a_fuzzer_that_dies_without_an_input_fails_the_run(self) -> None:
        code, output = self.verdict(self.run_as("canary", CRASHES), self.run_as("csv", "#!/bin/sh\nexit 3\n"))
        self.assertEqual(code, 1)
        self.assertIn("csv ended with 3", output)

    def test_a_slow_input_is_no_crash(self) -> None:
        self.assertIsNone(FUZZ["written_crash"]("Test unit written to /x/slow-unit-1\n"))


if __name__ == "__main__":
    unittest.main()
