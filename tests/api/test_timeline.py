"""Goal: a customer's story tells each day on which something happened or changed, and nothing of any other; what
differs between two days is told likewise.

Method: stories of hand-made customers whose every day is known, and the same stories made of the flat table of each day
and of the members of each segment on each day, asked of the same store in SQL and by `hilo segment members`.
"""

import datetime
import json

import silos
from workspace import NOW, ROOT, HiloTest

PEOPLE = """-- source: crm   kind: crm
select id as source_id, email, name as full_name, city, since as updated_at from read_csv('data/crm.csv')
"""
PEOPLE_CSV = """id,email,name,city,since
1,ana@correo.es,Ana Gil,Cádiz,2023-12-20 09:00:00
1,ana@correo.es,Ana Gil,Jaén,2024-02-10 09:00:00
2,bea@correo.es,Bea Ríos,,2024-01-15 09:00:00
3,ciro@correo.es,Ciro Sanz,Lugo,2024-01-01 09:00:00
"""
SHOP = """-- source: shop   kind: shop   delivery: full
select who as source_id, mail as email, no as order_id, happened as time, kind as type, channel, sku, category,
       1 as quantity, amount as price, campaign as campaign_id
from read_csv('data/shop.csv', types = {'no': 'VARCHAR'})
"""
SHOP_CSV = """who,mail,no,happened,kind,channel,sku,category,amount,campaign
7,ana@correo.es,W1,2024-01-10 10:00:00,order,web,TEA,drinks,20.00,
7,ana@correo.es,W2,2024-01-10 18:00:00,order,web,CUP,cups,5.50,
7,ana@correo.es,R1,2024-01-20 10:00:00,return,web,CUP,cups,-5.50,
7,ana@correo.es,S1,2024-03-01 00:00:00,order,store,POT,cups,30.00,
7,ana@correo.es,S2,2024-03-01 23:59:59,order,store,POT,cups,31.00,
9,ciro@correo.es,W3,2024-02-29 12:00:00,order,web,TEA,drinks,10.00,
"""
MAILS = """-- source: mails   kind: email
select id as event_id, mail as email, happened as time, what as type, 'email' as channel from read_csv('data/mails.csv')
"""
MAILS_CSV = """id,mail,happened,what
m1,ana@correo.es,2024-01-10 09:00:00,Email Delivered
m2,ana@correo.es,2024-01-10 09:30:00,Email Delivered
m3,ana@correo.es,2024-01-10 09:40:00,Email Opened
m4,ciro@correo.es,2024-04-30 09:00:00,Email Delivered
"""
BASIC = """select
  count(*)    filter (where type = 'order')                                       as orders,
  count(*)    filter (where type = 'order' and time >= $as_of - interval 30 day)  as orders_30d,
  sum(amount) filter (where type = 'order')                                       as revenue,
  max(time)   filter (where type = 'order')                                       as last_order_at,
  date_diff('day', last_order_at::date, $day)                                     as days_since_order,
  case when orders_30d > 0 then 'active' when orders > 0 then 'silent' end        as state,
  orders_30d >= 2                                                                 as busy
from events
"""
# Forms of definitions that are far from each other; each gives texts or booleans that change through time.
FORMS = """select
  mode(channel)                                                              as "kind, ""$day"" 'it''s'",
  string_agg(type, '$day$as_of' order by time)                               as "all",
  list_contains(list(type), 'return')                                        as returned,
  coalesce(max(type) filter (where channel = 'store'), '$as_of')             as in_store,
  strftime($day, '%A')                                                       as weekday,
  quantile_cont(amount, 0.5) filter (where amount > 0) > 20                  as dear,
  (select last(category) filter (where time > $as_of - interval 40 day) from items) as latest,
  (select string_agg(distinct sku, ',') from items where time >= $day - interval 60 day) as skus,
  (select count(*) filter (where amount > 0) > 1 from events)                as many,
  (select first(city) from versions)                                         as first_city
from events
"""
WINDOWS = """select max(gap)::varchar as longest_gap, bool_or(rank_of_day = 2) as twice_a_day,
       last(previous_channel) as channel_before
from (select type, date_diff('day', lag(time) over (order by time_utc, seq), time) as gap,
             row_number() over (partition by time::date order by time_utc, seq) as rank_of_day,
             lag(channel) over (partition by type order by time_utc, seq) as previous_channel, time, time_utc, seq
      from events where time >= $as_of - interval 45 day)
"""
SEGMENTS = {
    "segments/recent.sql": "select customer_id from customers where days_since_order <= 60\n",
    "segments/busy.sql": "select customer_id from customers where busy\n",
    "segments/lately.sql": "select customer_id from customers where last_order_at >= $as_of - interval 10 day\n",
    "segments/both.sql": "select customer_id from customers where in_segment('recent') and not in_segment('busy')\n",
    "segments/second.sql": "select customer_id from customers where customer_id % 2 = 0 and in_segment('recent')\n",
}


