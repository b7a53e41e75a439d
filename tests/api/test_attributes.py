"""Goal: what an attribute is and how its values are spread, as the program tells it.

Method: a shop of four customers; figures are compared with those of the flat table by plain SQL; hostile definitions
and questions go through the real program. Why a value is what it is: test_attribute_why.py.
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
RANKED = (
    "select ntile(2) over (order by revenue desc, customer_id) as half, orders > 1 and city is not null as loyal\n"
    "from customers\n"
)
FILES = silos.files() | {
    "attributes/basic.sql": BASIC,
    "attributes/deep.sql": DEEP,
    "attributes/ranked.sql": RANKED,
    "attributes/told.sql": TOLD,
}


# Orders for nothing, and visits, which have no amount: some means are null, some have no logarithm.
FREE_CSV = "who,no,bought,type,price\n" + "".join(
    f"{who},{who},2024-01-0{1 + who % 5} 10:00:00,{'order' if who % 4 else 'visit'},{[None, 0, 5, 5][who % 4] or ''}\n"
    for who in range(1, 21)
).replace("order,\n", "order,0\n")


class AttributeTest(HiloTest):
    def test_what_cannot_be_computed_of_a_value_does_not_lose_it(self):
        workspace = self.workspace_that_ran(
            {
                "attributes/a.sql": "select avg(amount) filter (where type = 'order') as mean, ln(mean) as log\n"
                "from events\n",
                "segments/free.sql": "select customer_id from customers where ln(mean) is null and mean >= 0\n",
                "sources/shop.sql": "-- source: shop   kind: shop\nselect who as source_id, no as event_id, bought as "
                "time, type, price as amount\n"
                "from read_csv('data/shop.csv', types = {'who': 'VARCHAR', 'no': 'VARCHAR'})\n",
                "data/shop.csv": FREE_CSV,
            }
        )
        for customers in ("customers", "customers_on(date '2024-01-05')"):
            self.assertEqual(
                workspace.rows(f"select mean, log is null, count(*) from {customers} group by all order by all"),
                [(0, True, 5), (5, False, 10), (None, True, 5)],
            )
        self.assertEqual(workspace.hilo("segment", "list", "--quick", "--json").json()["segments"][0]["members"], 5)

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
        self.assertIn("  basic.sql:16  ", text)
        narrow = workspace.on_terminal("attribute", "list", width=80)
        for name in by_name:
            self.assertIn(f"{name} ", narrow)
        self.assertIn("golden row", text)

    def test_the_first_paragraph_tells_of_a_file_without_sections(self):
        text = "-- What they did.\n-- All of it.\n\n-- More.\nselect count(*) as n from events"
        workspace = self.workspace({"attributes/basic.sql": text})
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


class Profiles(AttributeTest):
    def test_numbers(self):
        workspace = self.shop()
        profile = self.ask(workspace, "profile", "orders")["profile"]
        [(least, lower, median, upper, most, mean)] = workspace.rows(
            "select min(orders), quantile_cont(orders, 0.25), median(orders), quantile_cont(orders, 0.75), max(orders),"
            " avg(orders) from customers")
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
            (["show", "ordres"], 1, ["no attribute 'ordres' (did you mean 'orders'?)", "hilo attribute list"]),
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
