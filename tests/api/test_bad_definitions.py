"""Goal: a definition at fault stops before anything is touched, and says file, line, column and the nearest known name.

Method: each fault in a workspace that has run well; `check` and `run` must say the same.
"""

import unittest

import silos
from workspace import SETTINGS, HiloTest

SOURCE = "-- source: extra   kind: crm\nselect id as source_id, mail as email from read_csv('data/extra.csv')\n"


class BadDefinitions(HiloTest):
    def refused(self, files, *texts):
        # One silo is enough, and quick: definitions are judged by the columns that the log holds.
        workspace = self.workspace(
            {
                "sources/crm.sql": silos.CRM,
                "data/crm/1.csv": silos.CRM_CSV,
                "data/extra.csv": "id,mail\n1,ana.garcia@correo.es\n",
            }
        )
        workspace.run()
        workspace.write(files)
        before = workspace.state()
        checked = workspace.hilo("check")
        self.assert_fails(checked, 1, *texts)
        self.assertEqual(workspace.state(), before)
        self.assert_refused(workspace, 1, *texts)
        self.assertEqual(workspace.value("select count(*) from customers"), 3)
        errors = workspace.hilo("check", "--json").json()["errors"]
        self.assertTrue(errors)
        for error in errors:
            self.assertIn(error["file"], files)
            self.assertGreater(error["line"], 0)
            self.assertGreater(error["column"], 0)
        return checked

    def test_settings_that_are_not_utf8(self):
        self.refused({"hilo.yaml": b"# se\xf1or\n" + SETTINGS.encode()}, "hilo.yaml:1:1", "not UTF-8")

    def test_two_definitions_of_one_source(self):
        self.refused(
            {"sources/extra.sql": SOURCE.replace("extra   kind", "crm   kind")},
            "sources/extra.sql:1:",
            "the source 'crm' is defined in sources/crm.sql already",
        )

    def test_an_unknown_key_of_the_settings(self):
        self.refused(
            {"hilo.yaml": SETTINGS.replace("time_zone", "timezone")},
            "hilo.yaml:3:1: there is no setting 'timezone'",
            "did you mean 'time_zone'",
        )

    def test_an_unknown_key_in_a_group(self):
        self.refused(
            {"hilo.yaml": SETTINGS + "identity:\n  names_per_identifer_max: 5\n"},
            "hilo.yaml:8:3:",
            "names_per_identifier_max",
        )

    def test_a_setting_of_the_wrong_kind(self):
        for line, text in (
            ("currency: EURO", "EURO"),
            ("time_zone: Mars/Olympus", "Mars/Olympus"),
            ("region: Spain", "Spain"),
            ("engine:\n  threads: many", "1024"),
            ("engine:\n  memory_limit: much", "512MB"),
            ("identity:\n  names_per_identifier_max: -1", "1"),
        ):
            with self.subTest(line):
                key = line.split(":")[0]
                kept = "".join(
                    each + "\n" for each in SETTINGS.splitlines() if each[0] != " " and not each.startswith(key)
                )
                self.refused({"hilo.yaml": kept + line + "\n"}, "hilo.yaml:", text)

    def test_text_that_is_no_yaml(self):
        self.refused({"hilo.yaml": "name: [unclosed\ncurrency: EUR\n"}, "hilo.yaml:", "is not YAML")
        self.refused({"hilo.yaml": "- a list\n"}, "hilo.yaml:1:1", "key: value")

    def test_a_key_that_stands_twice(self):
        self.refused({"hilo.yaml": SETTINGS + "currency: GBP\n"}, "hilo.yaml:7:1", "stands twice")

    def test_what_raises_for_some_customers_is_null_for_them(self):
        workspace = self.workspace(silos.files())
        workspace.write(
            {
                "attributes/more.sql": (
                    "select count(*) filter (where type = 'order') as n_o, ln(n_o) as log_orders,\n"
                    "  make_date(2024, n_o::int + 20, 1) as odd_day, n_o + 9223372036854775807 as too_many,\n"
                    "  count(*) filter (where nullif(order_id, 'R-1') is null) as kept\n"
                    "from events\n"
                )
            }
        )
        workspace.run()
        names = "n_o, round(log_orders, 6), odd_day::varchar, too_many, kept"
        found = workspace.rows(f"select {names} from customers order by n_o, customer_id")
        self.assertEqual(found[0][:4], (0, None, None, 9223372036854775807))
        self.assertEqual(found[-1][:4], (2, 0.693147, None, None))
        kept = "select count(*) filter (where order_id = 'R-1' or order_id is null) from events group by customer_id"
        self.assertEqual(
            sorted(row[4] for row in found),
            sorted(row[0] for row in workspace.rows(kept + " having customer_id is not null")),
        )

    def test_text_against_a_number(self):
        for attribute in (
            "count(*) filter (where channel = 5)",
            "count(*) filter (where nullif(channel, 5) is null)",
        ):
            with self.subTest(attribute):
                self.refused(
                    {"attributes/more.sql": f"select {attribute} as odd from events\n"},
                    "attributes/more.sql:1:",
                    "this compares text with an INTEGER",
                )

    def test_an_unknown_column_in_attributes(self):
        self.refused(
            {"attributes/more.sql": "select\n  count(*) as things,\n  sum(amuont) as money\nfrom events\n"},
            "attributes/more.sql:3:7: unknown column 'amuont'",
            "did you mean 'amount'",
        )

    def test_an_unknown_alias_in_attributes(self):
        self.refused(
            {"attributes/more.sql": "select count(*) as things,\n       thigns * 2 as twice\nfrom events\n"},
            "attributes/more.sql:2:8: unknown column 'thigns'",
            "did you mean 'things'",
        )

    def test_an_unknown_function(self):
        self.refused(
            {"attributes/more.sql": "select summ(amount) as money from events\n"},
            "attributes/more.sql:1:8: unknown function 'summ'",
            "sum",
        )

    def test_a_wrong_type(self):
        self.refused(
            {"attributes/more.sql": "select\n  sum(channel) as money\nfrom events\n"}, "attributes/more.sql:2:"
        )

    def test_an_unknown_table(self):
        self.refused(
            {"attributes/more.sql": "select count(*) as n\nfrom event\n"},
            "attributes/more.sql:2:6: unknown table 'event'",
            "did you mean 'events'",
        )

    def test_an_alias_that_hides_a_column(self):
        self.refused(
            {"attributes/more.sql": "select count(*) as n,\n  sum(amount) as amount from events\n"},
            "attributes/more.sql:2:",
            "the alias 'amount' hides the column 'amount'",
        )

    def test_one_attribute_in_two_files(self):
        self.refused(
            {"attributes/more.sql": "select count(*) as orders from events\n"}, "'orders' is defined in two sets"
        )

    def test_two_statements(self):
        for file, text in (
            ("attributes/more.sql", "select count(*) as n from events;\nselect 1 as m from events\n"),
            ("segments/more.sql", "select customer_id from customers where orders > 1;\nselect 1\n"),
            ("sources/more.sql", "select id as source_id from read_csv('data/extra.csv');\nselect 1\n"),
        ):
            with self.subTest(file):
                self.refused({file: text}, f"{file}:2:", "statement")

    def test_not_a_select(self):
        for file in ("attributes/more.sql", "segments/more.sql", "sources/more.sql"):
            for text in (
                "delete from customers\n",
                "drop table customers\n",
                "copy customers to 'x.csv'\n",
                "create table x as select 1\n",
                "-- nothing but a comment\n",
                "",
            ):
                with self.subTest((file, text)):
                    # One workspace for all would do; a fresh one proves that each fault alone is found.
                    workspace = self.workspace({file: text})
                    self.assert_fails(workspace.hilo("check"), 1, f"{file}:")
                    self.assertFalse((workspace.root / "log").exists())

    def test_a_circle_of_population_attributes(self):
        self.refused(
            {
                "attributes/one.sql": "select rank() over (order by share) as place from customers\n",
                "attributes/two.sql": "select place / 2.0 as share from customers\n",
            },
            "circular reference",
        )

    def test_a_circle_within_one_set(self):
        self.refused(
            {"attributes/more.sql": "select b + 1 as a, a + 1 as b from events\n"},
            "attributes/more.sql:1:",
            "circular reference",
        )

    def test_an_unknown_parameter(self):
        self.refused(
            {"attributes/more.sql": "select count(*) filter (where time < $today) as n from events\n"},
            "attributes/more.sql:1:",
            "$today",
            "$as_of",
        )

    def test_a_segment_of_an_unknown_attribute(self):
        self.refused(
            {"segments/good.sql": "-- title: Good\nselect customer_id\nfrom customers\nwhere ordes > 2\n"},
            "segments/good.sql:4:7: unknown column 'ordes'",
            "did you mean 'orders'",
        )

    def test_a_segment_without_a_where(self):
        self.refused({"segments/good.sql": "select customer_id from customers\n"}, "segments/good.sql:1:", "WHERE")

    def test_the_header_of_a_source(self):
        for old, new, text in (
            ("kind: crm", "kind: crn", "there is no kind 'crn' (did you mean 'crm'?)"),
            ("kind: crm", "knid: crm", "a source has no key 'knid'"),
            ("kind: crm", "delivery: ful", "there is no delivery 'ful'"),
            ("kind: crm", "rank: zero", "rank 'zero' is not a number"),
            ("kind: crm", "region: spain", "not a country code"),
            ("kind: crm", "time_zone: Mars/Olympus", "there is no time zone"),
            ("extra ", "Extra-1 ", "cannot be a source's name"),
            ("kind: crm", "kind: crm   kind: pos", "stands twice"),
            ("kind: crm", "kind: crm rank: 3", "Two spaces or more part one key from the next"),
        ):
            with self.subTest(new):
                workspace = self.workspace(
                    {"sources/extra.sql": SOURCE.replace(old, new), "data/extra.csv": "id,mail\n1,a@b.es\n"}
                )
                self.assert_fails(workspace.hilo("check"), 1, "sources/extra.sql:1:", text)

    def test_what_a_source_must_give(self):
        for select, header, text in (
            ("id as source_id, 'order' as type", "", "no `time`"),
            ("id as source_id, mail as time", "", "no `type`"),
            ("id as town", "", "who or what happened"),
            ("mail as category", "kind: product", "needs the column sku"),
            ("id as order_id, mail as time, 'order' as type", "delivery: lines", "no line_no"),
            ("id as source_id, mail as seq", "", "keeps for itself"),
            ("id as source_id, mail as _x", "", "underscore"),
            ("id as source_id, mail as source_id", "", "given twice"),
            ("id as source_id, maill as email", "", "no column 'maill' (did you mean 'mail'?)"),
            ("id as source_id, lowwer(mail) as email", "", "unknown function 'lowwer'"),
            ("max(id) as source_id", "", "aggregate"),
        ):
            with self.subTest(select):
                workspace = self.workspace(
                    {
                        "sources/extra.sql": (
                            f"-- source: extra   {header}\nselect {select} from read_csv('data/extra.csv')\n"
                        ),
                        "data/extra.csv": "id,mail\n1,a@b.es\n",
                    }
                )
                self.assert_fails(workspace.hilo("check"), 1, "sources/extra.sql:", text)

    def test_a_source_reads_files_through_a_reader_only(self):
        for select in (
            "select 1 as source_id",
            "select * from customers",
            "select content as source_id from read_text('/etc/passwd')",
            "select a.id as source_id from read_csv('data/extra.csv') a join read_csv('data/extra.csv') b using (id)",
            "select distinct id as source_id from read_csv('data/extra.csv')",
            "select id as source_id from read_csv('data/extra.csv') limit 1",
        ):
            with self.subTest(select):
                workspace = self.workspace(
                    {"sources/extra.sql": select + "\n", "data/extra.csv": "id,mail\n1,a@b.es\n"}
                )
                self.assert_fails(workspace.hilo("check"), 1, "sources/extra.sql:1:")

    def test_all_faults_are_told_at_once(self):
        done = self.refused(
            {"hilo.yaml": SETTINGS + "colour: red\n", "sources/extra.sql": SOURCE.replace("crm", "crn")},
            "hilo.yaml:7:1",
            "sources/extra.sql:1:",
        )
        self.assertIn("2 errors found", done.err)


if __name__ == "__main__":
    unittest.main()
