"""Goal: what an attribute is, why a customer has its value and how its values are spread, as the program tells it.

Method: a shop of four customers whose rows can be told by hand. What counts is compared with plain SQL over the same
rows, figures with those of the flat table; hostile definitions and questions go through the real program.
"""

import json
import os
import subprocess
import unittest

import silos
from workspace import HILO, ROOT, HiloTest

# A file as people write them: sections, remarks behind the comma and before it, names in quotes, clauses as parts of
# expressions, several items on a line.
BASIC = """-- What this shop asks first.
-- A second line of the same paragraph.
--
-- Not of the first paragraph.
select
  -- How much
  count(*)    filter (where type = 'order') as orders, -- baskets, not lines
  sum(amount) filter (where type = 'order') as revenue /* gross */,
  avg(amount) filter (where type = 'order')     as average_order_value,

  -- When,
  -- and how long ago
  max(time) filter (where type = 'order') as last_order_at,
  min(time) filter (where type = 'order') as first_order_at, first(channel) as first_channel, -- of any event
  date_diff('day', last_order_at::date, $day) as days_since_order,
  case when orders > 0 and revenue is distinct from 5 then 'buyer, of "things"' end as "Kind of buyer",
  revenue / nullif(orders, 0) as spend_rate,
  count(*) filter (where type = 'order' and time >= $as_of - interval 3 day) as orders_3d
from events
"""
# Windows, a subquery in the select list, and one whose rows are groups.
DEEP = """select
  median(date_diff('day', previous_at, time)) filter (where type = 'order') as typical_gap_days,
  (select count(distinct sku) filter (where type = 'order') from items) as products,
  (select last(category order by amount) filter (where category is not null) from items where quantity > 0) as dearest,
  (select max(total) from (select order_id, sum(amount) as total from items group by order_id)) as largest_basket
from (select *, lag(time) over (partition by type order by time_utc, seq) as previous_at from events)
"""
TOLD = "select count(distinct city) as cities, last(city) filter (where city is not null) as last_city from versions\n"
RANKED = "select ntile(2) over (order by revenue desc, customer_id) as half, orders > 1 and city is not null as loyal from customers\n"
FILES = silos.files() | {
    "attributes/basic.sql": BASIC,
    "attributes/deep.sql": DEEP,
    "attributes/ranked.sql": RANKED,
    "attributes/told.sql": TOLD,
}


class AttributeTest(HiloTest):
    def shop(self):
        return self.workspace_that_ran(FILES)

    def ask(self, workspace, *args):
        done = workspace.hilo("attribute", *args, "--json")
        self.assertEqual(done.code, 0, str(done))
        return done.json()

    def why(self, workspace, name, who, *args):
        return self.ask(workspace, "why", name, "--customer", who, *args)


