"""Goal: segments by the command line: sizes, members of any day, what was recorded, and definitions that mean harm.

Method: a shop of four customers whose members can be told by hand, runs on several days, and each hostile definition
against the real program: an error with its place, log and store as before.
"""

import json
import shutil
import subprocess
import unittest

import silos
from workspace import HILO, TIMEOUT_SECONDS, HiloTest

BUYERS = "-- title: Buyers\n-- Who ordered at all.\nselect customer_id from customers where orders > 0\n"
AGAIN = "select customer_id from customers where orders > 1\n"
NEW = "select customer_id from customers where in_segment('buyers') and not in_segment('again')\n"
SEGMENTS = {"segments/buyers.sql": BUYERS, "segments/again.sql": AGAIN, "segments/once.sql": NEW}


class SegmentTest(HiloTest):
    def shop(self, files=None, run=True):
        make = self.workspace_that_ran if run else self.workspace
        return make(silos.files() | SEGMENTS | (files or {}))

    def ask(self, workspace, *args):
        done = workspace.hilo("segment", *args, "--json")
        self.assertEqual(done.code, 0, str(done))
        return done.json()


class Answers(SegmentTest):
    def test_list_and_show(self):
        workspace = self.shop()
        told = self.ask(workspace, "list")
        self.assertEqual((told["day"], told["before"], told["customers"]), ("2024-03-09", "2024-02-09", 4))
        self.assertEqual(
            [(one["segment"], one["members"], one["before"]) for one in told["segments"]],
            [("again", 1, 0), ("buyers", 3, 0), ("once", 2, 0)],
        )
        self.assertEqual(self.ask(workspace, "list", "--quick")["before"], None)
        self.assertIn("Buyers", workspace.hilo("segment", "list").out)
        shown = self.ask(workspace, "show", "once")
        self.assertEqual(shown["conditions"], ["is in the segment 'buyers'", "is not in the segment 'again'"])
        self.assertEqual(shown["segments"], ["again", "buyers"])
        self.assertEqual((shown["members"], shown["share"]), (2, 0.5))
        self.assertIn("run 1", shown["recorded"])
        self.assertEqual(len(shown["sample"]), 2)
        text = workspace.hilo("segment", "show", "buyers").out
        for part in ("Who ordered at all.", "orders is more than 0", "3 members of 4 customers", "segments/buyers.sql"):
            self.assertIn(part, text)
        for word in ("ana.garcia", "Ana", "600111222"):
            self.assertNotIn(word, text + json.dumps(shown))

    def test_what_is_divided_by_zero_is_not_known(self):
        opened = "count(*) filter (where type = 'message_opened') as opened"
        mails = "count(*) filter (where channel = 'email') as mails"
        text = f"select {opened}, {mails}, opened / mails as open_rate from events\n"
        workspace = self.shop({"attributes/mail.sql": text})
        self.assertEqual(workspace.value("select count(*) from customers where mails = 0"), 2)
        for rule in ("opened / mails > -1", "opened % mails >= 0", "opened // mails >= 0", "open_rate > -1"):
            self.assertEqual(self.ask(workspace, "try", rule)["members"], 2, rule)
        for rule in ("orders/0 > 1", "orders / (orders - orders) > 1", "orders < 1/0"):
            self.assertEqual(self.ask(workspace, "try", rule)["members"], 0, rule)

    def test_members_on_any_day(self):
        workspace = self.shop()
        ana, inigo, zoe = (workspace.customer_id(who) for who in ("crm:1", "crm:2", "shop:A8"))
        now = self.ask(workspace, "members", "buyers")
        self.assertEqual([row["customer_id"] for row in now["members"]], sorted([ana, inigo, zoe]))
        for day, expected in (
            ("2024-02-29", []),
            ("2024-03-01", [ana]),
            ("2024-03-02", [ana, zoe]),
            ("2024-03-06", [ana, inigo, zoe]),
            ("2030-01-01", [ana, inigo, zoe]),
        ):
            told = self.ask(workspace, "members", "buyers", "--as-of", day)
            self.assertEqual([row["customer_id"] for row in told["members"]], sorted(expected), day)
        limited = self.ask(workspace, "members", "buyers", "--limit", "1")
        self.assertEqual((limited["count"], len(limited["members"])), (3, 1))
        self.assertIn("and 2 more rows", workspace.hilo("segment", "members", "buyers", "--limit", "1").out)

    def test_members_agree_with_plain_sql_on_every_day(self):
        workspace = self.shop()
        for day in ("2024-02-28", "2024-03-03", "2024-03-05", "2024-03-09"):
            for name, rule in (("buyers", "orders > 0"), ("again", "orders > 1"), ("once", "orders = 1")):
                told = self.ask(workspace, "members", name, "--as-of", day)["members"]
                self.assertEqual(
                    [row["customer_id"] for row in told],
                    [row[0] for row in workspace.rows(
                        f"select customer_id from customers_on('{day}') where {rule} order by customer_id")],
                    (day, name),
                )

    def test_history_who_and_chart(self):
        workspace = self.shop()
        ana, inigo, zoe = (workspace.customer_id(who) for who in ("crm:1", "crm:2", "shop:A8"))
        told = self.ask(workspace, "history", "once", "--every", "day", "--from", "2024-02-29", "--to", "2024-03-06",
                        "--who")
        self.assertEqual([point["members"] for point in told["history"]], [0, 1, 2, 2, 2, 1, 2])
        self.assertEqual([point["entered"] for point in told["history"]], [None, 1, 1, 0, 0, 0, 1])
        self.assertEqual([point["left"] for point in told["history"]], [None, 0, 0, 0, 0, 1, 0])
        self.assertEqual(
            [(row["day"], row["change"], row["customer_id"]) for row in told["who"]],
            [("2024-03-01", "entered", ana), ("2024-03-02", "entered", zoe), ("2024-03-05", "left", ana),
             ("2024-03-06", "entered", inigo)],
        )
        months = self.ask(workspace, "history", "buyers")["history"]
        self.assertEqual(months[-1]["day"], "2024-03-09")
        self.assertEqual(months[-2]["day"], "2024-02-29")
        self.assertLessEqual(len(months), 13)
        self.assertIn("3 ┤", workspace.on_terminal("segment", "history", "buyers", "--every", "week"))
        piped = workspace.hilo("segment", "history", "buyers")
        self.assertNotIn("█", piped.out)
        self.assertNotIn("\x1b", piped.out)
        self.assertIn("history", piped.err)
        self.assert_fails(
            workspace.hilo("segment", "history", "buyers", "--from", "2024-04-01", "--to", "2024-03-01"), 2, "before"
        )

    def test_try(self):
        workspace = self.shop()
        for rule in ("where orders = 1", "orders = 1", "WHERE in_segment('once')", "  where\norders = 1 -- once"):
            told = self.ask(workspace, "try", rule)
            self.assertEqual((told["members"], told["customers"], told["share"]), (2, 4, 0.5), rule)
            self.assertEqual(len(told["sample"]), 2)
        self.assertFalse(any((workspace.root / "segments").glob("*rule*")))
        for rule, text in (
            ("where ordrs = 1", "rule:1:7: unknown column 'ordrs' (did you mean 'orders'?)"),
            ("orders = 1 and\n ordrs = 1", "rule:2:2: unknown column 'ordrs'"),
            ("in_segment('byers')", "did you mean 'buyers'"),
            ("true; select 1", "a second statement begins here"),
            ("true; drop table customers", "this is not a SELECT"),
            ("email = 'ana.garcia@correo.es'", "unknown column 'email'"),
            ("customer_id in (select customer_id from contact.customers)", "not supported"),
            ("", ""),
        ):
            self.assert_fails(workspace.hilo("segment", "try", rule), 1, text)

    def test_overlap(self):
        workspace = self.shop()
        told = self.ask(workspace, "overlap", "buyers", "again", "once")
        self.assertEqual((told["in_any"], told["in_all"]), (3, 0))
        pairs = {(pair["segment"], pair["other"]): (pair["both"], round(pair["jaccard"], 6)) for pair in told["pairs"]}
        self.assertEqual(
            pairs, {("buyers", "again"): (1, 0.333333), ("buyers", "once"): (2, 0.666667), ("again", "once"): (0, 0)}
        )
        empty = self.ask(workspace, "overlap", "again", "once", "--as-of", "2024-01-01")
        self.assertEqual(empty["pairs"][0]["jaccard"], None)
        self.assert_fails(workspace.hilo("segment", "overlap", "buyers"), 2, "2 to 32")
        self.assert_fails(workspace.hilo("segment", "overlap", "buyers", "buyers"), 2, "different")

    def test_names_that_are_none(self):
        workspace = self.shop()
        for name in ("byers", "../buyers", "segments/buyers.sql", "", "a'b", "customers", "\x1b[2J"):
            for part in (["show"], ["members"], ["history"], ["overlap", "again"]):
                self.assert_fails(workspace.hilo("segment", *part, name), 1, "there is no segment")
        self.assertIn("did you mean 'buyers'", workspace.hilo("segment", "show", "byers").err)
        self.assert_fails(workspace.hilo("segment", "shw"), 2, "did you mean 'show'")
        self.assert_fails(workspace.hilo("segment"), 2, "needs one of")
        self.assert_fails(workspace.hilo("segment", "show", "buyers", "--jsn"), 2, "did you mean '--json'")
        self.assert_fails(workspace.hilo("segment", "members", "buyers", "--as-of", "soon"), 2)
        self.assert_fails(
            workspace.hilo("segment", "members", "buyers", "--as-of", "2024-01-01", "--known-on", "2024-01-01"), 2
        )
        for part in ("list", "show", "members", "history", "try", "overlap"):
            self.assertIn("Examples:", workspace.hilo("segment", part, "--help").out)

    def test_one_at_fault_does_not_hide_the_others(self):
        workspace = self.shop()
        workspace.write({"segments/broken.sql": "select customer_id from customers where ordrs > 1\n"})
        self.assertEqual(self.ask(workspace, "show", "once")["members"], 2)
        self.assert_fails(workspace.hilo("segment", "list"), 1, "segments/broken.sql:1:41")
        self.assert_fails(workspace.hilo("segment", "show", "broken"), 1, "segments/broken.sql:1:41")


