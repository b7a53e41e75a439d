"""Goal: an attribute may read an attribute of the same customer on an earlier day, and every command gives that value.

Method: sets of every kind beside each other (folded whole, folded in part, left to the engine, nothing but the past,
over all customers), whose values are compared with a join of `customers_on` of the days that they name.
"""

import csv
import json
import unittest

import silos
from workspace import HiloTest

DAYS = ("2023-01-01", "2023-01-31", "2024-02-29", "2024-03-04", "2024-03-09", "2024-03-20")

DEFINITIONS = {
    "attributes/basic.sql": "select quantile_cont(amount, 0.5) as median_amount from events",
    "attributes/b_part.sql": "select count(*) filter (where type = 'order') as Orders, sum(amount) as value,\n"
    "  (select quantile_cont(quantity, 0.9) from items) as many, max(time) as last_seen from events",
    "attributes/c_past.sql": "select count(*) filter (where type = 'order') as buys, -- all\n"
    "  at(buys, $as_of - interval 5 day) as buys_before,\n"
    "  buys - coalesce(buys_before, 0) as new_buys,\n"
    "  coalesce(at(\"value\",\n    $as_of - interval 5 day), 0) as value_before,\n"
    "  at(median_amount, $day - 3) > 5 as was_dear,\n"
    "  case when at(orders, $as_of - interval 5 day) = 0 then 'new' else 'old' end as kind,\n"
    "  at(city, date '2023-06-30') as city_then\n"
    "from events",
    "attributes/d_only.sql": "select at(last_seen, date_trunc('month', $day) - interval 1 day)::date as seen_before,\n"
    "  at(customer_since, $day - 1) as since, at(records, $day - 400) as records_then from items",
    "attributes/e_engine.sql": "select quantile_cont(quantity, 0.5) as q, at(q, $day - 4) as q_before from items",
    "attributes/f_population.sql": "select ntile(2) over (order by new_buys, customer_id) as half from customers",
    "segments/more.sql": "-- title: More\nselect customer_id from customers where new_buys > 0",
}
PAST = "buys_before new_buys value_before was_dear kind city_then seen_before since records_then q_before".split()
JOINED = """select n.customer_id, five.buys as buys_before, n.buys - coalesce(five.buys, 0) as new_buys,
  coalesce(five.value, 0) as value_before, three.median_amount > 5 as was_dear,
  case when five.orders = 0 then 'new' else 'old' end as kind, june.city as city_then,
  month.last_seen::date as seen_before, one.customer_since as since, far.records as records_then, four.q as q_before
from customers_on('{day}') n left join customers_on(date '{day}' - 5) five using (customer_id)
left join customers_on(date '{day}' - 3) three using (customer_id)
left join customers_on(date '{day}' - 4) four using (customer_id)
left join customers_on(date '{day}' - 1) one using (customer_id)
left join customers_on(date '{day}' - 400) far using (customer_id)
left join customers_on(date_trunc('month', date '{day}') - interval 1 day) month using (customer_id)
left join (select * from customers_on('2023-06-30') where date '{day}' >= date '2023-06-30') june using (customer_id)
order by n.customer_id"""


class PastValuesTest(HiloTest):
    def shop(self, more=None):
        workspace = self.workspace(silos.files() | DEFINITIONS | (more or {}))
        workspace.run()
        return workspace

    def joined(self, workspace, day):
        return workspace.sql(JOINED.format(day=day))


