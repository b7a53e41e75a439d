"""Goal: what was made to do harm does none: a clear error or a counted reject, within the limits of memory and time,
log and store as before or as after. Method: each trick on a workspace that has run well once, by the real program.

Files that are damaged rather than hostile are in test_bad_files, faults of definitions in test_bad_definitions, rules
of segments that never end in test_segments, full disks and power cuts in tests/sim.
"""

import os
import socket
import struct
import unittest

from workspace import HiloTest, SETTINGS

SALES = """-- source: sales   kind: shop
select id as source_id, mail as email, order_no as order_id, at_time as time, 'order' as type, amount, cur as currency
from read_csv('data/sales*', types = {'id': 'VARCHAR', 'amount': 'VARCHAR'})
"""
HEADER = "id,mail,order_no,at_time,amount,cur\n"
GOOD = HEADER + "1,ana@correo.es,O-1,2024-03-01 10:00:00,10.00,EUR\n"
APP = """-- source: app   kind: web
select who as source_id, mail as email, at_time as time, 'order' as type, amount from read_json('data/app*')
"""
LIMITS = "sql:\n  seconds_max: 1\nsegments:\n  seconds_max: 2\n"
NEXT = "2024-07-02T06:00:00Z"
LONG = "x" * 65_536
# One call of the engine that takes hours, between no two blocks of rows.
ENDLESS = "levenshtein(repeat({0}, 1000000), reverse(repeat({0}, 1000001)))"


def app_row(**fields):
    fields = {"who": '"1"', "mail": '"a@correo.es"', "at_time": '"2024-03-01 10:00:00"', "amount": "1.5"} | fields
    return "{" + ", ".join(f'"{key}": {value}' for key, value in fields.items()) + "}\n"


def zstandard_bomb(start, filler, size, end):
    """A few kilobytes that become `start`, `size` bytes of `filler`, and `end`: zstd blocks that repeat one byte."""
    block = 128 * 1024
    frame = b"\x28\xb5\x2f\xfd\x00\x50"  # a window of 1 MiB, no size told
    frame += struct.pack("<I", len(start) << 3)[:3] + start
    frame += (struct.pack("<I", block << 3 | 1 << 1)[:3] + filler) * (size // block)
    return frame + struct.pack("<I", len(end) << 3 | 1)[:3] + end


class Hostile(HiloTest):
    def shop(self, files=None):
        return self.workspace_that_ran({"sources/sales.sql": SALES, "data/sales1.csv": GOOD} | (files or {}))

    def content(self, workspace, name):
        path = workspace.root / name
        return path.read_bytes() if path.exists() else None

    def refused(self, workspace, files, code, *texts):
        """With these files `check` and `run` fail alike, touch nothing, and all is well once they are gone."""
        kept = {name: self.content(workspace, name) for name in files}
        workspace.write(files)
        self.assert_fails(workspace.hilo("check"), code, *texts)
        self.assert_refused(workspace, code, *texts, now=NEXT)
        workspace.write(kept)
        self.assertEqual(workspace.leftovers(), [])


class Names(Hostile):
    def test_what_is_no_regular_file(self):
        workspace = self.shop()
        data = workspace.root / "data"
        os.mkfifo(data / "sales_pipe")
        (data / "sales_loop").symlink_to("sales_loop")
        (data / "sales_lost").symlink_to("/nowhere/at/all")
        (data / "sales_zeros").symlink_to("/dev/zero")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(data / "sales_socket"))
            kinds = {"pipe": "a pipe", "loop": "symbolic links", "lost": "a link", "zeros": "a device"}
            kinds["socket"] = "a socket"
            for name, kind in kinds.items():
                with self.subTest(name):
                    query = SALES.replace("data/sales*", f"data/sales_{name}")
                    self.refused(
                        workspace,
                        {"sources/sales.sql": query},
                        1,
                        "sources/sales.sql:3:15",
                        f"data/sales_{name} is not a regular file",
                        kind,
                    )
            self.assert_refused(workspace, 1, "is not a regular file", "narrow the pattern", now=NEXT)
            for name in kinds:
                (data / f"sales_{name}").unlink()
        self.assertTrue(workspace.run(NEXT)["up_to_date"])

    def test_paths_that_lead_elsewhere(self):
        """A source reads files of the workspace, and of the folders that hilo.yaml names beside it; nothing else."""
        workspace = self.shop()
        for path in ("../*.csv", "https://example.com/x", "s3://bucket/x", "file:///etc/passwd", "~/x.csv", "data/["):
            with self.subTest(path):
                query = SALES.replace("data/sales*", path)
                self.refused(workspace, {"sources/sales.sql": query}, 1, "sources/sales.sql:3:15", "no file matches")
        outside = self.folder / "deliveries"
        outside.mkdir()
        (outside / "sales.csv").write_text(GOOD)
        link = workspace.root / "data/sales2.csv"
        for target in ("/etc/passwd", outside / "sales.csv"):
            link.symlink_to(target)
            told = ("data/sales2.csv stands outside of the workspace", "sources:")
            self.assert_refused(workspace, 1, *told, now=NEXT)
            link.unlink()
        for path in (f"{outside}/*.csv", f"{os.path.relpath(outside, workspace.root)}/*.csv"):
            with self.subTest(path):
                query = SALES.replace("data/sales*", path)
                self.refused(workspace, {"sources/sales.sql": query}, 1, "sources/sales.sql:3:15", "stands outside")
        (workspace.root / "data/inside.csv").write_text(GOOD.replace("O-1", "O-2"))
        link.symlink_to("inside.csv")
        workspace.run(NEXT)

    def test_folders_beside_the_workspace(self):
        workspace = self.shop()
        outside = self.folder / "deliveries"
        outside.mkdir()
        (outside / "sales.csv").write_text(GOOD)
        settings = (workspace.root / "hilo.yaml").read_text()
        workspace.write({"sources/sales.sql": SALES.replace("data/sales*", "../deliveries/*")})
        for folders in (f"[{outside}]", "[../deliveries]"):
            workspace.write({"hilo.yaml": settings + f"\nsources:\n  folders: {folders}\n"})
            self.assertEqual(workspace.hilo("check").code, 0)
        wrong = settings + "\nsources: {folders: /srv}\n"
        self.refused(workspace, {"hilo.yaml": wrong}, 1, "must be a list of folders")

    def test_definitions_that_are_no_text_files(self):
        workspace = self.shop()
        for name in ("sources/more.sql", "attributes/more.sql", "segments/more.sql", "hilo.yaml"):
            path = workspace.root / name
            kept = path.read_bytes() if path.exists() else None
            path.parent.mkdir(exist_ok=True)
            for make in (os.mkfifo, lambda it: it.symlink_to("/dev/zero"), lambda it: it.mkdir()):
                path.unlink(missing_ok=True)
                make(path)
                with self.subTest(name):
                    self.assert_fails(workspace.hilo("check"), 1, f"{name} is not a regular file")
                path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
            if kept is not None:
                path.write_bytes(kept)
        large = "-- " + "x" * (1 << 20) + "\nselect 1\n"
        self.refused(workspace, {"attributes/more.sql": large}, 1, "attributes/more.sql is larger than 1 MiB")
        nul = "select count(*) as things, 'a\0b' as word from events\n"
        self.refused(workspace, {"attributes/more.sql": nul}, 1, "attributes/more.sql:1:30", "NUL")
        name = os.fsdecode(b"attributes/m\xe9s.sql")
        self.refused(workspace, {name: "select count(*) as things from events\n"}, 1, "a name that is not UTF-8")