class Definitions(AttributeTest):
    def test_list_is_the_flat_table(self):
        workspace = self.shop()
        told = self.ask(workspace, "list")["attributes"]
        columns = workspace.sql("select column_name, data_type from information_schema.columns where table_schema = "
                                "'main' and table_name = 'customers' order by ordinal_position")
        self.assertEqual(
            [(one["attribute"], one["type"]) for one in told],
            [(column["column_name"], column["data_type"]) for column in columns],
        )
        by_name = {one["attribute"]: one for one in told}
        self.assertEqual([by_name["city"][key] for key in ("file", "line", "from")], [None, None, None])
        expected = {
            "orders": ("attributes/basic.sql", 7, "baskets, not lines", "count"),
            "revenue": ("attributes/basic.sql", 8, "gross", "currency"),
            "average_order_value": ("attributes/basic.sql", 9, "How much", "currency"),
            "last_order_at": ("attributes/basic.sql", 13, "When, and how long ago", "local time"),
            "first_order_at": ("attributes/basic.sql", 14, "When, and how long ago", "local time"),
            "first_channel": ("attributes/basic.sql", 14, "of any event", None),
            "days_since_order": ("attributes/basic.sql", 15, "When, and how long ago", "days"),
            "Kind of buyer": ("attributes/basic.sql", 16, "When, and how long ago", None),
            "spend_rate": ("attributes/basic.sql", 17, "When, and how long ago", "ratio"),
            "products": ("attributes/deep.sql", 3, "", "count"),
            "half": ("attributes/ranked.sql", 1, "", None),
        }
        for name, (file, line, description, unit) in expected.items():
            one = by_name[name]
            self.assertEqual((one["file"], one["line"], one["description"], one["unit"]),
                             (file, line, description, unit), name)
        text = workspace.hilo("attribute", "list").out
        self.assertIn("attributes/basic.sql:16", text)
        self.assertIn("golden row", text)

    def test_the_first_paragraph_tells_of_a_file_without_sections(self):
        workspace = self.workspace({"attributes/basic.sql": "-- What they did.\n-- All of it.\n\n-- More.\nselect count(*) as n from events"})
        self.assertEqual(self.ask(workspace, "list")["attributes"][-1]["description"], "What they did. All of it.")

    def test_from_may_stand_first(self):
        text = "from events select count(*) as n, max(time) /* x, y */ as latest_at"
        workspace = self.workspace({"attributes/basic.sql": text})
        shown = self.ask(workspace, "show", "latest_at")
        self.assertEqual((shown["definition"], shown["profile"]), ("max(time) /* x, y */ as latest_at", None))

    def test_show(self):
        workspace = self.shop()
        shown = self.ask(workspace, "show", "spend_rate")
        self.assertEqual(shown["definition"], "revenue / nullif(orders, 0) as spend_rate")
        self.assertEqual([used["attribute"] for used in shown["uses"]], ["revenue", "orders"])
        self.assertEqual(shown["uses"][1]["definition"], "count(*)    filter (where type = 'order') as orders")
        self.assertEqual((shown["profile"]["customers"], shown["profile"]["missing"]), (4, 1))
        shown = self.ask(workspace, "show", "Kind of buyer")
        self.assertEqual(shown["definition"],
                         "case when orders > 0 and revenue is distinct from 5 then 'buyer, of \"things\"' end as "
                         '"Kind of buyer"')
        self.assertEqual(shown["profile"]["top"], [{"value": 'buyer, of "things"', "customers": 3, "share": 0.75}])
        for written in ("kind of buyer", '"Kind of buyer"', "ORDERS"):
            self.assertEqual(workspace.hilo("attribute", "show", written).code, 0, written)
        self.assertIn("lag(", workspace.hilo("attribute", "show", "typical_gap_days").out)
        self.assertEqual([used["attribute"] for used in self.ask(workspace, "show", "half")["uses"]],
                         ["revenue"])
        self.assertEqual([used["attribute"] for used in self.ask(workspace, "show", "loyal")["uses"]],
                         ["orders", "city"])

    def test_the_canonical_form_is_what_is_run(self):
        """Put into the place of the definitions, it gives the same values."""
        workspace = self.shop()
        names = ["orders", "revenue", "last_order_at", "days_since_order", "first_channel", "spend_rate"]
        forms = [self.ask(workspace, "show", name)["canonical"] for name in names]
        items = ", ".join(f"{form} as {name}" for form, name in zip(forms, names))
        other = self.workspace(FILES | {"attributes/basic.sql": f"select {items} from events\n",
                                        "attributes/deep.sql": "select count(*) as n from items\n",
                                        "attributes/ranked.sql": "select 1 as one from customers\n"})
        other.run()
        asked = f"select {', '.join(names)} from customers order by customer_id"
        self.assertEqual(other.rows(asked), workspace.rows(asked))

    def test_before_the_first_run_the_files_are_told(self):
        workspace = self.workspace(FILES)
        self.assertIn("orders_3d", [one["attribute"] for one in self.ask(workspace, "list")["attributes"]])
        self.assertIsNone(self.ask(workspace, "show", "orders")["profile"])
        for part in (["why", "orders", "--customer", "crm:1"], ["profile", "orders"]):
            self.assert_fails(workspace.hilo("attribute", *part), 1, "no store yet", "hilo run")

    def test_what_changed_since_the_run_is_told(self):
        workspace = self.shop()
        self.assertEqual(workspace.hilo("attribute", "list").err, "")
        workspace.write({"attributes/more.sql": "select count(*) as everything from events\n"})
        done = workspace.hilo("attribute", "show", "orders")
        self.assertIn("attributes/more.sql changed since the last run", done.err)
        self.assert_fails(workspace.hilo("attribute", "show", "everything"), 1, "no attribute 'everything'", "hilo run")
        workspace.run(now="2024-07-02T06:00:00Z")
        self.assertEqual(self.ask(workspace, "show", "everything")["definition"], "count(*) as everything")


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
                    expected = workspace.value(f"select count(*) from {table} where customer_id = {customer} and time < "
                                               f"{end} and {condition.format(end=end)}")
                    value = workspace.value(f'select "{name}" from customers_on(\'{day}\') where customer_id = {customer}')
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


