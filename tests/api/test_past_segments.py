"""Goal: rules may ask who was a member on an earlier day, who entered since and who left: in every command alike.

Method: a shop of five customers, one of them known under two ids until the second run. What each rule gives on a day is
worked out beside the program, from plain conditions over `customers_on` of that day and of the others that it names.
"""

import datetime
import unittest

from workspace import HiloTest

CRM = """-- source: crm   kind: crm
select id as source_id, email, name as full_name, since as updated_at from read_csv('data/crm.csv')
"""
CRM_CSV = """id,email,name,since
1,ana@correo.es,Ana Gil,2023-12-20 09:00:00
2,bea@correo.es,Bea Ríos,2024-01-15 09:00:00
3,ciro@correo.es,Ciro Sanz,2024-01-01 09:00:00
"""
SHOP = """-- source: shop   kind: shop   delivery: lines
select who as source_id, mail as email, no as order_id, 1 as line_no, bought as time, 'order' as type, 'web' as channel,
       price as amount
from read_csv('data/shop/*.csv', types = {'who': 'VARCHAR', 'no': 'VARCHAR', 'mail': 'VARCHAR'})
"""
SHOP_CSV = """who,mail,no,bought,price
7,ana@correo.es,1,2024-01-10 10:00:00,20
7,ana@correo.es,2,2024-02-28 18:00:00,5
7,ana@correo.es,3,2024-03-01 00:00:00,30
8,,4,2024-01-31 23:59:59,10
8,,5,2024-03-05 12:00:00,10
9,ciro@correo.es,6,2024-02-26 12:00:00,10
5,eva@correo.es,7,2024-03-20 12:00:00,10
"""
# Bea is the one who bought as number 8.
MERGED_CSV = "who,mail,no,bought,price\n8,bea@correo.es,8,2024-02-10 12:00:00,15\n"
BASIC = """select count(*) filter (where type = 'order') as orders,
       max(time) filter (where type = 'order') as last_order_at,
       date_diff('day', last_order_at::date, $day) as days_since_order
from events
"""
WHERE = "select customer_id from customers where "
RULES = {
    "recent": "days_since_order <= 20",
    "lapsed": "orders > 0 and not in_segment('recent')",
    "was_recent": "in_segment('recent', $as_of - interval 30 day)",
    "newly_lapsed": "entered('lapsed', interval 7 day)",
    "gone": "left_segment('recent', interval 1 week)",
    "came_back": "in_segment('recent') and in_segment('lapsed', $as_of - interval 10 day)",
    "two_steps": "in_segment('was_recent', $day - 10) and not in_segment('was_recent')",
    "january": "in_segment('recent', date '2024-01-31')",
    "still_january": "in_segment('january', date '2024-01-31') and orders > 0",
    "last_month": "in_segment('recent', date_trunc('month', $day) - interval 1 day)",
    "even": "customer_id % 2 = 0 and in_segment('recent', $day - interval 30 day)",
}
LAST = datetime.date(2024, 3, 20)


def files(more=None):
    rules = {f"segments/{name}.sql": WHERE + rule + "\n" for name, rule in RULES.items()}
    return {
        "attributes/basic.sql": BASIC,
        "sources/crm.sql": CRM,
        "data/crm.csv": CRM_CSV,
        "sources/shop.sql": SHOP,
        "data/shop/1.csv": SHOP_CSV,
    } | rules | (more or {})