class Records(SegmentTest):
    def later(self, workspace):
        """A second delivery: Lucía orders, Ana orders again."""
        workspace.write(
            {
                "data/shop/2.jsonl.gz": silos.gzipped(
                    '{"customer": "A9", "mail": "lucia@buzon.es", "name": "Lucía Núñez", "order_no": "W-3", "line": 1, '
                    '"placed_at": "2024-03-20 10:00:00", "sku": "TEA", "qty": 1, "unit_price": 4.50, '
                    '"currency": "EUR"}\n'
                )
            }
        )

    def test_what_was_known_is_kept_and_survives_a_rebuild(self):
        workspace = self.workspace(silos.files() | SEGMENTS)
        workspace.run(now="2024-03-10T06:00:00Z")
        self.later(workspace)
        workspace.write({"segments/again.sql": "select customer_id from customers where orders >= 3\n"})
        workspace.run(now="2024-03-21T23:30:00Z")  # in Madrid it is the 22nd
        self.assertEqual(
            [
                (row["run"], row["recorded_on"], row["day"], row["members"], row["entered"], row["left"])
                for row in self.ask(workspace, "history", "buyers", "--recorded")["records"]
            ],
            [(1, "2024-03-10", "2024-03-09", 3, 3, 0), (2, "2024-03-22", "2024-03-20", 4, 1, 0)],
        )
        again = self.ask(workspace, "history", "again", "--recorded")["records"]
        self.assertEqual([(row["members"], row["left"]) for row in again], [(1, 0), (0, 1)])
        self.assertNotEqual(again[0]["version"], again[1]["version"])
        ana = workspace.customer_id("crm:1")

        def known(day):
            return [row["customer_id"] for row in self.ask(workspace, "members", "again", "--known-on", day)["members"]]

        self.assertEqual((known("2024-03-10"), known("2024-03-21"), known("2024-03-22")), ([ana], [ana], []))
        self.assertEqual(self.ask(workspace, "members", "again", "--as-of", "2024-03-10")["members"], [])
        self.assert_fails(
            workspace.hilo("segment", "members", "again", "--known-on", "2024-03-09"),
            1,
            "The first record is of 2024-03-10",
        )
        before = workspace.dump()
        workspace.remove("store")
        workspace.rebuild()
        self.assert_same_store(before, workspace.dump())
        # The definition may go: what was known of it stays.
        workspace.write({"segments/again.sql": None, "segments/once.sql": None})
        workspace.run(now="2024-03-25T06:00:00Z")
        self.assertEqual(known("2024-03-12"), [ana])
        self.assertEqual(workspace.rows("select distinct segment from segment_members"), [("buyers",)])

    def test_a_run_without_news_records_nothing(self):
        workspace = self.shop()
        before = workspace.state()
        self.assertTrue(workspace.run()["up_to_date"])
        self.assertEqual(before, workspace.state())

    def test_unchanged_members_cost_no_file(self):
        workspace = self.shop()
        self.assertTrue((workspace.root / "log/000001/members.parquet").exists())
        workspace.write({"segments/buyers.sql": "-- title: Those who bought\n" + BUYERS})
        workspace.run()
        self.assertFalse((workspace.root / "log/000002/members.parquet").exists())
        entries = [json.loads((workspace.root / f"log/00000{run}/entry.json").read_text()) for run in (1, 2)]
        self.assertEqual(
            [[(one["segment"], one["version"]) for one in entry["memberships"]] for entry in entries][0],
            [(one["segment"], one["version"]) for one in entries[1]["memberships"]],
        )

    def test_a_lost_or_cut_record_is_told(self):
        workspace = self.shop()
        path = workspace.root / "log/000001/members.parquet"
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        self.assert_fails(workspace.hilo("rebuild"), 1, "members.parquet is cut off or not readable", "backup")
        path.unlink()
        self.assert_fails(workspace.hilo("rebuild"), 1, "members.parquet is missing", "backup")
        path.write_bytes(content)
        workspace.rebuild()

    def test_the_tables_can_be_asked_and_none_can_be_a_segment(self):
        workspace = self.shop()
        for table in ("segments", "segment_records", "segment_changes", "segment_members"):
            workspace.sql(f"from {table}")
        tables = workspace.rows(
            "select case table_schema when 'main' then table_name else 'contact' end as t "
            "from information_schema.tables group by all order by t"
        )
        for (table,) in tables:
            if table == "contact":
                continue
            workspace.write({f"segments/{table}.sql": BUYERS})
            self.assert_fails(workspace.hilo("check"), 1, f"'{table}' is the name of a table")
            workspace.write({f"segments/{table}.sql": None})