class Profiles(AttributeTest):
    def test_numbers(self):
        workspace = self.shop()
        profile = self.ask(workspace, "profile", "orders")["profile"]
        [(least, lower, median, upper, most, mean)] = workspace.rows(
            "select min(orders), quantile_cont(orders, 0.25), median(orders), quantile_cont(orders, 0.75), max(orders), "
            "avg(orders) from customers")
        self.assertEqual(
            [profile[key] for key in ("min", "lower_quartile", "median", "upper_quartile", "max", "mean")],
            [least, lower, median, upper, most, mean],
        )
        self.assertEqual((profile["zeros"], profile["missing"], profile["customers"]), (1, 0, 4))
        self.assertEqual([(one["from"], one["customers"]) for one in profile["histogram"]], [(0, 1), (1, 2), (2, 1)])
        self.assertEqual(self.ask(workspace, "profile", "revenue")["profile"]["missing"], 1)
        bins = self.ask(workspace, "profile", "revenue")["profile"]["histogram"]
        self.assertEqual(sum(one["customers"] for one in bins), 3)
        self.assertIn("█", workspace.on_terminal("attribute", "profile", "orders"))
        piped = workspace.hilo("attribute", "profile", "orders").out
        self.assertNotIn("█", piped)
        self.assertIn("lower quartile", piped)

    def test_values_and_times(self):
        workspace = self.shop()
        profile = self.ask(workspace, "profile", "first_channel")["profile"]
        self.assertEqual([(one["value"], one["customers"], one["share"]) for one in profile["top"]],
                         [("email", 2, 0.5), ("store", 1, 0.25), ("web", 1, 0.25)])
        profile = self.ask(workspace, "profile", "loyal")["profile"]
        self.assertEqual({one["value"]: one["customers"] for one in profile["top"]}, {"true": 1, "false": 3})
        profile = self.ask(workspace, "profile", "last_order_at")["profile"]
        self.assertEqual((profile["min"], profile["max"], profile["missing"]),
                         (workspace.value("select min(last_order_at)::varchar from customers"),
                          "2024-03-06 11:00:00", 1))

    def test_by_month(self):
        workspace = self.shop()
        self.assertEqual(self.ask(workspace, "profile", "revenue")["months"], [])
        self.assertEqual(self.ask(workspace, "profile", "revenue", "--months", "0")["months"], [])
        months = self.ask(workspace, "profile", "revenue", "--by", "month")["months"]
        self.assertEqual([one["day"] for one in months][-3:], ["2024-01-31", "2024-02-29", "2024-03-09"])
        self.assertEqual(len(months), 13)
        for one in months:
            [(customers, missing, median)] = workspace.rows(
                "select count(*), count(*) - count(revenue), median(revenue)::double from "
                f"customers_on('{one['day']}')")
            self.assertEqual((one["customers"], one["missing"], one["median"]), (customers, missing, median))
        self.assertNotEqual(months[-1]["missing"], months[-2]["missing"])
        self.assertEqual(len(self.ask(workspace, "profile", "orders", "--months", "2")["months"]), 3)
        # The first customer is of January 2023.
        self.assertEqual(self.ask(workspace, "profile", "orders", "--months", "600")["months"][0]["day"], "2023-01-31")
        done = workspace.hilo("attribute", "profile", "orders", "--by", "month")
        self.assertIn("2024-02-29", done.out)
        self.assertIn("profile", done.err)

    def test_lists_and_what_is_no_number(self):
        basic = ("select list(distinct channel) as channels, 1e308 * 10 * count(*) as huge, "
                 "sum(amount) filter (where type = 'nothing') as never from events\n")
        workspace = self.workspace(silos.files() | {"attributes/basic.sql": basic})
        workspace.run()
        for name in ("channels", "huge", "never"):
            for form in ([], ["--json"]):
                done = workspace.hilo("attribute", "profile", name, "--months", "1", *form)
                self.assertEqual(done.code, 0, str(done))
                if form:
                    json.loads(done.out, parse_constant=self.fail)
        profile = self.ask(workspace, "profile", "never")["profile"]
        self.assertEqual([profile[key] for key in ("missing", "median", "min", "histogram")], [4, None, None, []])