def files(more=None):
    return {
        "attributes/basic.sql": BASIC,
        "sources/crm.sql": PEOPLE,
        "data/crm.csv": PEOPLE_CSV,
        "sources/shop.sql": SHOP,
        "data/shop.csv": SHOP_CSV,
        "sources/mails.sql": MAILS,
        "data/mails.csv": MAILS_CSV,
    } | SEGMENTS | (more or {})


def days(first, last):
    day, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    return [(day + datetime.timedelta(number)).isoformat() for number in range((end - day).days + 1)]


class TimelineTest(HiloTest):
    def shop(self, more=None):
        return self.workspace_that_ran(files(more))

    def story(self, workspace, who, *args):
        return workspace.customer(who, "--timeline", *args)

    def by_day(self, story):
        return {day["day"]: day for day in story["days"]}

    def assert_agrees(self, workspace, who, *args):
        """The story is that which the flat tables and the members of all its days tell."""
        story = self.story(workspace, who, *args)
        before = (datetime.date.fromisoformat(story["from"]) - datetime.timedelta(1)).isoformat()
        asked = days(before, story["to"])
        ours = story["customer_id"]
        rows = {
            row["day"]: row
            for row in workspace.sql(
                f"select * from customers_between('{before}', '{story['to']}', 'day') where customer_id = {ours}"
            )
        }
        types = {row["column_name"]: row["column_type"] for row in workspace.sql("from (describe customers)")}
        told = [name for name in types if types[name] in ("VARCHAR", "BOOLEAN") or name in ("orders", "revenue")]
        told = [name for name in told if name not in story["columns_left_out"]]
        names = [row["segment"] for row in workspace.hilo("segment", "list", "--quick", "--json").json()["segments"]]
        names = [name for name in names if name not in story["segments_left_out"]]
        history = {}
        for name in names:
            span = ("--from", before, "--to", story["to"])
            told_of = workspace.hilo("segment", "history", name, "--every", "day", *span, "--who", "--json").json()
            for row in told_of["who"]:
                if row["customer_id"] == ours:
                    history.setdefault((row["day"], row["change"]), []).append(name)
            first = workspace.hilo("segment", "members", name, "--as-of", before, "--limit", "0", "--json").json()
            if story["from"] == story["known_since"]:
                self.assertNotIn(ours, [row["customer_id"] for row in first["members"]])
        known = self.by_day(story)
        nobody = dict.fromkeys(types)
        for earlier, day in zip(asked, asked[1:]):
            then, now = rows.get(earlier, nobody), rows[day]
            expected = {
                name: (then[name], now[name])
                for name in told
                if then[name] != now[name] and not (then[name] is None and now[name] == 0 and name == "orders")
            }
            entry = known.get(day, {"changes": [], "entered": [], "left": [], "events": []})
            self.assertEqual({one["column"]: (one["before"], one["after"]) for one in entry["changes"]}, expected, day)
            self.assertEqual(entry["entered"], sorted(history.get((day, "entered"), [])), day)
            self.assertEqual(entry["left"], sorted(history.get((day, "left"), [])), day)
            count = workspace.value(
                f"select count(*) from events where customer_id = {ours} and time::date = '{day}'")
            self.assertEqual(sum(events["count"] for events in entry["events"]), count, day)
            self.assertEqual(day in known, bool(expected or entry["entered"] or entry["left"] or count), day)
        return story


