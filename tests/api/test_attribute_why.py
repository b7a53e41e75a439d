"""Goal: why a customer has a value: the rows that count, and no others, each with the place that it came from.

Method: a shop of four customers whose rows can be told by hand; what counts is compared with plain SQL over the same
rows on several days, for the forms that definitions may have.
"""

import unittest

import silos
from test_attributes import AttributeTest


class Why(AttributeTest):
    def test_the_rows_that_count(self):
        workspace = self.shop()
        told = self.why(workspace, "revenue", "crm:1")
        [counted] = told["counted"]
        self.assertEqual((told["value"], counted["count"], counted["argument"]), (48.4, 2, "amount"))
        self.assertEqual(
            [(row["time"], row["type"], row["channel"], row["source"], row["reference"], row["amount"], row["place"])
             for row in counted["rows"]],
            [("2024-03-05 17:00:00", "order", "store", "tills", "R-1", 29.5, "data/tills/2024-03.csv.zst:2"),
             ("2024-03-01 10:00:00", "order", "web", "shop", "W-1", 18.9, "data/shop/2024-03.jsonl.gz:1")],
        )
        text = workspace.hilo("attribute", "why", "revenue", "--customer", "crm:1").out
        for part in ("revenue = 48.40", "2 events count", "data/tills/2024-03.csv.zst:2", "attributes/basic.sql:8"):
            self.assertIn(part, text)

    def test_counts_agree_with_plain_sql_for_every_customer_on_several_days(self):
        workspace = self.shop()
        asked = [
            ("orders", "events", "type = 'order'"),
            ("orders_3d", "events", "type = 'order' and time >= {end} - interval 3 day"),
            ("first_channel", "events", "true"),
            ("products", "items", "type = 'order'"),
            ("dearest", "items", "category is not null and quantity > 0"),
            ("cities", "versions", "city is not null"),
        ]
        seen = set()
        for day in ("2024-02-28", "2024-03-05", "2024-03-09"):
            end = f"(timestamp '{day}' + interval 1 day)"
            for name, table, condition in asked:
                for (customer,) in workspace.rows(f"select customer_id from customers_on('{day}') order by 1"):
                    told = self.why(workspace, name, f"customer:{customer}", "--as-of", day)
                    expected = workspace.value(
                        f"select count(*) from {table} where customer_id = {customer} and time < {end} and "
                        + condition.format(end=end)
                    )
                    value = workspace.value(
                        f"select {name} from customers_on('{day}') where customer_id = {customer}"
                    )
                    self.assertEqual((told["counted"][0]["count"], told["value"]), (expected, value), (day, name))
                    seen.add(expected)
        self.assertGreater(len(seen), 3, "the days differ")

    def test_the_row_that_decides(self):
        workspace = self.shop()
        for name, expected in (("last_order_at", ["R-1"]), ("first_order_at", ["W-1"])):
            rows = self.why(workspace, name, "crm:1")["counted"][0]["rows"]
            self.assertEqual([row["reference"] for row in rows if row["decides"]], expected, name)
        rows = self.why(workspace, "dearest", "crm:1")["counted"][0]["rows"]
        self.assertEqual([(row["sku"], row["value"]) for row in rows if row["decides"]], [("POT", "tableware")])
        self.assertEqual(len(rows), 4)
        self.assertNotIn("decides", self.why(workspace, "revenue", "crm:1")["counted"][0]["rows"][0])

    def test_what_is_built_of_others(self):
        workspace = self.shop()
        told = self.why(workspace, "spend_rate", "crm:1")
        self.assertEqual((told["built_of"], told["counted"], told["value"]), (["revenue", "orders"], [], 24.2))
        self.assertEqual([(used["attribute"], used["value"], used["counted"][0]["count"]) for used in told["uses"]],
                         [("revenue", 48.4, 2), ("orders", 2, 2)])
        told = self.why(workspace, "Kind of buyer", "crm:1")
        self.assertEqual([used["attribute"] for used in told["uses"]], ["orders", "revenue"])
        text = workspace.hilo("attribute", "why", "Kind of buyer", "--customer", "crm:1").out
        self.assertIn("It is built of:\n    orders = 2\n    revenue = 48.40", text)

    def test_windows_and_groups(self):
        workspace = self.shop()
        told = self.why(workspace, "typical_gap_days", "crm:1")["counted"][0]
        self.assertEqual([row["value"] for row in told["rows"]], [4], "the first one has no gap")
        told = self.why(workspace, "largest_basket", "crm:1")["counted"][0]
        self.assertEqual((told["count"], [row["total"] for row in told["rows"]]), (2, [29.5, 18.9]))
        self.assertNotIn("place", told["rows"][0], "a group is no row of a file")
        self.assertIn("of the definition's subquery", workspace.hilo("attribute", "why", "largest_basket", "--customer",
                                                                      "crm:1").out)

    def test_forms_that_definitions_may_have(self):
        """Of each aggregate: how many rows count for Ana (two orders of two lines each, two mails) and who decides."""
        forms = [
            ("count(*) filter (where e.type = 'order')", "events e", 2, None),
            ("max(e.amount)", "events e", 2, ["R-1"]),
            ("count(campaign_id)", "events", 2, None),
            ("sum(case when type = 'order' then amount end)", "events", 2, None),
            ("count_if(type = 'order')", "events", 2, None),
            ("arg_max(channel, amount)", "events", 2, ["R-1"]),
            ("min_by(order_id, amount)", "events", 2, ["W-1"]),
            ("quantile_cont(amount, 0.5)", "events", 2, None),
            ("string_agg(channel, '+')", "events", 4, None),
            ("list(order_id)", "events", 4, None),
            ("stddev_samp(amount)", "events", 2, None),
            ("string_agg(distinct channel, '+' order by channel)", "events", 4, None),
            ("first(order_id)", "events", 4, ["m1"]),
            ("last(order_id order by amount)", "events", 4, None),
            ("any_value(order_id)", "events", 2, ["W-1"]),
            ("count(*)", "(select * from events qualify row_number() over (order by time desc) <= 3)", 3, None),
            ("count(*)", "(select * from (select *, amount * 2 as twice from events) where twice > 40) as x", 1, None),
            ("count(*)", "(select distinct channel from events)", 3, None),
            ("max(value)", "(select sku, sum(amount) as value from items group by sku)", 3, None),
            ("max(lines)", "(select seq, count(*) as lines from items group by seq)", 2, None),
            ("sum(amount) filter (where amount > (10))", "items where sku <> 'POT'", 0, None),
            ("mode(sku)", "items", 4, None),
            ("max(city)", "versions", 1, None),
        ]
        files = {f"attributes/f{at:02}.sql": f"select {form} as f{at:02} from {table}\n"
                 for at, (form, table, _, _) in enumerate(forms)}
        workspace = self.workspace(silos.files() | files)
        workspace.run()
        for at, (form, table, count, deciding) in enumerate(forms):
            with self.subTest(form=form, table=table):
                told = self.why(workspace, f"f{at:02}", "crm:1")
                [counted] = told["counted"]
                self.assertEqual(counted["count"], count, counted)
                self.assertEqual(len(counted["rows"]), count)
                rows = [row for row in counted["rows"] if row.get("decides")]
                if deciding is not None:
                    self.assertEqual([row["reference"] for row in rows], deciding)
                self.assertEqual(workspace.hilo("attribute", "show", f"f{at:02}").code, 0)

    def test_over_all_customers_and_over_versions(self):
        workspace = self.shop()
        told = self.why(workspace, "half", "crm:1")
        self.assertEqual((told["value"], told["counted"]), (1, []))
        self.assertEqual([(used["attribute"], used["value"], used["counted"]) for used in told["uses"]][0],
                         ("revenue", 48.4, []))
        text = workspace.hilo("attribute", "why", "half", "--customer", "crm:1").out
        self.assertIn("over all customers", text)
        self.assertIn("revenue = 48.40", text)
        told = self.why(workspace, "last_city", "crm:1")["counted"][0]
        self.assertEqual((told["table"], told["rows"][-1]["value"].casefold()), ("versions", "córdoba"))
        self.assertIn("data/crm/", told["rows"][-1]["place"])
        for column in ("city", "consent_email", "records", "customer_id"):
            with self.subTest(column):
                told = self.why(workspace, column, "crm:1")
                self.assertEqual(told["value"], workspace.value(
                    f"select {column} from customers where customer_id = {told['customer_id']}"))

    def test_who_has_no_events_and_days_before_everything(self):
        workspace = self.shop()
        told = self.why(workspace, "revenue", "crm:3", "--as-of", "2024-02-01")
        self.assertEqual((told["value"], told["counted"][0]["count"], told["counted"][0]["rows"]), (None, 0, []))
        text = workspace.hilo("attribute", "why", "orders", "--customer", "crm:3").out
        self.assertIn("orders = 0", text)
        self.assertIn("No events count", text)
        early = workspace.hilo("attribute", "why", "orders", "--customer", "crm:3", "--as-of", "1999-12-31")
        self.assert_fails(early, 1, "does not exist yet on 1999-12-31", "Known since")

    def test_many_rows_are_cut_and_counted(self):
        lines = "".join(f"x{at},ana@b.es,2024-01-{at % 28 + 1:02} 0{at % 10}:00:00,order,{at}\n" for at in range(1, 51))
        source = ("-- source: s   kind: shop\nselect id as event_id, mail as email, happened as time, type, amount\n"
                  "from read_csv('data/s.csv')\n")
        basic = "select count(*) as n, min(amount) as least from events\n"
        workspace = self.workspace({"sources/s.sql": source, "data/s.csv": "id,mail,happened,type,amount\n" + lines,
                                    "attributes/basic.sql": basic})
        workspace.run()
        counted = self.why(workspace, "n", "ana@b.es")["counted"][0]
        self.assertEqual((counted["count"], len(counted["rows"])), (50, 20))
        times = [row["time"] for row in counted["rows"]]
        self.assertEqual(times, sorted(times, reverse=True))
        self.assertIn("and 30 more rows: --all", workspace.hilo("attribute", "why", "n", "--customer", "ana@b.es").out)
        self.assertEqual(len(self.why(workspace, "n", "ana@b.es", "--all")["counted"][0]["rows"]), 50)
        rows = self.why(workspace, "least", "ana@b.es")["counted"][0]["rows"]
        self.assertEqual([(row["amount"], row["place"]) for row in rows if row["decides"]], [(1, "data/s.csv:2")])
        self.assertEqual(len(rows), 21, "the row that decides is shown wherever it stands")

    def test_no_contact_data(self):
        workspace = self.shop()
        names = [one["attribute"] for one in self.ask(workspace, "list")["attributes"]]
        shown = ""
        for name in names:
            for part in (["show", name], ["why", name, "--customer", "ana.garcia@correo.es", "--all"],
                         ["profile", name]):
                for form in ([], ["--json"]):
                    done = workspace.hilo("attribute", *part, *form)
                    self.assertEqual(done.code, 0, str(done))
                    shown += done.out + done.err
        for word in ("garcia", "García", "Ana", "600111222", "Calle", "14001", "1980-05-17"):
            self.assertNotIn(word, shown)


if __name__ == "__main__":
    unittest.main()
