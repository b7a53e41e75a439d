"""Goal: `hilo generate` makes a workspace that works at once, the same for the same options, and never half of one or
over anything. Method: small worlds made by the real program, compared file by file and run; wrong options, folders in
the way, signals. Nothing here names a silo: what there is, is found in the folder.
"""

import hashlib
import os
import resource
import signal
import subprocess
import time
import unittest

from workspace import HILO, TIMEOUT_SECONDS, HiloTest, Outcome, Workspace

SMALL = ["--customers", "300", "--days", "120", "--seed", "5"]


def hashes(folder):
    """{name: hash} of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Made(Workspace):
    """A workspace that `hilo generate` made."""

    def __init__(self, root):
        self.root = root
        self.written = 0


class GenerateTest(HiloTest):
    def hilo(self, *args, **options):
        done = subprocess.run(
            [HILO, "generate", *args],
            cwd=self.folder,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            stdin=subprocess.DEVNULL,
            **options,
        )
        return Outcome(done)

    def generate(self, name, *args):
        """Makes a small world, which must succeed."""
        done = self.hilo("-o", name, *SMALL, *args)
        self.assertEqual(done.code, 0, str(done))
        return Made(self.folder / name)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())


class Worlds(GenerateTest):
    def test_it_runs_at_once(self):
        world = self.generate("shop")
        self.assertEqual(self.names(), ["shop"])
        for name in ("hilo.yaml", "sources", "attributes/retail.sql", "segments/at_risk.sql", "data", "truth"):
            self.assertTrue((world.root / name).exists(), name)
        self.assertFalse((world.root / ".generating").exists())
        report = world.run()
        self.assertGreater(report["customers"], 50)
        self.assertGreater(report["events"], 100)
        self.assertGreater(report["anonymous_events"], 0)
        self.assertGreater(world.value("select sum(revenue) from customers"), 0)
        self.assertTrue(world.run()["up_to_date"])

    def test_what_it_reports(self):
        done = self.hilo("-o", "shop", *SMALL, "--json", "--regime", "textbook", "--noise", "0.5")
        self.assertEqual(done.code, 0, str(done))
        report = done.json()
        self.assertEqual(
            list(report),
            [
                *("folder", "customers", "days", "seed", "regime", "noise", "anonymous", "opened_on", "format"),
                *("expect_every", "horizons"),
                *("seconds", "files", "bytes", "purchases", "rows_left_out", "sources_without_data", "rows", "passes"),
            ],
        )
        asked = {key: report[key] for key in ("folder", "customers", "days", "seed", "regime", "noise", "anonymous")}
        self.assertEqual(
            asked,
            {
                **{"folder": "shop", "customers": 300, "days": 120, "seed": 5},
                **{"regime": "textbook", "noise": 0.5, "anonymous": 0.35},
            },
        )
        self.assertEqual((report["opened_on"], report["format"]), ("2023-01-01", "csv"))
        self.assertEqual((report["expect_every"], report["horizons"]), ("quarter", [30, 90, 365]))
        files = [
            path for part in ("data", "truth") for path in (self.folder / "shop" / part).rglob("*") if path.is_file()
        ]
        self.assertEqual(report["files"], len(files))
        self.assertEqual(report["bytes"], sum(path.stat().st_size for path in files))
        self.assertGreater(sum(report["rows"].values()), report["purchases"])
        self.assertGreater(report["purchases"], 0)
        # The textbook knows no campaigns: a file of JSON lines without a line is none.
        self.assertEqual(report["sources_without_data"], ["push"])
        self.assertEqual(report["passes"][0]["rows"], 300)
        said = self.hilo("-o", "Ana's shop", *SMALL)
        self.assertIn("Next:\n  cd 'Ana'\\''s shop'\n  hilo run\n", said.out)
        self.assertIn("generate                300 customers", said.err)
        for silo in report["rows"]:
            self.assertIn(f" of {silo}\n", said.out)

    def test_the_same_options_give_the_same_files(self):
        one = self.generate("one", "--threads", "1")
        two = self.generate("two", "--threads", "2")
        self.assertEqual(hashes(one.root), hashes(two.root))
        done = self.hilo("-o", "other", "--customers", "300", "--days", "120", "--seed", "6")
        self.assertEqual(done.code, 0, str(done))
        self.assertNotEqual(hashes(one.root), hashes(self.folder / "other"))

    def test_a_day_more_repeats_what_was_there(self):
        # 2023-01-01 and 120 days: the next day is the first of May.
        one = self.generate("one")
        done = self.hilo("-o", "more", "--customers", "300", "--days", "121", "--seed", "5")
        self.assertEqual(done.code, 0, str(done))
        before, after = hashes(one.root / "data"), hashes(self.folder / "more" / "data")
        months = {name: digest for name, digest in before.items() if "_2023-0" in name}
        self.assertGreater(len(months), 3)
        self.assertEqual(months, {name: after.get(name) for name in months})
        self.assertTrue([name for name in set(after) - set(before) if "_2023-05" in name])
        # In the middle of a month the file of the month grows.
        done = self.hilo("-o", "less", "--customers", "300", "--days", "110", "--seed", "5")
        self.assertEqual(done.code, 0, str(done))
        for path in sorted((self.folder / "less" / "data").rglob("*_2023-??.*")):
            longer = one.root / path.relative_to(self.folder / "less")
            missing = set(path.read_bytes().splitlines()) - set(longer.read_bytes().splitlines())
            self.assertEqual(missing, set(), path.name)

    def test_both_formats_give_the_same_customers(self):
        plain = self.generate("plain")
        parquet = self.generate("parquet", "--format", "parquet", "--threads", "2")
        again = self.generate("again", "--format", "parquet", "--threads", "1")
        self.assertEqual(hashes(parquet.root), hashes(again.root))
        self.assertEqual(
            {path.suffix for part in ("data", "truth") for path in (parquet.root / part).rglob("*") if path.is_file()},
            {".parquet"},
        )
        self.assertEqual(self.names(), ["again", "parquet", "plain"])
        self.assertFalse((parquet.root / ".spill").exists())
        first, second = plain.run(), parquet.run()
        for key in ("customers", "records", "events", "items", "anonymous_events", "visitors", "shared_identifiers"):
            self.assertEqual(first[key], second[key], key)
        for query in ("from customers order by all", "from events order by all", "from items order by all"):
            self.assertEqual(
                plain.hilo("sql", "--csv", query).out.replace(".csv", ".parquet"),
                parquet.hilo("sql", "--csv", query).out,
                query,
            )

    def test_the_smallest_worlds(self):
        for args in (["--customers", "1", "--days", "1"], ["--customers", "3", "--days", "2", "--noise", "0"]):
            for form in ("csv", "parquet"):
                with self.subTest(args + [form]):
                    done = self.hilo("-o", f"tiny-{args[1]}-{form}", *args, "--format", form, "--json")
                    self.assertEqual(done.code, 0, str(done))
                    world = Made(self.folder / f"tiny-{args[1]}-{form}")
                    self.assertEqual(
                        len(done.json()["sources_without_data"]), len(list(world.root.glob("sources/*.example")))
                    )
                    world.run()

    def test_other_expectations(self):
        usual = self.generate("usual")
        weekly = self.generate("weekly", "--expect-every", "week", "--horizons", "7,28,400")
        told = {name for name in hashes(usual.root) if "expectations_" in name}

        def others(world):
            return {name: digest for name, digest in hashes(world.root).items() if "expectations_" not in name}

        self.assertEqual(others(usual), others(weekly))
        self.assertEqual(told, {"truth/expectations_2023-01.csv", "truth/expectations_2023-03.csv"})
        rows = {}
        for path in sorted((weekly.root / "truth").glob("expectations_*.csv")):
            lines = path.read_text().splitlines()
            columns = "person,day,purchases_7d,purchases_28d,purchases_400d,spend_7d_eur,spend_28d_eur,spend_400d_eur"
            self.assertEqual(lines[0], columns)
            for line in lines[1:]:
                rows.setdefault(line.split(",")[1], []).append(line)
        self.assertEqual(len(rows), 18)  # Sundays: the first day is one
        self.assertIn("2023-01-01", rows)
        self.assertGreater(min(map(len, rows.values())), 50)
        daily = self.generate("daily", "--expect-every", "day", "--horizons", "1", "--format", "parquet")
        self.assertEqual(len(list(daily.root.glob("truth/expectations_*.parquet"))), 4)

    def test_another_opening_day(self):
        done = self.hilo("-o", "shop", *SMALL, "--opened", "2020-03-01", "--json")
        self.assertEqual(done.json()["opened_on"], "2020-03-01")
        months = {path.stem[-7:] for path in (self.folder / "shop" / "data").rglob("*_20??-??.*")}
        self.assertLessEqual(months, {"2020-03", "2020-04", "2020-05", "2020-06", "2020-07"})


class Refused(GenerateTest):
    def assert_usage(self, args, message):
        done = self.hilo("-o", "shop", *args)
        self.assert_fails(done, 2, message)
        self.assertEqual(done.out, "")
        error = self.hilo("-o", "shop", *args, "--json").json()["errors"][0]
        self.assertEqual(error["code"], "usage")
        self.assertTrue(error["advice"])
        self.assertEqual(self.names(), [])

    def test_help(self):
        done = self.hilo("--help")
        self.assertEqual(done.code, 0)
        for text in ("hilo generate -o toys", "--regime", "hidden-confounder", "N=20000", "D=730", "F=0.35", "truth/",
            "--expect-every", "--horizons 7,28,182"):
            self.assertIn(text, done.out)
        self.assertLessEqual(max(map(len, done.out.splitlines())), 120)
        overview = subprocess.run([HILO, "--help"], capture_output=True, text=True).stdout
        self.assertIn("  generate ", overview)

    def test_values_that_cannot_be(self):
        whole = "a whole number from 1 to"
        for option, values, what in (
            ("--customers", ("0", "-5", "1e30", "1.5", "many", "100000001", "9" * 40, " 7"), whole),
            ("--days", ("0", "-1", "7306", "1e3", "x"), "a whole number from 1 to 7305, which is 20 years"),
            ("--seed", ("-1", "1.0", "x", "18446744073709551616"), "a whole number from 0 to"),
            ("--noise", ("-0.1", "10.5", "1e30", "nan", "inf", "x", "1,5"), "a number from 0 to 10"),
            ("--anonymous", ("-0.1", "1.01", "nan", "35%"), "a number from 0 to 1"),
            ("--threads", ("-1", "257", "x"), "a whole number from 0 to 256"),
            ("--opened", ("someday", "2023-02-30", "1969-12-31", "2101-01-01"), "a day from 1970-01-01 to 2100-12-31"),
        ):
            for value in values:
                with self.subTest(option=option, value=value):
                    done = self.hilo("-o", "shop", option, value)
                    self.assert_fails(done, 2, f"{option} must be {what}", f"it is '{value}'")
                    self.assertEqual(self.names(), [])
        self.assert_usage(["--days", "0"], "--days must be")

    def test_names_that_are_not_known(self):
        self.assert_usage(["--regime", "textbok"], "there is no regime 'textbok' (did you mean 'textbook'?)")
        self.assert_usage(["--expect-every", "weak"], "not told every 'weak' (did you mean 'week'?)")
        for horizons in ("0", "30,", "90,30", "30,30", "7306", "30 90", "1.5", "x"):
            with self.subTest(horizons=horizons):
                self.assert_usage(["--horizons=" + horizons], "--horizons must be whole days from 1 to 7305, 32 of")
        self.assert_usage(["--format", "parket"], "'parket' is not a format (did you mean 'parquet'?)")
        self.assert_usage(["--format", "json"], "A format is csv")
        self.assert_usage(["--customer", "3"], "has no option '--customer' (did you mean '--customers'?)")
        self.assert_usage(["shop"], "unexpected argument 'shop'")

    def test_without_a_folder(self):
        self.assert_fails(self.hilo(), 2, "`hilo generate` needs -o DIR", "`hilo generate --help` shows how.")
        self.assert_fails(self.hilo("-o"), 2, "needs a value")
        self.assert_fails(self.hilo("-o", ""), 2, "")

    def test_nothing_is_written_over(self):
        (self.folder / "full").mkdir()
        (self.folder / "full" / "mine.txt").write_text("mine")
        (self.folder / "file").write_text("mine")
        (self.folder / "other.unfinished").mkdir()
        (self.folder / "other.unfinished" / "mine.txt").write_text("mine")
        before = hashes(self.folder)
        for name, message in (
            ("full", "is not empty; nothing was written"),
            ("full/", "is not empty; nothing was written"),
            ("file", "is there already and is no folder"),
            ("file/shop", "is no folder, so nothing can be made in it"),
            ("other", "other.unfinished is in the way"),
            (".", "is not empty"),
        ):
            with self.subTest(name):
                self.assert_fails(self.hilo("-o", name, *SMALL), 1, message, "Name a" if name != "other" else "Remove")
                self.assertEqual(hashes(self.folder), before)
        self.assert_fails(self.hilo("-o", "/proc/shop", *SMALL), 3, "cannot be made")
        first = self.generate("new")
        self.assert_fails(self.hilo("-o", "new", *SMALL), 1, "is not empty; nothing was written")
        self.assertTrue((first.root / "hilo.yaml").exists())

    def test_folders_that_are_made_or_taken(self):
        self.assertEqual(self.hilo("-o", "a/b/shop/", *SMALL).code, 0)
        (self.folder / "empty").mkdir()
        self.assertEqual(self.hilo("-o=empty", *SMALL).code, 0)
        self.assertEqual(self.hilo("-C", "a", "-o", "c", *SMALL).code, 0)
        for name in ("a/b/shop", "empty", "a/c"):
            self.assertTrue((self.folder / name / "hilo.yaml").exists(), name)
        (self.folder / "here").mkdir()
        done = subprocess.run([HILO, "generate", "-o", ".", *SMALL], cwd=self.folder / "here", capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"is the folder that you are in", done.stderr)

    @unittest.skipIf(os.geteuid() == 0, "nothing is read-only for root")
    def test_a_folder_that_is_read_only(self):
        (self.folder / "locked").mkdir(mode=0o555)
        self.assert_fails(self.hilo("-o", "locked/shop", *SMALL), 3, "cannot be made", "Check who owns the folder")

    def test_a_disk_that_is_full(self):
        def little_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        for form in ("csv", "parquet"):
            with self.subTest(form):
                done = self.hilo("-o", "a/shop", *SMALL, "--format", form, preexec_fn=little_room)
                self.assert_fails(done, 3, "cannot be written", "Free some space")
                self.assertEqual(self.names(), [])


class Ends(GenerateTest):
    LARGE = ["--customers", "3000000", "--days", "400", "--threads", "1"]

    def start(self, name):
        """A world that takes minutes, on its way."""
        process = subprocess.Popen(
            [HILO, "generate", "-o", name, *self.LARGE],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A shell that runs the tests in the background has told them to ignore the signal.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        self.addCleanup(process.kill)
        unfinished = self.folder / (name + ".unfinished")
        until = time.monotonic() + TIMEOUT_SECONDS
        while not any((unfinished / part).exists() for part in (".waiting", "data", "truth")):
            self.assertIsNone(process.poll(), "it ended too early")
            self.assertLess(time.monotonic(), until)
            time.sleep(0.02)
        return process

    def test_an_interrupt_leaves_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                process = self.start("a/shop" if number == signal.SIGINT else "shop")
                process.send_signal(number)
                out, err = process.communicate(timeout=TIMEOUT_SECONDS)
                self.assertEqual(process.returncode, 128 + number, err)
                self.assertEqual((out, err), (b"", b"interrupted: nothing was kept\n"))
                self.assertEqual(self.names(), [])

    def test_a_second_process_and_a_dead_one(self):
        process = self.start("shop")
        busy = self.hilo("-o", "shop", *SMALL)
        self.assert_fails(busy, 1, "is being made by another process", "Wait until it ends")
        self.assertIsNone(process.poll())
        process.kill()
        process.communicate()
        self.assertEqual(self.names(), ["shop.unfinished"])
        self.generate("shop")
        self.assertEqual(self.names(), ["shop"])
        self.assertEqual(Made(self.folder / "shop").run()["run"], 1)


if __name__ == "__main__":
    unittest.main()