class Refusals(AttributeTest):
    def test_questions_that_are_wrong(self):
        workspace = self.shop()
        for args, code, texts in (
            (["show", "ordres"], 1, ["there is no attribute 'ordres' (did you mean 'orders'?)", "hilo attribute list"]),
            (["show", "'; drop table events; --"], 1, ["there is no attribute"]),
            (["show", ""], 1, ["there is no attribute ''"]),
            (["why", "ordres", "--customer", "crm:1"], 1, ["did you mean 'orders'?"]),
            (["why", "orders", "--customer", "nobody@nowhere.es"], 1, ["no customer answers to that"]),
            (["why", "orders", "--customer", "crm:1", "--as-of", "June"], 2, ["June"]),
            (["why", "orders"], 2, ["--customer", "hilo attribute why --help"]),
            (["profile", "orders", "--by", "week"], 2, ["--by must be month"]),
            (["profile", "orders", "--months", "-1"], 2, ["--months"]),
            (["profile", "orders", "--months", "many"], 2, ["--months must be a whole number"]),
            (["list", "--markdown", "--json"], 2, ["--markdown or --json"]),
            ([], 2, ["list, show, why, profile"]),
        ):
            with self.subTest(args):
                self.assert_fails(workspace.hilo("attribute", *args), code, *texts)
        done = workspace.hilo("attribute", "show", "ordres", "--json")
        self.assertEqual((done.code, done.json()["errors"][0]["code"]), (1, "not_found"))
        self.assertNotIn("nobody@nowhere.es", workspace.hilo("attribute", "why", "orders", "--customer",
                                                              "nobody@nowhere.es").err)

    def test_definitions_at_fault_before_the_first_run(self):
        workspace = self.workspace({"attributes/basic.sql": "select cuont(*) as n from events\n"})
        self.assert_fails(workspace.hilo("attribute", "list"), 1, "attributes/basic.sql:1:8")

    def test_nothing_is_written(self):
        workspace = self.shop()
        before = workspace.state()
        for args in (["list"], ["show", "orders"], ["why", "orders", "--customer", "crm:1"],
                     ["profile", "orders", "--months", "1"]):
            self.assertEqual(workspace.hilo("attribute", *args).code, 0)
        self.assertEqual(workspace.state(), before)


class Page(HiloTest):
    def test_the_page_in_docs_is_what_the_program_makes(self):
        folder = self.folder / "new"
        subprocess.run([HILO, "init", str(folder)], check=True, capture_output=True)
        done = subprocess.run([HILO, "attribute", "list", "--markdown"], cwd=folder, capture_output=True, text=True,
                              env=os.environ | {"LC_ALL": "C.UTF-8"})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        page = ROOT / "docs" / "attributes.md"
        self.assertEqual(page.read_text(encoding="utf-8"), done.stdout,
                         f"made anew by: hilo init new && cd new && hilo attribute list --markdown > {page}")
        for line in done.stdout.splitlines():
            if line.startswith("| `"):
                self.assertEqual(line.replace("\\|", "").count("|"), 5, line)


if __name__ == "__main__":
    unittest.main()