class Values(PastValuesTest):
    def test_they_are_those_of_a_join(self):
        workspace = self.shop()
        columns = ", ".join(["customer_id", *PAST])
        seen = {name: set() for name in PAST}
        for day in DAYS:
            expected = self.joined(workspace, day)
            self.assertEqual(
                workspace.sql(f"select {columns} from customers_on('{day}') order by customer_id"), expected, day
            )
            for name in PAST:
                part = f"select customer_id, {name} from customers_on('{day}') order by customer_id"
                self.assertEqual([row[name] for row in workspace.sql(part)], [row[name] for row in expected], name)
                seen[name].update(row[name] for row in expected)
        for name in PAST:  # each has values, and none where there were none
            self.assertTrue(len(seen[name]) > 1, (name, seen[name]))

    def test_the_default_day_and_the_stored_query(self):
        workspace = self.shop()
        day = workspace.value("select day from meta")
        columns = ", ".join(["customer_id", *PAST])
        rows = workspace.sql(f"select {columns} from customers order by customer_id")
        self.assertEqual(rows, self.joined(workspace, day))
        self.assertEqual(
            workspace.rows(f"from customers_on('{day}') order by customer_id"),
            workspace.rows("from customers order by customer_id"),
        )
        query = workspace.value("select sql from programs where name = 'customers'")
        for day in DAYS:
            one = query.replace("$as_of", f"(date '{day}' + 1)").replace("$day", f"date '{day}'")
            self.assertEqual(
                workspace.rows(f"from ({one}) order by customer_id"),
                workspace.rows(f"from customers_on('{day}') order by customer_id"),
                day,
            )

    def test_every_day_of_a_series(self):
        workspace = self.shop()
        rows = workspace.sql(
            "select day, customer_id, buys_before from customers_between('2024-02-28', '2024-03-12', 'day') "
            "order by all"
        )
        expected = workspace.sql(
            "select n.day, n.customer_id, b.buys as buys_before from customers_between('2024-02-28', '2024-03-12', "
            "'day') n left join customers_between('2024-02-23', '2024-03-07', 'day') b on b.day = n.day - 5 and "
            "b.customer_id = n.customer_id order by all"
        )
        self.assertEqual(rows, expected)
        self.assertGreater(len({row["buys_before"] for row in rows}), 1)

    def test_every_command(self):
        workspace = self.shop()
        day = "2024-03-09"
        ana = workspace.customer_id("crm:1")
        expected = {row["customer_id"]: row for row in self.joined(workspace, day)}

        def done(*args):
            outcome = workspace.hilo(*args)
            self.assertEqual(outcome.code, 0, str(outcome))
            return outcome

        done("snapshot", "--as-of", day, "-o", "s.csv")
        done("export", "customers", "--as-of", day, "-o", "e.csv")
        for file in ("s.csv", "e.csv"):
            with open(workspace.root / file, encoding="utf-8", newline="") as lines:
                rows = {int(row["customer_id"]): row for row in csv.DictReader(lines)}
            self.assertEqual({one: row["new_buys"] for one, row in rows.items()},
                             {one: str(row["new_buys"]) for one, row in expected.items()})  # fmt: skip
        shown = json.dumps(workspace.customer("crm:1", "--as-of", day))
        self.assertIn(f'"new_buys": {expected[ana]["new_buys"]}', shown)
        listed = done("attribute", "list").out
        for name in PAST[:5]:
            self.assertIn(name, listed)
        told = done("attribute", "show", "new_buys", "--json").json()
        self.assertIn("buys_before", json.dumps(told))
        self.assertIn('"at"(buys, ', done("attribute", "show", "buys_before", "--json").json()["canonical"])
        why = done("attribute", "why", "new_buys", "--customer", "crm:1", "--as-of", day, "--json").json()
        self.assertEqual(str(why["value"]), str(expected[ana]["new_buys"]))
        done("attribute", "why", "value_before", "--customer", "crm:1", "--as-of", day)
        done("attribute", "profile", "buys_before")
        done("attribute", "profile", "new_buys", "--by", "month")
        members = done("segment", "members", "more", "--as-of", day, "--json").json()["members"]
        self.assertEqual({row["customer_id"] for row in members},
                         {one for one, row in expected.items() if row["new_buys"] > 0})  # fmt: skip
        self.assertTrue(members)
        moved = done("segment", "migration", "--by", "kind", "--from", "2024-03-04", "--to", day, "--json").json()
        self.assertEqual(moved["customers"], len(expected))

    def test_a_customers_story_and_differences(self):
        workspace = self.shop()
        workspace.write({"attributes/f_population.sql": None})
        workspace.run()
        ana = workspace.customer_id("crm:1")
        story = workspace.customer("crm:1", "--timeline", "--from", "2024-02-25", "--to", "2024-03-15")
        changes = {
            (day["day"], one["column"]): (one["before"], one["after"])
            for day in story["days"]
            for one in day["changes"]
        }
        rows = workspace.sql(
            "select day, kind, was_dear, city_then from customers_between('2024-02-24', '2024-03-15', 'day') "
            f"where customer_id = {ana} order by day"
        )
        expected = {}
        for before, now in zip(rows, rows[1:]):
            for name in ("kind", "was_dear", "city_then"):
                if before[name] != now[name]:
                    expected[now["day"], name] = (before[name], now[name])
        self.assertTrue(expected)
        self.assertEqual({key: value for key, value in changes.items() if key[1] in PAST}, expected)
        diff = workspace.customer("crm:1", "--diff", "2024-03-02", "2024-03-07")
        told = {one["column"]: (one["then"], one["now"]) for one in diff["differences"]}
        then, now = (
            next(row for row in self.joined(workspace, day) if row["customer_id"] == ana)
            for day in ("2024-03-02", "2024-03-07")
        )
        for name in ("buys_before", "new_buys", "seen_before", "q_before"):
            self.assertEqual(told.get(name, (now[name], now[name])), (then[name], now[name]), name)
        self.assertIn("buys_before", told)