class Expected:
    """Who is a member, from `customers_on` alone."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.known = {}

    def those(self, day, condition):
        if (day, condition) not in self.known:
            rows = self.workspace.rows(f"select customer_id from customers_on(date '{day}') where {condition}")
            self.known[day, condition] = {row[0] for row in rows}
        return self.known[day, condition]

    def members(self, name, day):
        def ago(days):
            return day - datetime.timedelta(days)

        recent, january = self.those(day, "days_since_order <= 20"), datetime.date(2024, 1, 31)
        match name:
            case "recent":
                return recent
            case "lapsed":
                return self.those(day, "orders > 0") - recent
            case "was_recent":
                return self.members("recent", ago(30))
            case "newly_lapsed":
                return self.members("lapsed", day) - self.members("lapsed", ago(7))
            case "gone":
                return self.members("recent", ago(7)) - recent
            case "came_back":
                return recent & self.members("lapsed", ago(10))
            case "two_steps":
                return self.members("was_recent", ago(10)) - self.members("was_recent", day)
            case "january" | "still_january":
                return self.members("recent", january) if day >= january else set()
            case "last_month":
                return self.members("recent", day.replace(day=1) - datetime.timedelta(1))
            case "even":
                return self.members("was_recent", day) & self.those(day, "customer_id % 2 = 0")


class PastSegmentsTest(HiloTest):
    def shop(self, more=None):
        workspace = self.workspace(files(more))
        workspace.run(now="2024-03-21T06:00:00Z")
        return workspace

    def merged(self, workspace):
        workspace.write({"data/shop/2.csv": MERGED_CSV})
        workspace.run(now="2024-03-22T06:00:00Z")

    def ask(self, workspace, *args):
        done = workspace.hilo("segment", *args, "--json")
        self.assertEqual(done.code, 0, str(done))
        return done.json()

    def ids(self, workspace, name, day):
        told = self.ask(workspace, "members", name, "--as-of", str(day))
        return {row["customer_id"] for row in told["members"]}


class Answers(PastSegmentsTest):
    def test_members_of_any_day(self):
        workspace = self.shop()
        self.merged(workspace)
        expected = Expected(workspace)
        days = [datetime.date(2023, 12, 1), *(LAST - datetime.timedelta(back) for back in (-30, 0, 1, 14, 19, 49, 62))]
        anybody = set()
        for name in RULES:
            for day in days:
                members = self.ids(workspace, name, day)
                self.assertEqual(members, expected.members(name, day), (name, day))
                if members:
                    anybody.add(name)
        self.assertEqual(anybody, set(RULES))

    def test_it_is_the_join_of_the_tables_of_two_days(self):
        workspace = self.shop()
        for day in ("2024-02-20", "2024-02-27", "2024-03-20"):
            rows = workspace.rows(
                f"select n.customer_id from customers_on('{day}') n left join customers_on(date '{day}' - 7) b "
                "using (customer_id) where coalesce(n.orders > 0 and not n.days_since_order <= 20, false) and not "
                "coalesce(b.orders > 0 and not b.days_since_order <= 20, false) order by all"
            )
            self.assertEqual(self.ids(workspace, "newly_lapsed", day), {row[0] for row in rows}, day)
        self.assertTrue(rows)

    def test_every_question_gives_the_same(self):
        workspace = self.shop()
        self.merged(workspace)
        expected = Expected(workspace)
        now = {name: expected.members(name, LAST) for name in RULES}
        month = {name: expected.members(name, datetime.date(2024, 2, 20)) for name in RULES}
        self.assertEqual(
            {one["segment"]: (one["members"], one["before"]) for one in self.ask(workspace, "list")["segments"]},
            {name: (len(now[name]), len(month[name])) for name in RULES},
        )
        shown = self.ask(workspace, "show", "newly_lapsed")
        self.assertEqual(shown["members"], len(now["newly_lapsed"]))
        self.assertEqual(shown["conditions"], ["has entered the segment 'lapsed' in the last 7 days"])
        self.assertEqual(shown["segments"], ["lapsed"])
        told = self.ask(workspace, "try", "entered('lapsed', interval 7 day) or in_segment('gone', $day - 3)")
        either = now["newly_lapsed"] | expected.members("gone", LAST - datetime.timedelta(3))
        self.assertEqual((told["members"], len(told["sample"])), (len(either), len(either)))
        told = self.ask(workspace, "overlap", "was_recent", "newly_lapsed", "--as-of", "2024-03-25")
        both = expected.members("was_recent", datetime.date(2024, 3, 25)) & expected.members(
            "newly_lapsed", datetime.date(2024, 3, 25)
        )
        self.assertEqual(told["pairs"][0]["both"], len(both))
        for day in ("2024-03-20", "2024-02-25"):
            done = workspace.hilo("export", "came_back", "-o", "out.csv", "--as-of", day)
            self.assertEqual(done.code, 0, str(done))
            lines = (workspace.root / "out.csv").read_text().splitlines()[1:]
            exported = {int(line.split(",")[0]) for line in lines}
            self.assertEqual(exported, expected.members("came_back", datetime.date.fromisoformat(day)), day)

    def test_history_by_day(self):
        workspace = self.shop()
        expected = Expected(workspace)
        for name in ("newly_lapsed", "two_steps"):
            told = self.ask(workspace, "history", name, "--every", "day", "--from", "2024-02-15", "--who")
            sets = {point["day"]: expected.members(name, datetime.date.fromisoformat(point["day"]))
                    for point in told["history"]}  # fmt: skip
            self.assertEqual([point["members"] for point in told["history"]], [len(one) for one in sets.values()])
            days = list(sets)
            changes = [(day, "entered", one) for before, day in zip(days, days[1:]) for one in sets[day] - sets[before]]
            changes += [(day, "left", one) for before, day in zip(days, days[1:]) for one in sets[before] - sets[day]]
            self.assertEqual(
                sorted((row["day"], row["change"], row["customer_id"]) for row in told["who"]), sorted(changes)
            )
            self.assertTrue(changes)

    def test_a_customers_story(self):
        workspace = self.shop()
        self.merged(workspace)
        expected = Expected(workspace)
        for who in ("crm:1", "crm:2", "shop:5"):
            story = workspace.customer(who, "--timeline", "--from", "2023-12-20", "--to", "2024-03-25")
            told = {day["day"]: (set(day["entered"]), set(day["left"])) for day in story["days"]}
            before = set()
            day = datetime.date.fromisoformat(story["from"])
            while day <= datetime.date(2024, 3, 25):
                now = {name for name in RULES if story["customer_id"] in expected.members(name, day)}
                self.assertEqual(told.get(str(day), (set(), set())), (now - before, before - now), (who, day))
                before, day = now, day + datetime.timedelta(1)

    def test_words(self):
        workspace = self.shop()
        for rule, words in (
            ("in_segment('recent', $as_of - interval 30 day)", "was in the segment 'recent' 30 days before"),
            ("not in_segment('recent', $day - interval 1 month)", "was not in the segment 'recent' 1 month before"),
            ("entered('lapsed', interval 1 week)", "has entered the segment 'lapsed' in the last 1 week"),
            ("not left_segment('lapsed', interval 7 day)", "has not left the segment 'lapsed' in the last 7 days"),
            ("in_segment('recent', date '2024-01-31')", "was in the segment 'recent' on CAST('2024-01-31' AS DATE)"),
        ):
            self.assertEqual(self.ask(workspace, "try", rule)["conditions"], [words], rule)


class Records(PastSegmentsTest):
    def recorded(self, workspace, run):
        rows = workspace.rows(
            f"select segment, customer_id from segment_changes where run <= {run} group by all having sum(change) > 0"
        )
        return {name: {row[1] for row in rows if row[0] == name} for name in RULES}

    def test_a_run_records_the_same_and_a_rebuild_knows_it(self):
        workspace = self.shop()
        expected = Expected(workspace)
        self.assertEqual(self.recorded(workspace, 1), {name: expected.members(name, LAST) for name in RULES})
        self.merged(workspace)
        expected = Expected(workspace)
        self.assertEqual(self.recorded(workspace, 2), {name: expected.members(name, LAST) for name in RULES})
        self.assertTrue(all(self.recorded(workspace, 2)[name] for name in ("was_recent", "newly_lapsed", "gone")))
        before = workspace.dump()
        workspace.remove("store")
        workspace.rebuild()
        self.assert_same_store(before, workspace.dump())

    def test_another_definition_of_what_is_used_is_another_version(self):
        workspace = self.shop()
        before = self.ask(workspace, "show", "was_recent")["version"]
        workspace.write({"segments/recent.sql": WHERE + "days_since_order <= 21\n"})
        self.assertNotEqual(self.ask(workspace, "show", "was_recent")["version"], before)


class Faults(PastSegmentsTest):
    def test_each_has_its_place_and_says_what_to_write(self):
        workspace = self.shop()
        example = "in_segment('vip', $as_of - interval 30 day)"
        for rule, place, said, advice in (
            ("in_segment('recent', $as_of + interval 1 day)", 62, "does not lie before the day asked about", example),
            ("in_segment('recent', $day)", 62, "on 2000-01-01 it is 2000-01-01", example),
            ("in_segment('recent', $as_of - interval 36 hour)", 62, "a moment within a day", example),
            ("in_segment('recent', last_order_at)", 62, "the column 'last_order_at' cannot tell another day", example),
            ("in_segment('recent', 30)", 62, "this is a INTEGER, not a day", example),
            ("in_segment('recent', null)", 62, "not a day", example),
            ("in_segment('recent', $as_of::date - 30)", 62, "a day later than it seems", example),
            ("in_segment('recent', timestamp '2024-01-31 00:00:00')", 62, "this is a TIMESTAMP, not a day", example),
            ("in_segment('recnt', $day - 3)", 41, "did you mean 'recent'", "a file of segments/"),
            ("in_segment('recent', $day - 3, 4)", 41, "in_segment takes the name of a segment", example),
            ("entered('recent')", 41, "entered takes the name of a segment, as text, and an interval of days",
             "entered('lapsed', interval 7 day)"),
            ("entered('recent', $day - 7)", 59, "not an interval", "entered('lapsed', interval 7 day)"),
            ("entered('recent', 7)", 59, "not an interval", "entered('lapsed', interval 7 day)"),
            ("entered('recent', interval 0 day)", 59, "does not lie before", "entered('lapsed', interval 7 day)"),
            ("left_segment('recent', interval (orders) day)", 74, "the column 'orders' cannot", "left_segment("),
            ("in_segment('bad', $day - 3)", 41, "segments in a circle: bad -> bad", "go back without end"),
            ("entered('bad', interval 7 day)", 41, "segments in a circle: bad -> bad", "go back without end"),
            ("in_segment(last_order_at)", 41, "in_segment takes the name of a segment, as text", "in_segment('vip')"),
        ):  # fmt: skip
            with self.subTest(rule):
                workspace.write({"segments/bad.sql": WHERE + rule + "\n"})
                self.assert_refused(workspace, 1, f"segments/bad.sql:1:{place}: ", said, advice)
        workspace.write({"segments/bad.sql": None})

    def test_days_that_lead_to_others_have_a_limit(self):
        workspace = self.shop()

        def days(segment, step):
            return WHERE + " or ".join(f"in_segment('{segment}', $day - {step * number})" for number in range(1, 9))

        workspace.write({"segments/far.sql": days("recent", 1), "segments/near.sql": days("far", 1)})
        self.assertEqual(self.ask(workspace, "show", "near")["segments"], ["far"])
        workspace.write({"segments/near.sql": None, "segments/farther.sql": days("far", 10)})
        self.assert_refused(workspace, 1, "segments/farther.sql:1:41: the rule reads 72 other days")
        self.assertEqual(self.ask(workspace, "show", "far")["segments"], ["recent"])


if __name__ == "__main__":
    unittest.main()
