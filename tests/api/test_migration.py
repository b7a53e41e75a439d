"""Goal: how customers moved between the values of a column from one day to another: counts, shares and revenue.

Method: a shop of few customers whose every move is known, and hostile columns: values that look like what the program
prints for none and for new, names in quotes, too many values, no such column, no revenue.
"""

from workspace import NOW, HiloTest

SHOP = """-- source: shop   kind: shop   delivery: full
select who as source_id, no as order_id, happened as time, 'order' as type, channel, amount
from read_csv('data/shop.csv', types = {'who': 'VARCHAR', 'no': 'VARCHAR'})
"""
# a: store, then web too; b: web alone; c: store alone; d: in April alone; e: web, then nothing within 90 days; f: early
SHOP_CSV = """who,no,happened,channel,amount
a,1,2024-01-20 10:00:00,store,10.00
a,2,2024-03-20 10:00:00,web,15.50
b,3,2024-01-11 10:00:00,web,20.00
c,4,2024-01-12 10:00:00,store,30.00
c,5,2024-04-01 10:00:00,store,2.25
d,6,2024-04-02 10:00:00,web,7.00
e,7,2023-12-20 10:00:00,web,5.00
f,8,2023-01-01 10:00:00,store,9.00
f,9,2024-04-09 10:00:00,web,100.00
"""
TYPES = """select
  count(*) filter (where channel = 'store' and time >= $as_of - interval 90 day) as in_store,
  count(*) filter (where channel = 'web' and time >= $as_of - interval 90 day)   as online,
  case when in_store > 0 and online > 0 then 'hybrid' when in_store > 0 then 'offline' when online > 0 then 'online' end
                                                                                 as buyer_type,
  count(*) as orders,
  count(*) > 1 as again,
  sum(amount) as revenue
from events
"""


class MigrationTest(HiloTest):
    def shop(self, more=None):
        files = {"attributes/basic.sql": TYPES, "sources/shop.sql": SHOP, "data/shop.csv": SHOP_CSV}
        return self.workspace_that_ran(files | (more or {}))

    def ask(self, workspace, *args):
        done = workspace.hilo("segment", "migration", "--json", *args)
        self.assertEqual(done.code, 0, str(done))
        return done.json()

    def moves(self, told):
        return {
            (move["from"], move["new"], move["to"]): (move["customers"], move["share"], move.get("revenue_gained"))
            for move in told["moves"]
        }