class Story(TimelineTest):
    def test_what_happened_and_what_changed(self):
        workspace = self.shop()
        story = self.story(workspace, "crm:1")
        self.assertEqual((story["from"], story["to"], story["known_since"]), ("2023-12-20", "2024-04-30", "2023-12-20"))
        self.assertEqual(story["currency"], "EUR")
        self.assertEqual(
            [day["day"] for day in story["days"]],
            ["2023-12-20", "2024-01-10", "2024-01-20", "2024-02-09", "2024-02-10", "2024-03-01", "2024-03-11",
             "2024-03-31"],
        )
        known = self.by_day(story)
        self.assertTrue(known["2023-12-20"]["first_known"])
        self.assertFalse(known["2024-01-10"]["first_known"])
        self.assertEqual(
            known["2024-01-10"]["events"],
            [
                {"type": "message_sent", "channel": "email", "source": "mails", "count": 2, "amount": None},
                {"type": "message_opened", "channel": "email", "source": "mails", "count": 1, "amount": None},
                {"type": "order", "channel": "web", "source": "shop", "count": 2, "amount": 25.5},
            ],
        )
        self.assertEqual(
            {change["column"]: (change["before"], change["after"]) for change in known["2024-01-10"]["changes"]},
            {"orders": (0, 2), "revenue": (None, 25.5), "state": (None, "active"), "busy": (False, True)},
        )

    def test_what_changes_by_time_alone_is_told_on_its_day(self):
        """Two orders on 10 January stand in a window of 30 days until 8 February."""
        known = self.by_day(self.story(self.shop(), "crm:1"))
        self.assertEqual(known["2024-02-09"]["events"], [])
        self.assertEqual(
            [(one["column"], one["before"], one["after"]) for one in known["2024-02-09"]["changes"]],
            [("state", "active", "silent"), ("busy", True, False)],
        )
        self.assertEqual((known["2024-02-09"]["entered"], known["2024-02-09"]["left"]), (["both"], ["busy"]))
        self.assertEqual(known["2024-03-11"], {"day": "2024-03-11", "first_known": False, "events": [], "changes": [],
                                               "entered": [], "left": ["lately"]})

    def test_it_agrees_with_the_flat_tables_of_all_its_days(self):
        more = {"attributes/forms.sql": FORMS, "attributes/windows.sql": WINDOWS}
        workspace = self.shop(more)
        for who, span in (
            ("crm:1", ["--to", "2024-03-15"]),
            ("crm:2", ["--to", "2024-01-25"]),
            ("crm:3", ["--from", "2024-02-20", "--to", "2024-03-05"]),
        ):
            with self.subTest(who):
                story = self.assert_agrees(workspace, who, *span)
                self.assertEqual((story["columns_left_out"], story["segments_left_out"]), ([], []))

    def test_the_template_agrees_too(self):
        template = ROOT / "src/app/template"
        given = {name: text for name, text in files().items() if name not in SEGMENTS and "attributes" not in name}
        for path in (*template.glob("attributes/*.sql"), *template.glob("segments/*.sql")):
            given[str(path.relative_to(template))] = path.read_text()
        workspace = self.workspace(given)
        workspace.write({"attributes/basic.sql": None})
        workspace.run()
        self.assert_agrees(workspace, "crm:1", "--from", "2024-02-25", "--to", "2024-03-05")
        story = self.assert_agrees(workspace, "crm:1", "--from", "2025-02-24", "--to", "2025-03-05")
        self.assertIn("lapsed", [name for day in story["days"] for name in day["entered"]])

    def test_a_span(self):
        workspace = self.shop()
        story = self.story(workspace, "crm:1", "--from", "2024-01-11", "--to", "2024-02-09")
        self.assertEqual([day["day"] for day in story["days"]], ["2024-01-20", "2024-02-09"])
        self.assertEqual(story["events_before"], 5)
        text = workspace.hilo("customer", "crm:1", "--timeline", "--from", "2024-01-11").out
        self.assertIn("5 events before 2024-01-11: --from 2023-12-20 shows all.", text)
        one = self.story(workspace, "crm:1", "--from", "2024-02-09", "--to", "2024-02-09")
        self.assertEqual([day["day"] for day in one["days"]], ["2024-02-09"])
        self.assertEqual(one["days"], story["days"][1:])
        late = self.story(workspace, "crm:1", "--to", "2026-01-01")
        self.assertEqual((late["from"], late["days"]), ("2025-01-01", []))
        text = workspace.hilo("customer", "crm:1", "--timeline", "--to", "2026-01-01").out
        self.assertIn("Nothing happened or changed", text)
        long = self.story(workspace, "crm:1", "--from", "1990-01-01", "--to", "2040-01-01")
        self.assertEqual(long["from"], "2023-12-20")
        self.assertEqual(long["days"][:-1], self.story(workspace, "crm:1")["days"])
        self.assertEqual((long["days"][-1]["day"], long["days"][-1]["left"]), ("2024-05-01", ["both", "recent"]))

    def test_for_people(self):
        workspace = self.shop()
        text = workspace.hilo("customer", "ana@correo.es", "--timeline").out
        for line in (
            "2024-01-10  2 x message_sent, email, from mails",
            "            2 x order, web, from shop: 25.50",
            "            orders: 0 -> 2",
            "            revenue: - -> 25.50",
            "            entered busy, lately, recent",
            "2024-02-09  state: active -> silent",
            "2024-01-20  return, web, from shop: -5.50",
            "            state: silent -> active",
        ):
            self.assertIn("\n" + line, text)
        self.assertIn("first known", text)

    def test_no_contact_data(self):
        workspace = self.shop()
        for args in (["--timeline"], ["--diff", "2024-01-01", "2024-04-30"]):
            for form in ([], ["--json"]):
                text = workspace.hilo("customer", "crm:1", *args, *form).out.lower()
                for word in ("ana@", "correo", "gil"):
                    self.assertNotIn(word, text)

    def test_what_compares_all_customers_is_left_out(self):
        more = {
            "attributes/all.sql": "select revenue > avg(revenue) over () as above_average, ntile(2) over (order by "
                                  "customer_id)::varchar as half from customers\n",
            "segments/rich.sql": "select customer_id from customers where above_average\n",
            "segments/richer.sql": "select customer_id from customers where in_segment('rich') and busy\n",
        }
        workspace = self.shop(more)
        story = self.assert_agrees(workspace, "crm:1", "--from", "2024-02-20", "--to", "2024-03-05")
        self.assertEqual(story["columns_left_out"], ["above_average", "half"])
        self.assertEqual(story["segments_left_out"], ["rich", "richer"])
        text = workspace.hilo("customer", "crm:1", "--timeline").out
        self.assertIn("Left out, as they compare all customers: above_average, half.", text)
        self.assertIn("the segments rich, richer.", text)
        diff = workspace.customer("crm:1", "--diff", "2024-01-05", "2024-04-30")
        self.assertIn("above_average", [one["column"] for one in diff["differences"]])

    def test_a_segment_at_fault_does_not_hide_the_rest(self):
        workspace = self.shop()
        workspace.write({"segments/wrong.sql": "select customer_id from customers where no_such > 1\n"})
        story = self.story(workspace, "crm:1")
        self.assertTrue(story["segments_at_fault"])
        self.assertIn("recent", self.by_day(story)["2024-01-10"]["entered"])
        self.assertIn("`hilo check`", workspace.hilo("customer", "crm:1", "--timeline").out)

    def test_a_column_called_day(self):
        workspace = self.shop({"attributes/day.sql": "select max(channel) as day, max(type) as \"DAY_\" from events\n"})
        changes = self.by_day(self.story(workspace, "crm:3"))["2024-02-29"]["changes"]
        found = [(one["column"], one["after"]) for one in changes if one["column"].lower().startswith("day")]
        self.assertEqual([found[0], (found[1][0].upper(), found[1][1])], [("day", "web"), ("DAY_", "order")])

    def test_questions_that_have_no_answer(self):
        workspace = self.shop()
        for args, code, text in (
            (["--timeline", "--to", "2023-12-19"], 1, "does not exist yet on 2023-12-19"),
            (["--timeline", "--to", "0001-01-01"], 1, "Known since 2023-12-20"),
            (["--timeline", "--from", "2024-02-01", "--to", "2024-01-01"], 2, "lies before the first"),
            (["--timeline", "--from", "yesterday"], 2, "'yesterday' is not a day"),
            (["--timeline", "--as-of", "2024-01-01"], 2, "give one of them"),
            (["--timeline", "--diff", "2024-01-01", "2024-01-02"], 2, "give one of them"),
            (["--from", "2024-01-01"], 2, "--from and --to belong to --timeline"),
            (["--diff", "2024-01-01"], 2, "--diff"),
            (["--diff", "2024-01-01", "2024-02-30"], 2, "is not a day"),
            (["--diff", "2024-02-01", "2024-01-01"], 2, "lies before the earlier"),
            (["--diff", "2023-01-01", "2023-02-01"], 1, "does not exist yet on 2023-02-01"),
        ):
            with self.subTest(args):
                self.assert_fails(workspace.hilo("customer", "crm:1", *args), code, text)
        told = workspace.hilo("customer", "nobody", "--timeline", "--json")
        self.assertEqual((told.code, told.json()["errors"][0]["code"]), (1, "not_found"))

    def test_somebody_erased_has_no_story(self):
        workspace = self.shop()
        done = workspace.hilo("erase", "crm:1", "--yes", "--now", NOW)
        self.assertEqual(done.code, 0, str(done))
        for args in (["--timeline"], ["--diff", "2024-01-01", "2024-04-30"]):
            self.assert_fails(workspace.hilo("customer", "ana@correo.es", *args), 1, "no customer answers to that")
        self.assert_agrees(workspace, "crm:3", "--from", "2024-02-25", "--to", "2024-03-05")

    def test_a_person_of_several_records(self):
        again = {"segments/again.sql": "select customer_id from customers where orders > 1\n"}
        workspace = self.workspace_that_ran(silos.files() | again)
        story = self.assert_agrees(workspace, "crm:1", "--from", "2024-02-20")
        sources = {events["source"] for day in story["days"] for events in day["events"]}
        self.assertEqual(sources, {"shop", "tills", "mails"})


