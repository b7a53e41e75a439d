"""Goal: a past day's table is what the stored query gives, whatever part of it is asked for and however often.

Method: definitions of every kind beside each other (folded whole, folded in part, left to the engine, over all
customers; names in capitals), and the rows of customers_on and customers_between compared with the query in `programs`,
which the engine answers alone.
"""

import silos
from workspace import HiloTest

DAYS = ("2023-12-01", "2024-01-31", "2024-02-29", "2024-03-09", "2024-03-20")

DEFINITIONS = {
    "attributes/basic.sql": "select quantile_cont(amount, 0.5) as median_amount from events",
    "attributes/b_part.sql": "select count(*) filter (where type = 'order') as Orders, sum(amount) as value,\n"
    "  (select quantile_cont(quantity, 0.9) from items) as many,\n"
    "  (select count(*) from items) as lines, lines / nullif(Orders, 0) as lines_per_order from events",
    "attributes/c_whole.sql": "select max(time) as Last_Seen, count(*) filter (where\n"
    "  time >= $as_of - interval 40 day) as recent, date_diff('day', Last_Seen::date, $day) as silent_days from events",
    "attributes/d_population.sql": "select ntile(2) over (order by value nulls last, customer_id) as half\n"
    "  from customers",
    "segments/busy.sql": "-- title: Busy\nselect customer_id from customers where orders > 0 and half = 1",
}


class PastDays(HiloTest):
    def shop(self):
        workspace = self.workspace(silos.files() | DEFINITIONS)
        workspace.run()
        return workspace

    def by_engine(self, workspace, day, columns="*"):
        query = workspace.value("select sql from programs where name = 'customers'")
        query = query.replace("$as_of", f"(date '{day}' + 1)").replace("$day", f"date '{day}'")
        return workspace.rows(f"select {columns} from ({query}) order by customer_id")

    def test_all_columns_stand_in_the_order_of_their_definitions(self):
        workspace = self.shop()
        names = [column["column_name"] for column in workspace.sql("describe customers")]
        self.assertEqual(
            names[-10:],
            "Orders value many lines lines_per_order median_amount Last_Seen recent silent_days half".split(),
        )
        for day in DAYS:
            self.assertEqual(
                workspace.rows(f"from customers_on('{day}') order by customer_id"), self.by_engine(workspace, day), day
            )

    def test_a_part_is_a_part_of_the_whole(self):
        workspace = self.shop()
        for columns in ("customer_id, silent_days", "orders, customer_id", "half, city", "lines_per_order", "many"):
            for day in DAYS:
                query = f"select {columns} from customers_on('{day}') order by customer_id"
                self.assertEqual(workspace.rows(query), self.by_engine(workspace, day, columns), (columns, day))
        for day in DAYS:
            count = int(workspace.value(f"select count(*) from customers_on('{day}')"))
            self.assertEqual(count, len(self.by_engine(workspace, day)), day)

    def test_days_in_one_question(self):
        workspace = self.shop()
        columns = "customer_id, recent"
        whole = [row for day in DAYS for row in self.by_engine(workspace, day, f"date '{day}' as day, {columns}")]
        parts = [f"select date '{day}' as day, {columns} from customers_on('{day}')" for day in DAYS]
        self.assertEqual(workspace.rows(f"from ({' union all '.join(parts)}) order by day, customer_id"), whole)
        figures = "count(*), sum(recent)"
        series = workspace.rows(
            f"select day::varchar, {figures} from customers_between('2024-02-01', '2024-03-20', 'day') group by day "
            "order by day"
        )
        self.assertEqual(len(series), 49)
        for day, *told in series[::7]:
            self.assertEqual(workspace.rows(f"select {figures} from customers_on('{day}')"), [tuple(told)], day)

    def test_a_rule_in_small_letters_reads_a_column_in_capitals(self):
        workspace = self.shop()
        for day in DAYS:
            members = workspace.hilo("segment", "members", "busy", "--as-of", day, "--json")
            self.assertEqual(members.code, 0, str(members))
            told = [row["customer_id"] for row in members.json()["members"]]
            wanted = self.by_engine(workspace, day, "case when orders > 0 and half = 1 then customer_id end as id")
            self.assertEqual([str(one) for one in told], [str(row[0]) for row in wanted if row[0] is not None], day)

    def test_a_column_called_value_is_no_obstacle(self):
        workspace = self.shop()
        self.assertEqual(workspace.hilo("attribute", "profile", "city", "--json").code, 0)
        self.assertEqual(workspace.hilo("attribute", "profile", "Orders", "--months", "2", "--json").code, 0)

    def test_what_is_a_day_and_what_is_none(self):
        workspace = self.shop()
        wanted = workspace.value("select count(*) from customers_on('2024-01-31')")
        for day in ("date '2024-01-31'", "date '2024-01-28' + interval 3 day", "timestamp '2024-01-31 00:00:00'"):
            self.assertEqual(workspace.value(f"select count(*) from customers_on({day})"), wanted, day)
        for day, told in (
            ("null", "is NULL"),
            ("timestamp '2024-01-31 12:00:00'", "is a moment, not a day"),
            ("date 'infinity'", "is not a day"),
            ("date '-infinity'", "is not a day"),
            ("timestamp '-infinity'", "is a moment, not a day"),
        ):
            self.assert_fails(workspace.hilo("sql", f"from customers_on({day})"), 1, "the day " + told)
            series = f"from customers_between({day}, date '2024-01-31', 'month')"
            self.assert_fails(workspace.hilo("sql", series), 1, "the first day " + told)