class Moves(MigrationTest):
    EXPECTED = {
        ("offline", False, "hybrid"): (1, 0.5, 15.5),
        ("offline", False, "offline"): (1, 0.5, 2.25),
        ("online", False, None): (2, 1, 0),
        (None, False, "online"): (1, 1, 100),
        (None, True, "online"): (1, 1, 7),
    }

    def test_counts_shares_and_revenue(self):
        workspace = self.shop()
        told = self.ask(workspace, "--from", "2024-02-01", "--to", "2024-04-10")
        self.assertEqual((told["column"], told["from"], told["to"]), ("buyer_type", "2024-02-01", "2024-04-10"))
        self.assertEqual((told["customers"], told["currency"]), (6, "EUR"))
        self.assertEqual(len(told["moves"]), len(self.EXPECTED))
        self.assertEqual(self.moves(told), self.EXPECTED)

    def test_it_agrees_with_plain_sql(self):
        workspace = self.shop()
        for column in ("buyer_type", "again", "orders", "in_store"):
            for days in (("2023-12-31", "2024-01-20"), ("2024-01-31", "2024-04-09"), ("2022-01-01", "2024-04-09")):
                told = self.ask(workspace, "--by", column, "--from", days[0], "--to", days[1])
                expected = workspace.rows(
                    f"select b.{column} as before, b.customer_id is null as fresh, a.{column} as after, "
                    "count(*) as customers, sum(coalesce(a.revenue, 0) - coalesce(b.revenue, 0)) as gained "
                    f"from customers_on('{days[1]}') a left join customers_on('{days[0]}') b using (customer_id) "
                    "group by all"
                )
                self.assertEqual(
                    {key: (count, gained) for key, (count, _, gained) in self.moves(told).items()},
                    {row[:3]: row[3:] for row in expected},
                    (column, days),
                )

    def test_days_by_default(self):
        workspace = self.shop()
        told = self.ask(workspace)
        self.assertEqual((told["from"], told["to"]), ("2024-03-09", "2024-04-09"))
        told = self.ask(workspace, "--to", "2024-03-31")
        self.assertEqual((told["from"], told["to"]), ("2024-02-29", "2024-03-31"))

    def test_for_people(self):
        workspace = self.shop()
        text = workspace.hilo("segment", "migration", "--from", "2024-02-01", "--to", "2024-04-10").out
        lines = text.splitlines()
        self.assertEqual(lines[0], "buyer_type on 2024-04-10, by what it was on 2024-02-01")
        self.assertEqual(
            [line.split() for line in lines[1:7]],
            [
                ["2024-02-01", "customers", "hybrid", "offline", "online", "(none)"],
                ["offline", "2", "1", "1", "-", "-"],
                ["online", "2", "-", "-", "-", "2"],
                ["(none)", "1", "-", "-", "1", "-"],
                ["(new)", "1", "-", "-", "1", "-"],
                ["2024-04-10", "6", "1", "1", "2", "2"],
            ],
        )
        at = lines.index("Who moved")
        self.assertEqual(lines[at + 2].split(), ["online", "(none)", "2", "100.0", "%", "0.00"])
        self.assertEqual(len(lines[at + 2 :][: lines[at:].index("") - 2]), 4, "who stayed did not move")
        self.assertIn("revenue gained, EUR", lines[at + 1])
        self.assertIn("Of 5 customers known on 2024-02-01, 1 had the same value on 2024-04-10.", text)
        for word in ("because", "caused", "due to", "effect", "led to"):
            self.assertNotIn(word, text)
        self.assertIn("hybrid", workspace.on_terminal("segment", "migration", "--from", "2024-02-01", width=40))

    def test_csv(self):
        workspace = self.shop()
        done = workspace.hilo("segment", "migration", "--csv", "--from", "2024-02-01", "--to", "2024-04-10")
        rows = done.csv()
        self.assertEqual(list(rows[0]), ["from", "new", "to", "customers", "share", "revenue_gained_eur"])
        self.assertEqual(
            {(row["from"] or None, row["new"] == "true", row["to"] or None):
             (int(row["customers"]), float(row["share"]), float(row["revenue_gained_eur"])) for row in rows},
            self.EXPECTED,
        )

    def test_values_that_look_like_ours(self):
        """A text '(none)' is not NULL, '(new)' not somebody new, the empty text not nothing."""
        column = (
            "select case min(channel) when 'store' then '(none)' else '' end as \"odd \"\"name\"\"\", "
            "case when count(*) > 1 then '(new)' end as again_text from events\n"
        )
        workspace = self.shop({"attributes/odd.sql": column})
        told = self.ask(workspace, "--by", 'odd "name"', "--from", "2024-02-01")
        self.assertEqual(told["column"], 'odd "name"')
        keys = set(self.moves(told))
        self.assertEqual(keys, {("(none)", False, "(none)"), ("", False, ""), (None, True, "")})
        text = workspace.hilo("segment", "migration", "--by", 'odd "name"', "--from", "2024-02-01").out
        self.assertIn("'(none)'", text)
        self.assertRegex(text, r"(?m)^'' +2 ")
        self.assertRegex(text, r"(?m)^\(new\) +1 ")
        rows = workspace.hilo("segment", "migration", "--by", 'odd "name"', "--from", "2024-02-01", "--csv").out
        self.assertIn("\n\"\",false,\"\",", rows)
        self.assertIn("\n,true,\"\",", rows)
        told = self.ask(workspace, "--by", "again_text", "--from", "2024-02-01")
        self.assertIn((None, False, "(new)"), self.moves(told))
        text = workspace.hilo("segment", "migration", "--by", "again_text", "--from", "2024-02-01").out
        self.assertIn("'(new)'", text)

    def test_before_everything(self):
        workspace = self.shop()
        told = self.ask(workspace, "--from", "1999-01-01", "--to", "2024-01-11")
        self.assertEqual({move["new"] for move in told["moves"]}, {True})
        self.assertEqual(sum(move["customers"] for move in told["moves"]), told["customers"])
        told = self.ask(workspace, "--from", "1999-01-01", "--to", "1999-02-01")
        self.assertEqual((told["customers"], told["moves"]), (0, []))
        text = workspace.hilo("segment", "migration", "--from", "1999-01-01", "--to", "1999-02-01").out
        self.assertIn("Nobody is known on 1999-02-01", text)

    def test_without_revenue(self):
        for attributes in (
            "select 'x' as buyer_type from events\n",
            "select 'x' as buyer_type, max(channel) as revenue from events\n",
        ):
            workspace = self.shop({"attributes/basic.sql": attributes.replace("'x'", "max(channel)", 1)})
            told = self.ask(workspace, "--from", "2024-02-01")
            self.assertIsNone(told["currency"])
            self.assertTrue(all("revenue_gained" not in move for move in told["moves"]))
            done = workspace.hilo("segment", "migration", "--from", "2024-02-01")
            self.assertIn("No revenue: the flat table has no numeric column of that name.", done.out)
            done = workspace.hilo("segment", "migration", "--from", "2024-02-01", "--csv")
            self.assertEqual(done.out.splitlines()[0], "from,new,to,customers,share")

    def test_somebody_erased_moves_no_more(self):
        workspace = self.shop()
        self.assertEqual(workspace.hilo("erase", "shop:a", "--yes", "--now", NOW).code, 0)
        told = self.ask(workspace, "--from", "2024-02-01", "--to", "2024-04-10")
        expected = dict(self.EXPECTED)
        del expected["offline", False, "hybrid"]
        expected["offline", False, "offline"] = (1, 1, 2.25)
        self.assertEqual(self.moves(told), expected)