class Diff(TimelineTest):
    def test_then_and_now(self):
        workspace = self.shop()
        diff = workspace.customer("crm:1", "--diff", "2024-01-05", "2024-02-10")
        self.assertEqual((diff["from"], diff["to"], diff["existed"]), ("2024-01-05", "2024-02-10", True))
        found = {one["column"]: (one["kind"], one["then"], one["now"]) for one in diff["differences"]}
        self.assertEqual(
            found,
            {
                "city": ("golden", "Cádiz", "Jaén"),
                "records": ("golden", 1, 3),
                "orders": ("attribute", 0, 2),
                "revenue": ("attribute", None, 25.5),
                "last_order_at": ("attribute", None, "2024-01-10 18:00:00"),
                "days_since_order": ("attribute", None, 31),
                "state": ("attribute", None, "silent"),
            },
        )
        text = workspace.hilo("customer", "crm:1", "--diff", "2024-01-05", "2024-02-10").out
        self.assertRegex(text, r"(?m)^column +2024-01-05 +2024-02-10$")
        self.assertRegex(text, r"(?m)^revenue +- +25\.50$")
        self.assertIn(f"{len(found)} of {diff['columns']} columns differ.", text)

    def test_every_column_of_every_pair_of_days(self):
        workspace = self.shop({"attributes/forms.sql": FORMS})
        ours = workspace.customer_id("crm:1")
        pairs = (("2023-12-25", "2024-01-10"), ("2024-01-10", "2024-04-30"), ("2024-03-01", "2024-03-01"),
                 ("2024-04-30", "2024-06-30"))
        for pair in pairs:
            then, now = (
                workspace.sql(f"select * from customers_on('{day}') where customer_id = {ours}")[0] for day in pair)
            self.assertEqual(
                [(one["column"], one["then"], one["now"])
                 for one in workspace.customer("crm:1", "--diff", *pair)["differences"]],
                [(name, then[name], now[name]) for name in then if then[name] != now[name]],
                pair,
            )

    def test_a_customer_who_did_not_exist_yet(self):
        workspace = self.shop()
        diff = workspace.customer("crm:2", "--diff", "2024-01-01", "2024-02-01")
        self.assertEqual((diff["existed"], diff["known_since"]), (False, "2024-01-15"))
        self.assertTrue(all(one["then"] is None for one in diff["differences"]))
        self.assertIn("customer_since", [one["column"] for one in diff["differences"]])
        text = workspace.hilo("customer", "crm:2", "--diff", "2024-01-01", "2024-02-01").out
        self.assertIn("did not exist yet on 2024-01-01: known since 2024-01-15.", text)

    def test_names_in_quotes(self):
        workspace = self.shop({"attributes/forms.sql": FORMS})
        done = workspace.hilo("customer", "crm:1", "--diff", "2024-01-01", "2024-01-10", "--json")
        names = [one["column"] for one in json.loads(done.out)["differences"]]
        self.assertIn("kind, \"$day\" 'it''s'", names)