class Values(Hostile):
    def test_two_encodings_in_one_file(self):
        def row(number, city):
            return f"{number},{city}@correo.es,Ñ-{number},2024-03-01 10:00:00,10.00,EUR\n"

        mixed = (HEADER + row(2, "a")).encode() + row(3, "b").encode("windows-1252") + row(4, "c").encode()
        workspace = self.workspace({"sources/sales.sql": SALES, "data/sales1.csv": mixed})
        self.assertEqual(workspace.run()["rejects"], 0)
        self.assertEqual(workspace.rows("select order_id from events order by 1"), [("Ñ-2",), ("Ñ-3",), ("Ñ-4",)])

    def test_json_that_means_harm(self):
        rows = {
            "nesting deeper than": app_row(more="[" * 100_000 + "]" * 100_000),
            "the key comes twice": app_row().replace("{", '{"amount": 2, '),
            "a NUL character": app_row(mail='"a\\u0000@correo.es"'),
            "surrogate": app_row(mail='"\\ud800@correo.es"'),
            "invalid literal": app_row(amount="NaN"),
            "DECIMAL(18,4)": app_row(amount="1e400"),
        }
        good = app_row(who="18446744073709551616") + app_row(who="99999999999999999999999999", mail='"b@correo.es"')
        workspace = self.shop({"sources/app.sql": APP, "data/app1.json": app_row()})
        workspace.write({"data/app2.json": "".join(rows.values()) + good})
        self.assertEqual(workspace.run(NEXT)["rejects"], len(rows))
        rejects = workspace.rejects()
        for place, reason in enumerate(rows, 1):
            self.assert_reject(rejects, file="data/app2.json", place=place, reason=reason)
        ids = workspace.rows("select source_id from records where source = 'app' and length(source_id) > 1 order by 1")
        self.assertEqual(ids, [("18446744073709551616",), ("99999999999999999999999999",)])

    def test_a_gigabyte_on_one_line(self):
        row = app_row().encode()
        bomb = zstandard_bomb(row[:-2] + b', "note": "', b"x", 1 << 30, b'"}\n' + app_row(who='"7"').encode())
        self.assertLess(len(bomb), 100_000)
        workspace = self.shop({"sources/app.sql": APP, "data/app1.json": app_row()})
        workspace.write({"data/app2.json.zst": bomb})
        report = workspace.run(NEXT)
        self.assertEqual(report["rejects"], 1)
        self.assert_reject(workspace.rejects(), file="data/app2.json.zst", place=1, reason="a record of more than")
        self.assertEqual(workspace.value("select count(*) from records where source = 'app'"), 2)

    def test_money_and_numbers_past_all_bounds(self):
        amounts = ["-99999999999.99", "99999999999.99", "1e30", "-1e30", "99999999999999999999", "0x10", "٣"]
        rows = "".join(
            f"{number},p{number}@correo.es,A-{number},2024-03-01 10:00:00,{amount},EUR\n"
            for number, amount in enumerate(amounts, 2)
        )
        workspace = self.shop()
        workspace.write({"data/sales2.csv": HEADER + rows})
        self.assertEqual(workspace.run(NEXT)["rejects"], len(amounts) - 2)
        for place, amount in enumerate(amounts, 2):
            if not amount.endswith(".99"):
                self.assert_reject(workspace.rejects(), column="amount", place=place, value=amount)
        self.assertEqual(workspace.value("select sum(amount) from events where order_id like 'A-%'"), 0)

    def test_characters_that_are_not_seen(self):
        """They cannot make one mail look like two, nor turn an answer on the terminal around."""
        rows = (
            "2,ana\u200b@correo.es,Z-1,2024-03-01 10:00:00,1.00,EUR\n"
            "3,\u202eana@correo.es\u202c,Z-2,2024-03-01 11:00:00,1.00,EUR\n"
            "4,\ufeffana@correo.es,\u202eZ-3,2024-03-01 12:00:00,1.00,EUR\n"
        )
        workspace = self.shop()
        workspace.write({"data/sales2.csv": HEADER + rows})
        workspace.run(NEXT)
        orders = workspace.value("select count(*) from events e join customers c using (customer_id) where orders = 4")
        self.assertEqual(orders, 4, str(workspace.rows("select email from contact.versions order by all")))
        shown = workspace.on_terminal("customer", "ana@correo.es")
        self.assertIn("Z-2", shown)
        self.assertNotIn("\u202e", shown)

    def test_identifiers_of_64_kib_in_every_command(self):
        workspace = self.shop({"segments/all.sql": "select customer_id from customers where orders >= 0\n"})
        workspace.write({"data/sales2.csv": f"{HEADER}{LONG},{LONG}@correo.es,{LONG},2024-03-01 10:00:00,10.00,EUR\n"})
        self.assertEqual(workspace.run(NEXT)["rejects"], 1)
        before = workspace.state()
        commands = {
            1: (
                ["customer", LONG], ["segment", "show", LONG], ["segment", "members", LONG],
                ["segment", "history", LONG], ["segment", "overlap", "all", LONG], ["segment", "try", LONG],
                ["export", LONG, "-o", "x.csv"],
                ["sql", LONG], ["erase", LONG, "--yes"], ["check", "-C", LONG],
            ),
            2: (
                [LONG], ["rejects", LONG], ["status", LONG], ["doctor", LONG], ["rebuild", LONG], ["man", LONG],
                ["completion", LONG], ["help", LONG], ["run", "--now", LONG], ["status", "--now", LONG],
                ["erase", "1", "--now", LONG], ["snapshot", "--as-of", LONG],
                ["segment", "members", "all", "--as-of", LONG], ["segment", "members", "all", "--limit", LONG],
                ["generate", "-o", "w", "--customers", LONG],
                ["export", "customers", "-o", "x.csv", "--hash", LONG], ["export", "all", "-o", f"x.{LONG}"],
            ),
            3: (
                ["generate", "-o", LONG], ["init", LONG], ["snapshot", "-o", LONG],
            ),
        }  # fmt: skip
        for code, those in commands.items():
            for command in those:
                with self.subTest(" ".join(command)[:40]):
                    done = workspace.hilo(*command)
                    self.assert_fails(done, code, "error:")
                    self.assertLess(len(done.err), 2_000)
        self.assertEqual(workspace.state(), before)