class Refused(MigrationTest):
    def test_columns(self):
        many = ["who,no,happened,channel,amount"]
        many += [f"p{number},{number},2024-01-{number % 28 + 1:02} 10:00:00,web,{number}" for number in range(51)]
        workspace = self.shop(
            {
                "data/shop.csv": "\n".join(many) + "\n",
                "attributes/more.sql": "select max(amount)::int as largest, max(order_id) as number from events\n",
            }
        )
        for column, code, *texts in (
            ("buyertype", 1, "no column 'buyertype'", "did you mean 'buyer_type'?"),
            ("email", 1, "no column 'email'"),
            ("x\"; drop table customers; --", 1, "no column"),
            ("", 1, "no column ''"),
            ("largest", 1, "'largest' has 51 different values on 2024-02-01", "at most 50"),
            ("number", 1, "'number' has 51 different values", "write an attribute that groups them"),
            ("revenue", 1, "'revenue' (DECIMAL(38,4))", "such as buyer_type"),
            ("customer_since", 1, "'customer_since' (DATE)"),
            ("customer_id", 1, "'customer_id'"),
        ):
            with self.subTest(column):
                days = ("--from", "2024-02-01", "--to", "2024-03-01")
                done = workspace.hilo("segment", "migration", "--by", column, *days)
                self.assert_fails(done, code, *texts)
        self.assertEqual(self.ask(workspace, "--by", "BUYER_TYPE", "--to", "2024-02-01")["column"], "buyer_type")

    def test_fifty_values_are_few_enough(self):
        many = ["who,no,happened,channel,amount"]
        many += [f"p{number},{number},2024-01-01 10:00:00,web,{number}" for number in range(50)]
        workspace = self.shop(
            {
                "data/shop.csv": "\n".join(many) + "\n",
                "attributes/more.sql": "select max(order_id) as number from events\n",
            }
        )
        told = self.ask(workspace, "--by", "number", "--from", "2024-01-01", "--to", "2024-02-01")
        self.assertEqual(len(told["moves"]), 50)
        shown = workspace.on_terminal("segment", "migration", "--by", "number", "--to", "2024-02-01", width=80)
        self.assertIn("--csv gives all", shown)

    def test_days_and_forms(self):
        workspace = self.shop()
        for args, text in (
            (["--from", "2024-04-01", "--to", "2024-03-01"], "does not lie after the first"),
            (["--from", "2024-04-01", "--to", "2024-04-01"], "does not lie after the first"),
            (["--from", "2024-05-01"], "does not lie after the first"),
            (["--from", "soon"], "'soon' is not a day"),
            (["--json", "--csv"], "--csv and --json contradict each other"),
        ):
            with self.subTest(args):
                self.assert_fails(workspace.hilo("segment", "migration", *args), 2, text)
        told = workspace.hilo("segment", "migration", "--by", "nothing", "--json")
        self.assertEqual((told.code, told.json()["errors"][0]["code"]), (1, "not_found"))