class Harm(SegmentTest):
    def test_definitions_that_would_do_more_than_ask(self):
        workspace = self.shop()
        secret = self.folder / "secret.csv"
        secret.write_text("customer_id\n1\n")
        where = "select customer_id from customers where "
        for text, said in (
            ("insert into customers values (1)", "this is not a SELECT"),
            ("create table x as select 1", "this is not a SELECT"),
            (f"attach '{self.folder}/x.db'", "this is not a SELECT"),
            (f"copy customers to '{self.folder}/x.csv'", "this is not a SELECT"),
            ("pragma version", "this is not a SELECT"),
            (f"select * from read_csv('{secret}') where true", "a table function cannot stand"),
            (f"select * from '{secret}' where true", "unknown table"),
            (where + f"customer_id in (select customer_id from '{secret}')", "not supported"),
            ("select customer_id from customers, events where true", "a join cannot stand"),
            ("select a.customer_id from events a, events b, events c, events d where true", "a join cannot stand"),
            ("with recursive t as (select 1 union all select 1 from t) " + where + "true", "WITH cannot stand"),
            (where + "len(range(1000000000000)) > 0", "'range' cannot stand in a segment"),
            (where + "getenv('HOME') <> ''", "cannot be used"),
            (where + "random() < 0.5", "cannot be used"),
            (where + "orders > 0; drop table customers", "this is not a SELECT"),
            (where + "orders > 0; select 1", "a second statement"),
            ("", "the file holds no statement"),
            ("-- nothing\n", "the file holds no statement"),
            (where, "syntax error"),
            (where + "in_segment('nobody')", "unknown segment 'nobody'"),
            (where + "in_segment('bad')", "segments in a circle: bad -> bad"),
            (where + "in_segment(1)", "in_segment takes the name of a segment"),
            (where + "orders = 'x'", ""),
        ):
            with self.subTest(text):
                workspace.write({"segments/bad.sql": text})
                self.assert_refused(workspace, 1, "segments/bad.sql", said)
                self.assert_fails(workspace.hilo("segment", "show", "bad"), 1, "segments/bad.sql", said)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["secret.csv", "shop1"])

    def test_circles_are_named(self):
        workspace = self.shop()
        rule = "select customer_id from customers where in_segment('{}')\n"
        workspace.write({"segments/a.sql": rule.format("b"), "segments/b.sql": rule.format("a")})
        self.assert_refused(workspace, 1, "segments/b.sql:1:41: segments in a circle: a -> b -> a")

    def test_names_of_files(self):
        for name in ("VIP", "a b", ".x", "ñ", "a'b", "x" * 65):
            workspace = self.shop({f"segments/{name}.sql": AGAIN}, run=False)
            self.assert_fails(workspace.hilo("check"), 1, "cannot be the name of a segment")

    def test_a_rule_that_does_not_end_is_stopped(self):
        long = "replace(replace(replace(city, 'C', repeat_x), 'x', repeat_y), 'y', repeat_z)"
        for letter in "xyz":
            long = long.replace(f"repeat_{letter}", f"'{letter * 50}'")
        workspace = self.shop()
        yaml = (workspace.root / "hilo.yaml").read_text() + "segments:\n  seconds_max: 1\n"
        workspace.write({"hilo.yaml": yaml})
        rule = f"levenshtein({long}, reverse({long}) || 'a') > 1 and levenshtein({long}, reverse({long}) || 'b') > 1"
        self.assert_fails(workspace.hilo("segment", "try", rule), 1, "did not end within 1 second", "seconds_max")
        workspace.write({"segments/slow.sql": f"select customer_id from customers where {rule}\n"})
        before = workspace.state()
        done = workspace.hilo("run")
        self.assert_fails(done, 1, "did not end within 1 second")
        workspace.write({"segments/slow.sql": None})
        workspace.run()
        after = workspace.state()
        self.assertLessEqual({name for name in before if name.startswith("log/")}, set(after))
        self.assertEqual(workspace.leftovers(), [])

    def test_the_templates_segments_run_on_data(self):
        workspace = self.workspace()
        workspace.hilo("init", "new", cwd=self.folder)
        shutil.copytree(self.folder / "new/segments", workspace.root / "segments")
        retail = (self.folder / "new/attributes/retail.sql").read_text()
        workspace.write(silos.files() | {"attributes/basic.sql": None, "attributes/retail.sql": retail})
        workspace.run()
        told = {one["segment"]: one["members"] for one in self.ask(workspace, "list")["segments"]}
        self.assertGreaterEqual(len(told), 10)
        self.assertEqual((told["never_bought"], told["hybrid"], told["vip"]), (1, 1, 0))

    def test_a_full_disk_is_a_failure(self):
        workspace = self.shop()
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [HILO, "segment", "list"],
                cwd=workspace.root,
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=TIMEOUT_SECONDS,
            )
        self.assertEqual(done.returncode, 3, done.stderr)


if __name__ == "__main__":
    unittest.main()
