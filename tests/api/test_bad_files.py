"""Goal: a file that is not what it claims gives a clear error, or a counted reject with its place; nothing is lost.

Method: a workspace that has run well once gets one bad file of each kind.
"""

import json
import os
import unittest

from workspace import HiloTest, gzipped, zstandard

SALES = """-- source: sales   kind: shop
select id as source_id, mail as email, order_no as order_id, at_time as time, 'order' as type, amount, cur as currency
from read_csv('data/sales*', types = {'id': 'VARCHAR', 'amount': 'VARCHAR'})
"""
HEADER = "id,mail,order_no,at_time,amount,cur\n"
GOOD = (
    HEADER + "1,ana@correo.es,O-1,2024-03-01 10:00:00,10.00,EUR\n2,eva@correo.es,O-2,2024-03-02 10:00:00,20.00,EUR\n"
)
NEXT = "2024-07-02T06:00:00Z"


class BadFiles(HiloTest):
    def shop(self):
        """Has run well once."""
        workspace = self.workspace({"sources/sales.sql": SALES, "data/sales1.csv": GOOD})
        self.assertEqual(workspace.run()["customers"], 2)
        return workspace

    def refused(self, files, code, *texts):
        """With these files a run fails, touches nothing, and goes on once they are gone."""
        workspace = self.shop()
        workspace.write(files)
        done = self.assert_refused(workspace, code, *texts, now=NEXT)
        self.assertEqual(workspace.leftovers(), [])
        self.assertEqual(workspace.value("select count(*) from events"), 2)
        workspace.write({name: None for name in files})
        self.assertTrue(workspace.run(NEXT)["up_to_date"])
        return done

    def taken(self, files, rejects):
        """With these files a run is done and counts so many rejects."""
        workspace = self.shop()
        workspace.write(files)
        report = workspace.run(NEXT)
        self.assertEqual(report["rejects"], rejects, json.dumps(workspace.rejects(), indent=1))
        self.assertEqual(report["sources"][0]["rejects"], rejects)
        return workspace

    def test_an_empty_file_is_noted(self):
        workspace = self.taken({"data/sales2.csv": ""}, 1)
        self.assert_reject(workspace.rejects(), file="data/sales2.csv", reason="empty")
        self.assertEqual(workspace.value("select count(*) from events"), 2)
        self.assertTrue(workspace.run(NEXT)["up_to_date"])

    def test_an_empty_gzip_is_noted_or_refused_but_no_crash(self):
        workspace = self.shop()
        workspace.write({"data/sales2.csv.gz": gzipped("")})
        done = workspace.hilo("run", "--now", NEXT)
        self.assertIn(done.code, (0, 1), str(done))
        said = done.err + json.dumps(workspace.rejects())
        self.assertIn("sales2.csv.gz", said)
        self.assertIn("empty", said)

    def test_a_source_whose_only_file_is_empty(self):
        workspace = self.workspace({"sources/sales.sql": SALES, "data/sales1.csv": ""})
        report = workspace.run()
        self.assertEqual((report["rejects"], report["events"]), (1, 0))

    def test_a_missing_file(self):
        workspace = self.shop()
        workspace.write({"sources/more.sql": SALES.replace("sales*", "more.csv").replace("sales", "more")})
        done = self.assert_refused(workspace, 1, "sources/more.sql:3:", "no file matches 'data/more.csv'", now=NEXT)
        self.assertIn("relative to the workspace", done.err)

    def test_all_files_of_a_source_gone(self):
        workspace = self.shop()
        workspace.write({"data/sales1.csv": None})
        self.assert_refused(workspace, 1, "no file matches", now=NEXT)
        self.assertEqual(workspace.value("select count(*) from events"), 2)

    def test_a_folder(self):
        workspace = self.workspace({"sources/sales.sql": SALES.replace("data/sales*", "data/sales.csv")})
        (workspace.root / "data/sales.csv").mkdir(parents=True)
        self.assert_refused(workspace, 1, "sources/sales.sql:3:", "is a folder, not a file")

    def test_a_truncated_gzip(self):
        whole = gzipped(GOOD.replace("O-", "P-"))
        for cut in (1, 8, 20, len(whole) - 11):
            with self.subTest(cut):
                self.refused({"data/sales2.csv.gz": whole[:-cut]}, 1, "data/sales2.csv.gz", "truncated")

    def test_a_damaged_gzip(self):
        whole = bytearray(gzipped(GOOD.replace("O-", "P-")))
        whole[-6] ^= 0xFF
        self.refused({"data/sales2.csv.gz": bytes(whole)}, 1, "data/sales2.csv.gz", "damaged")

    def test_a_truncated_zstandard_file(self):
        whole = zstandard(GOOD.replace("O-", "P-"))
        for cut in (1, 20):
            with self.subTest(cut):
                self.refused({"data/sales2.csv.zst": whole[:-cut]}, 1, "data/sales2.csv.zst", "truncated")

    def test_a_file_that_is_no_gzip_at_all(self):
        self.refused({"data/sales2.csv.gz": b"\x1f\x8b" + b"not really" * 20}, 1, "data/sales2.csv.gz")

    def test_a_quote_that_never_closes(self):
        bad = (
            HEADER
            + '3,"leo@correo.es,O-3,2024-03-03 10:00:00,30.00,EUR\n4,ida@correo.es,O-4,2024-03-04 10:00:00,4,EUR\n'
        )
        workspace = self.shop()
        workspace.write({"data/sales2.csv": bad})
        report = workspace.run(NEXT)
        self.assertGreaterEqual(report["rejects"], 1)
        self.assertIn(2, [reject["place"] for reject in workspace.rejects() if "never closes" in reject["reason"]])
        self.assertEqual(workspace.value("select count(*) from events where order_id = 'O-3'"), 0)
        self.assertEqual(
            workspace.value("select count(*) from events where order_id = 'O-4'"),
            1,
            "one bad row takes no other with it",
        )

    def test_a_field_of_a_million_characters(self):
        long = "x" * 1_000_000
        workspace = self.shop()
        workspace.write(
            {
                "data/sales2.csv": (
                    HEADER
                    + f"3,{long},O-3,2024-03-03 10:00:00,30.00,EUR\n"
                    "4,ida@correo.es,O-4,2024-03-04 10:00:00,4.00,EUR\n"
                )
            }
        )
        report = workspace.run(NEXT)
        self.assertEqual(report["rejects"], 1)
        reject = self.assert_reject(workspace.rejects("--reveal"), column="mail", place=2)
        self.assertLess(len(reject["value"] or ""), 1000)
        self.assertEqual(workspace.value("select count(*) from events where order_id = 'O-4'"), 1)

    def test_a_nul_byte(self):
        bad = (
            HEADER
            + "3,leo@correo.es,O-\x003,2024-03-03 10:00:00,30.00,EUR\n4,ida@correo.es,O-4,2024-03-04 10:00:00,4,EUR\n"
        )
        workspace = self.taken({"data/sales2.csv": bad}, 1)
        self.assert_reject(workspace.rejects(), place=2, place_is="line", reason="NUL")
        self.assertEqual(workspace.value("select count(*) from events"), 3)

    def test_bytes_of_no_encoding_cost_their_row_or_are_read_as_windows_1252(self):
        bad = (HEADER + "3,leo@correo.es,Ñ-3,2024-03-03 10:00:00,30.00,EUR\n").encode("utf-8")
        bad += b"4,ida@correo.es,\xff\xfe\x80,2024-03-04 10:00:00,4.00,EUR\n"
        workspace = self.shop()
        workspace.write({"data/sales2.csv": bad})
        report = workspace.run(NEXT)
        self.assertEqual(report["rejects"] + report["events"], 4)

    def test_a_column_renamed_since_the_last_run(self):
        done = self.refused(
            {"data/sales2.csv": GOOD.replace("amount", "amounts").replace("O-", "P-")},
            1,
            "sources/sales.sql:2:",
            "data/sales2.csv has no column 'amount'",
            "amounts",
        )
        self.assertIn("did you mean", done.err.lower())

    def test_a_row_with_too_few_cells(self):
        workspace = self.taken(
            {"data/sales2.csv": HEADER + "3,leo@correo.es\n4,ida@correo.es,O-4,2024-03-04,4.00,EUR\n"}, 1
        )
        self.assert_reject(workspace.rejects(), place=2)
        self.assertEqual(workspace.value("select count(*) from events"), 3)

    def test_the_year_20111(self):
        workspace = self.taken(
            {
                "data/sales2.csv": (
                    HEADER
                    + "3,leo@correo.es,O-3,20111-03-03 10:00:00,30.00,EUR\n"
                    "4,ida@correo.es,O-4,2024-03-04 10:00:00,4.00,EUR\n"
                )
            },
            1,
        )
        self.assert_reject(workspace.rejects(), column="at_time", place=2, value="20111-03-03 10:00:00")
        self.assertEqual(workspace.value("select max(time)::varchar from events"), "2024-03-04 10:00:00")

    def test_an_event_of_next_year_or_of_no_time_that_was(self):
        for bad in ("2025-03-03 10:00:00", "2024-02-30 10:00:00", "03/03/2024", "soon", "0001-01-01 00:00:00"):
            with self.subTest(bad):
                workspace = self.taken({"data/sales2.csv": HEADER + f"3,leo@correo.es,O-3,{bad},30.00,EUR\n"}, 1)
                reject = self.assert_reject(workspace.rejects(), place=2, value=bad)
                # A cell that does not fit bears the file's name for its column, a value that cannot be bears ours.
                self.assertIn(reject["column"], ("at_time", "time"))

    def test_a_decimal_comma_is_rejected(self):
        bad = "id;mail;order_no;at_time;amount;cur\n3;leo@correo.es;O-3;2024-03-03 10:00:00;1.234,56;EUR\n"
        workspace = self.taken({"data/sales2.csv": bad}, 1)
        self.assert_reject(workspace.rejects(), column="amount", place=2, value="1.234,56")
        self.assertEqual(workspace.value("select sum(amount) from events"), 30.0)

    def test_a_decimal_comma_is_read_where_it_is_stated(self):
        workspace = self.workspace(
            {
                "sources/sales.sql": (
                    "-- source: sales\nselect id as source_id, at_time as time, 'order' as type, amount "
                    "from read_csv('data/sales.csv', decimal_separator = ',')\n"
                ),
                "data/sales.csv": "id;at_time;amount\n3;2024-03-03 10:00:00;1.234,56\n4;2024-03-03 10:00:00;-0,5\n",
            }
        )
        self.assertEqual(workspace.run()["rejects"], 0)
        self.assertEqual(workspace.rows("select amount from events order by amount"), [(-0.5,), (1234.56,)])

    def test_a_decimal_comma_changes_no_dates_and_no_texts(self):
        workspace = self.workspace(
            {
                "sources/sales.sql": (
                    "-- source: sales\nselect id as source_id, strptime(day, '%d.%m.%Y') as time, 'order' as type,"
                    " amount, ver from read_csv('data/sales.csv', decimal_separator = ',', types = {'ver':"
                    " 'VARCHAR'})\n"
                ),
                "data/sales.csv": (
                    "id;day;amount;ver\n1.234;31.12.2023;1.234.567,5;1.234\n2;01.01.2024;4.50;2,5\n"
                    "3;02.01.2024;-12;3\n4;03.01.2024;1.23,4;4\n5;04.01.2024;1,;5\n"
                ),
            }
        )
        workspace.run()
        self.assertEqual(
            workspace.rows("select time::date::varchar, amount, ver from events order by time"),
            [
                ("2023-12-31", 1234567.5, "1.234"),
                ("2024-01-01", 4.5, "2,5"),
                ("2024-01-02", -12.0, "3"),
            ],
        )
        self.assertEqual(workspace.value("select min(source_id) from records"), "1.234")
        self.assert_reject(workspace.rejects(), column="amount", value="1.23,4")
        self.assert_reject(workspace.rejects(), column="amount", value="1,")

    def test_an_amount_that_is_no_number(self):
        for bad in ("ten", "1e400", "99999999999999999999", "--1", "NaN", "infinity"):
            with self.subTest(bad):
                workspace = self.taken({"data/sales2.csv": HEADER + f"3,leo@correo.es,O-3,2024-03-03,{bad},EUR\n"}, 1)
                self.assert_reject(workspace.rejects(), column="amount", place=2, value=bad)

    def test_an_unknown_currency(self):
        workspace = self.taken(
            {
                "data/sales2.csv": (
                    HEADER
                    + "3,leo@correo.es,O-3,2024-03-03 10:00:00,30.00,EUX\n"
                    "4,ida@correo.es,O-4,2024-03-03 10:00:00,30.00,ZZZ\n"
                    "5,ivo@correo.es,O-5,2024-03-03 10:00:00,5.00,eur\n"
                )
            },
            2,
        )
        self.assert_reject(workspace.rejects(), column="currency", place=2, value="EUX", reason="ISO 4217")
        self.assert_reject(workspace.rejects(), column="currency", place=3, value="ZZZ", reason="ISO 4217")
        self.assertEqual(workspace.value("select amount from events where order_id = 'O-5'"), 5.0)

    def test_a_rate_that_is_none_does_not_hide_the_one_before(self):
        workspace = self.shop()
        workspace.write(
            {
                "sources/rates.sql": (
                    "-- source: rates   kind: fx_rate\nselect currency, day, rate from read_csv('data/rates*.csv')\n"
                ),
                "data/rates1.csv": (
                    "currency,day,rate\nGBP,2024-03-01,1.20\nGBP,2024-03-02,-1\nGBP,2024-03-03,\nGBP,2024-03-03,0\n"
                    "XXZ,2024-03-01,2\n"
                ),
                "data/sales2.csv": HEADER + "3,leo@correo.es,O-3,2024-03-03 10:00:00,30.00,GBP\n",
            }
        )
        self.assertEqual(workspace.run(NEXT)["rejects"], 4)
        self.assertEqual(workspace.rows("select amount from events where order_id = 'O-3'"), [(36.0,)])
        self.assert_reject(workspace.rejects(), column="currency", value="XXZ", place=6)
        self.assert_reject(workspace.rejects(), column="rate", value="-1.00000000", reason="above 0")

    def test_money_that_grows_too_large_is_told(self):
        workspace = self.shop()
        workspace.write(
            {
                "sources/rates.sql": (
                    "-- source: rates   kind: fx_rate\nselect currency, day, rate from read_csv('data/rates*.csv')\n"
                ),
                "data/rates1.csv": "currency,day,rate\nGBP,2024-03-01,1000\n",
                "data/sales2.csv": HEADER + "3,leo@correo.es,O-3,2024-03-03 10:00:00,90000000000000.00,GBP\n",
            }
        )
        workspace.run(NEXT)
        self.assert_reject(workspace.rejects(), column="amount", place=2, reason="more than an amount can be")

    def test_an_order_that_grows_too_large_is_told(self):
        line = "3,leo@correo.es,O-3,2024-03-03 10:00:00,90000000000000.00,EUR\n"
        workspace = self.shop()
        workspace.write({"data/sales2.csv": HEADER + line + line.replace("10:00:00", "10:00:01")})
        workspace.run(NEXT)
        self.assert_reject(workspace.rejects(), column="amount", place=2, reason="the lines of the order together")

    def test_a_rate_source_without_rates(self):
        source = "-- source: rates   kind: fx_rate\nselect currency, day from read_csv('data/r.csv')\n"
        workspace = self.shop()
        workspace.write({"sources/rates.sql": source, "data/r.csv": "currency,day\nGBP,2024-03-01\n"})
        self.assert_refused(workspace, 1, "sources/rates.sql:1:1", "needs the column rate", now=NEXT)

    def test_check_tells_of_rows_that_a_run_would_reject(self):
        workspace = self.shop()
        workspace.write({"data/sales2.csv": HEADER + "3,leo@correo.es,O-3,02/05/2024 18:30,30.00,EUR\n"})
        outcome = workspace.hilo("check")
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertIn("none would be taken", outcome.out + outcome.err)
        self.assertIn("is not TIMESTAMP", outcome.out + outcome.err)
        self.assertNotIn("leo@", outcome.out + outcome.err)
        self.assertEqual(len(workspace.hilo("check", "--json").json()["warnings"]), 1)
        outcome = workspace.hilo("run", "--now", NEXT)
        self.assertIn("nothing of what is new could be taken: 1 fault", outcome.out + outcome.err)

    def test_a_currency_without_a_rate_is_healed_by_a_later_one(self):
        workspace = self.shop()
        workspace.write({"data/sales2.csv": HEADER + "3,leo@correo.es,O-3,2024-03-03 10:00:00,30.00,GBP\n"})
        report = workspace.run(NEXT)
        self.assertEqual((report["rejects"], report["events"]), (1, 2))
        self.assert_reject(workspace.rejects(), column="currency", value="GBP", place=2, reason="no rate to EUR")
        workspace.write(
            {
                "sources/rates.sql": (
                    "-- source: rates   kind: fx_rate\nselect currency, day, rate from read_csv('data/rates*.csv')\n"
                ),
                "data/rates1.csv": "currency,day,rate\nGBP,2024-03-04,1.30\n",
            }
        )
        self.assertEqual(workspace.run("2024-07-03T06:00:00Z")["rejects"], 1, "a rate of a later day is none")
        workspace.write({"data/rates2.csv": "currency,day,rate\nGBP,2024-03-01,1.20\n"})
        report = workspace.run("2024-07-04T06:00:00Z")
        self.assertEqual((report["rejects"], report["events"]), (0, 3))
        self.assertEqual(
            workspace.rows(
                "select amount, original_amount, original_currency, rate_on::varchar from "
                "events where order_id = 'O-3'"
            ),
            [(36.0, 30.0, "GBP", "2024-03-01")],
        )

    def test_a_source_with_no_rows(self):
        workspace = self.taken({"data/sales2.csv": HEADER}, 0)
        self.assertEqual(workspace.value("select count(*) from events"), 2)
        empty = self.workspace({"sources/sales.sql": SALES, "data/sales1.csv": HEADER})
        report = empty.run()
        self.assertEqual((report["rejects"], report["events"], report["customers"]), (0, 0, 0))
        empty.write({"data/sales1.csv": GOOD})
        self.assertEqual(empty.run(NEXT)["events"], 2, "rows come later")

    def test_parquet_that_is_none(self):
        source = "-- source: tills\nselect id as source_id, town as city from read_parquet('data/tills*.parquet')\n"
        self.refused(
            {"sources/tills.sql": source, "data/tills1.parquet": b"PAR1" + b"no Parquet" * 9 + b"PAR1"},
            1,
            "data/tills1.parquet cannot be read as Parquet",
        )

    def test_parquet_of_another_layout(self):
        workspace = self.shop()
        self.assertEqual(workspace.hilo("snapshot", "-o", "data/tills1.parquet").code, 0)
        workspace.write({"attributes/basic.sql": "select max(type) as orders from events\n"})
        workspace.run(NEXT)
        self.assertEqual(workspace.hilo("snapshot", "-o", "data/tills2.parquet").code, 0)
        select = "select customer_id as source_id, orders as x from read_parquet('data/tills*.parquet')\n"
        source = "-- source: tills\n" + select
        workspace.write({"sources/tills.sql": source})
        self.assert_refused(workspace, 1, "data/tills2.parquet: the column 'x' is of another type", "Cast it", now=NEXT)
        workspace.write({"sources/tills.sql": source.replace("orders as x", "orders::varchar as x")})
        self.assertEqual(workspace.run(NEXT)["rejects"], 0)

    def test_json_lines_that_are_none(self):
        source = (
            "-- source: app\nselect who as source_id, at_time as time, 'order' as type, amount "
            "from read_json('data/app.jsonl')\n"
        )
        good = '{"who": "1", "at_time": "2024-03-01 10:00:00", "amount": 1.5}\n'
        workspace = self.workspace(
            {"sources/app.sql": source, "data/app.jsonl": good + '{"who": "2", "at_ti\n' + good.replace('"1"', '"3"')}
        )
        report = workspace.run()
        self.assertEqual((report["rejects"], report["events"]), (1, 2))
        self.assert_reject(workspace.rejects(), file="data/app.jsonl", place=2)

    def test_a_name_that_is_not_utf8(self):
        self.refused({os.fsdecode(b"data/sales\xe9.csv"): GOOD}, 1, "data/sales*", "name is not UTF-8")

    def test_a_row_of_nobody_and_nothing(self):
        workspace = self.workspace(
            {
                "sources/people.sql": (
                    "-- source: people\nselect id as source_id, mail as email, town as city from "
                    "read_csv('data/p.csv')\n"
                ),
                "data/p.csv": "id,mail,town\n1,,Jaca\n,,Olot\nn/a,,Reus\n",
            }
        )
        report = workspace.run()
        self.assertEqual((report["rejects"], report["records"]), (2, 1))
        self.assert_reject(workspace.rejects(), place=3, reason="neither who nor what")


if __name__ == "__main__":
    unittest.main()