class Stores(PastValuesTest):
    def test_a_run_extends_and_a_rebuild_makes_the_same(self):
        workspace = self.shop()
        more = "card,receipt,line,sold_at,shop,sku,qty,total\nL-100,R-9,1,2024-03-12 17:00:00,S1,TEA,1,4.50\n"
        workspace.write({"data/tills/2.csv.zst": silos.zstandard(more)})
        workspace.run()
        self.assertEqual(
            workspace.sql(f"select {', '.join(['customer_id', *PAST])} from customers order by customer_id"),
            self.joined(workspace, "2024-03-12"),
        )
        before = workspace.dump()
        workspace.remove("store")
        workspace.rebuild()
        self.assert_same_store(before, workspace.dump())


class Faults(PastValuesTest):
    def test_each_has_its_place_and_says_what_to_write(self):
        workspace = self.shop()
        example = "at(buyer_type, $as_of - interval 90 day)"
        for text, place, said, advice in (
            ("at(ordrs, $day - 3) as x", "1:8", "unknown attribute 'ordrs' (did you mean 'orders'?)", example),
            ("at(orders) as x", "1:8", "at takes the name of an attribute and a day", example),
            ("at('orders', $day - 3) as x", "1:8", "at takes the name of an attribute and a day", example),
            ("at(orders, $day) as x", "1:19", "does not lie before the day asked about", example),
            ("at(orders, $day + 3) as x", "1:19", "on 2000-01-01 it is 2000-01-04", example),
            ("at(orders,\n  $dy - 3) as x", "2:3", "unknown parameter $dy (did you mean '$day'?)", ""),
            ("at(orders, amount) as x", "1:19", "the column 'amount' cannot tell another day", example),
            ("at(orders, max(time)) as x", "1:19", "the aggregate 'max' cannot", ""),
            ("at(orders, today() - 3) as x", "1:19", "the function 'today' cannot be used", ""),
            ("at(half, $day - 3) as x", "1:8", "'half' is an attribute over all customers", "what it is made of"),
            ("at(new_buys, $day - 3) as x", "1:8", "'new_buys' itself asks for another day", "what it is made of"),
            ("at(x, $day - 3) as x", "1:8", "'x' itself asks for another day", "what it is made of"),
            ("sum(at(orders, $day - 3)) as x", "1:12", "'at' cannot be used", "outside of aggregates"),
            ("count(*) filter (where amount > at(orders, $day - 3)) as x", "1:40", "'at' cannot be used", "aggregates"),
            ("(select at(orders, $day - 3) from items) as x", "1:16", "'at' cannot be used", "aggregates"),
            ("_at1() as x", "1:8", "unknown function '_at1'", ""),
            ("struct_pack(a := count(*)) as s, at(s, $day - 7) as b", "1:41", "'s' is a STRUCT: at cannot", "a list"),
            (", ".join(f"at(orders, $day - {n}) as o{n}" for n in range(101, 114)), "1:", "more than 12 other days",
             "a flat table to be computed"),
        ):
            with self.subTest(text):
                workspace.write({"attributes/z.sql": f"select {text} from events\n"})
                self.assert_refused(workspace, 1, f"attributes/z.sql:{place}", said, advice)
        workspace.write({"attributes/z.sql": "select at(orders, $day - 3) + rank() over (order by orders) as x\n"
                                             "from customers\n"})  # fmt: skip
        self.assert_refused(workspace, 1, "z.sql:1:8: at cannot stand in a set over customers", "over events")
        workspace.write({"attributes/z.sql": None,
                         "segments/bad.sql": "select * from customers where at(orders, $day - 3) > 1\n"})  # fmt: skip
        self.assert_refused(workspace, 1, "segments/bad.sql:1:31: the function 'at' cannot be used", "in_segment")


if __name__ == "__main__":
    unittest.main()