class Settings(Hostile):
    def test_yaml_that_means_harm(self):
        bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
        for this, last in zip("bcdefghijkl", "abcdefghijk"):
            bomb += f"{this}: &{this} [{', '.join(['*' + last] * 9)}]\n"
        workspace = self.shop()
        for text, told in (
            (bomb, "there is no setting 'l'"),
            ("a: &a [*a]\n", "there is no setting 'a'"),
            ("a: &a {region: FR}\n<<: *a\n", "there is no setting '<<'"),
            ("region: " + "[" * 200_000 + "]" * 200_000 + "\n", "hilo.yaml:"),
            ("region: " + "x" * 2_000_000 + "\n", "larger than 1 MiB"),
            ("region: E\0S\n", "NUL"),
        ):
            with self.subTest(text[:20]):
                yaml = SETTINGS.replace("region: ES\n", "") + text
                self.refused(workspace, {"hilo.yaml": yaml}, 1, told)


class Endless(Hostile):
    def test_questions(self):
        workspace = self.shop()
        workspace.write({"hilo.yaml": SETTINGS + LIMITS})
        digits = "(select * from (values " + ", ".join(f"({digit})" for digit in range(10)) + ") t(d))"
        crossed = " cross join ".join(f"{digits} t{number}" for number in range(14))
        for query in (f"select sum(t0.d * t13.d) from {crossed}", "select " + ENDLESS.format("'x'")):
            for form in ([], ["--csv"], ["--json"]):
                with self.subTest(query[:20], form=form):
                    done = workspace.hilo("sql", *form, query)
                    self.assert_fails(done, 1, "did not end within 1 second", "sql.seconds_max")
        workspace.write({"hilo.yaml": SETTINGS})
        self.assertEqual(workspace.value("select count(*) from events"), 1)

    def test_patterns_of_more_names_than_can_be_looked_for(self):
        workspace = self.shop()
        for groups in ("{a,b}" * 40, "{x," + "{a,b,c,d}" * 9 + "}"):
            with self.subTest(groups[:20]):
                workspace.write({"sources/sales.sql": SALES.replace("data/", f"data/{groups}/")})
                done = workspace.hilo("check")
                self.assert_fails(done, 1, "stands for more than 10000 names", "sources/sales.sql")

    def test_what_cannot_be_computed_for_any_row(self):
        workspace = self.shop()
        lists = "list_aggregate(range(id::bigint * 4000000000), 'sum')::varchar as source_id"
        two = {"data/two.csv": GOOD + GOOD.splitlines()[1].replace("1,", "2,", 1) + "\n"}
        query = SALES.replace("id as source_id", lists).replace("data/sales*", "data/two.csv")
        workspace.write({"sources/sales.sql": query} | two)
        self.assert_fails(workspace.hilo("run"), 1, "the query cannot run", "sources/sales.sql")

    def test_a_question_that_fails_half_way(self):
        workspace = self.shop()
        query = "select case when i < 300000 then i else ('x' || i)::int end as n from range(400000) t(i)"
        for form in ([], ["--csv"], ["--json"]):
            with self.subTest(form=form):
                self.assert_fails(workspace.hilo("sql", *form, query), 1, "Could not convert string")

    def test_a_question_that_would_take_all_memory(self):
        workspace = self.shop()
        done = workspace.hilo("sql", "select len(range(4000000000))")
        self.assert_fails(done, 3, "Out of Memory", "engine.memory_limit")

    def test_attributes_and_sources_in_a_run(self):
        workspace = self.shop()
        workspace.write({"hilo.yaml": SETTINGS + "  pass_seconds_max: 20\n"})
        workspace.run(NEXT)
        for name, text in (
            ("attributes/endless.sql", f"select max({ENDLESS.format('order_id')}) as endless from events\n"),
            ("sources/sales.sql", SALES.replace("mail as email", ENDLESS.format("mail") + "::varchar as email")),
        ):
            with self.subTest(name):
                kept = self.content(workspace, name)
                log = {file: at for file, at in workspace.state().items() if file.startswith("log/")}
                workspace.write({name: text})
                done = workspace.hilo("run", "--now", "2024-07-03T06:00:00Z")
                self.assert_fails(done, 1, "did not end within 20 seconds", "engine.pass_seconds_max")
                workspace.write({name: kept})
                self.assertTrue(workspace.run("2024-07-03T06:00:00Z")["up_to_date"])
                self.assertEqual(workspace.leftovers(), [])
                after = {file: at for file, at in workspace.state().items() if file.startswith("log/")}
                self.assertEqual(after, log)

    def test_constants_that_never_end(self):
        endless = f"select max({ENDLESS.format(chr(39) + 'x' + chr(39))}) as endless from events\n"
        workspace = self.shop()
        workspace.write({"hilo.yaml": SETTINGS + LIMITS, "attributes/endless.sql": endless})
        self.assert_fails(workspace.hilo("check"), 1, "did not end within 2 seconds", "segments.seconds_max")


if __name__ == "__main__":
    unittest.main()
