"""Goal: `hilo sql` answers SELECTs and can do nothing else. Method: each way out that the engine knows is tried."""

import os
import unittest

import silos
from workspace import HiloTest


class Answers(HiloTest):
    def test_all_tables_that_the_help_names_can_be_asked(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        for table in (
            "customers",
            "events",
            "items",
            "versions",
            "records",
            "identity",
            "links",
            "shared_identifiers",
            "redirects",
            "rejects",
            "deliveries",
            "sources",
            "products",
            "stores",
            "campaigns",
            "contact_costs",
            "fx_rates",
            "contact.customers",
            "contact.versions",
            "contact.identifiers",
        ):
            with self.subTest(table):
                workspace.sql(f"select * from {table}")

    def test_the_key_is_null_on_anonymous_events_and_items(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        self.assertEqual(
            workspace.rows("select order_id from events where customer_id is null order by all"), [("R-3",), ("R-4",)]
        )
        self.assertEqual(workspace.value("select count(*) from items where customer_id is null"), 2)

    def test_customers_on_and_customers_between(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        for day in ("'2024-03-01'", "date '2024-03-01'"):
            self.assertEqual(workspace.rows(f"select sum(orders)::int, count(*) from customers_on({day})"), [(1, 3)])
        self.assertEqual(
            workspace.rows(
                "select day::varchar, sum(orders)::int from customers_between('2024-03-01', '2024-03-06', "
                "'day') group by day order by day"
            ),
            [
                ("2024-03-01", 1),
                ("2024-03-02", 2),
                ("2024-03-03", 2),
                ("2024-03-04", 2),
                ("2024-03-05", 3),
                ("2024-03-06", 4),
            ],
        )
        self.assertEqual(workspace.sql("from customers_on('2024-03-09')"), workspace.sql("from customers"))
        for day in ("'2024-02-31'", "'soon'", "null"):
            self.assertEqual(workspace.hilo("sql", f"from customers_on({day})").code, 1, day)
        self.assertNotEqual(
            workspace.hilo("sql", "from customers_between('2024-01-01', '2024-02-01', 'fortnight')").code, 0
        )
        self.assertEqual(
            workspace.hilo("sql", "from customers_between('0001-01-01', '9999-01-01', 'day')").code in (1, 2), True
        )

    def test_the_three_forms_of_an_answer(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        query = "select 1 as n, 'a,\"b\"' as t, null::int as nothing, true as yes, 1.50::decimal(9,2) as money"
        self.assertEqual(workspace.sql(query), [{"n": 1, "t": 'a,"b"', "nothing": None, "yes": True, "money": 1.5}])
        self.assertEqual(workspace.hilo("sql", "--csv", query).out, 'n,t,nothing,yes,money\n1,"a,""b""",,true,1.50\n')
        self.assertIn('a,"b"', workspace.hilo("sql", query).out)
        self.assertEqual(workspace.sql("select 1 as n where false"), [])
        self.assertEqual(
            workspace.sql("select 'infinity'::double as x, 'nan'::double as y")[0]["x"] is not None, True
        )
        self.assertEqual(workspace.sql("select 1 as n -- a comment"), [{"n": 1}])
        self.assertEqual(workspace.sql("with x as (select 2 as n) select n from x;"), [{"n": 2}])

    def test_a_question_that_cannot_be_answered_is_the_user_s_fault(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        for query, text in (
            ("select nme from customers", "nme"),
            ("select * from custmers", "custmers"),
            ("selec 1", "syntax error"),
            ("", ""),
            ("select 1/'a'", ""),
            ("select 'x'::int", "x"),
        ):
            with self.subTest(query):
                self.assert_fails(workspace.hilo("sql", query), 1, text)


class Contact(HiloTest):
    """Contact data are seen by who asks with --reveal, and by no way without it."""

    SECRETS = "garcia|Garcia|García|GARCIA|correo|Calle|Lucía|600111222|1980-05-17"

    def test_no_way_leads_to_contact_data_without_reveal(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        name = next((workspace.root / "store").glob("*.duckdb")).stem
        plan = "$$from contact.customers$$"
        for query in (
            "select * from contact.customers",
            "from contact.versions",
            "from contact.identifiers",
            "table contact.customers",
            'select c.email from "contact"."customers" as c',
            "select email from CONTACT.Customers",
            'from "CoNtAcT".customers',
            f'from "{name}".contact.customers',
            "from customers join contact.customers k using (customer_id)",
            "from customers, lateral (select email from contact.customers)",
            "select (select max(email) from contact.customers)",
            "select 1 where exists (from contact.customers)",
            "select 1 where 'x' in (select email from contact.customers)",
            "with x as (select * from contact.customers) select * from x",
            "with contact as (select 1) select * from contact.customers",
            "with x as materialized (with y as (from contact.customers) from y) from x",
            "with recursive x as (select email from contact.customers union select email from x) from x",
            "select 1::varchar union all select email from contact.customers",
            "select * from (values (1)) order by (select max(email) from contact.customers)",
            "select list(x) over (order by (select max(email) from contact.customers)) from range(3) t(x)",
            "select list_transform([1], lambda x: (select max(email) from contact.customers))",
            "select * from range((select count(*) from contact.customers))",
            "pivot contact.customers on email in ('x') using count(*)",
            "from (unpivot contact.customers on email)",
            "from contact.customers using sample 3",
            "describe contact.customers",
            "show contact.customers",
            "summarize contact.customers",
            "select * from (summarize contact.customers)",
            "summarize select email from contact.customers",
            "explain select email from contact.customers",
            "explain analyze select email from contact.customers",
            "/* x */ explain /* y */ analyze select email from contact.customers",
            "explain (format json) select email from contact.customers",
            "from query('from contact.customers')",
            "from query('from query(''from contact.customers'')')",
            "from \"query\"('from ' || 'con' || 'tact.customers')",
            "from QUERY_TABLE('contact.customers')",
            "from query_table(['contact.customers'])",
            "from system.main.query_table('contact.customers')",
            "from histogram('contact.customers', 'email')",
            "from histogram_values('contact.customers', email)",
            "from pragma_storage_info('contact.customers')",
            f"from json_execute_serialized_sql(json_serialize_sql({plan}))",
            f"select json_serialize_plan({plan}, optimize := true)",
        ):
            for form in ([], ["--json"], ["--csv"]):
                with self.subTest(query, form=form):
                    done = workspace.hilo("sql", *form, query)
                    self.assertIn(done.code, (1, 2), str(done))
                    self.assertNotRegex(done.out + done.err, self.SECRETS)
        for query in ("from contact.customers", "from query('from contact.customers')", "summarize contact.versions"):
            self.assert_fails(workspace.hilo("sql", query), 2, "contact data", "--reveal")
            revealed = workspace.hilo("sql", "--reveal", query)
            self.assertEqual(revealed.code, 0, str(revealed))
            self.assertRegex(revealed.out, self.SECRETS)
        self.assert_fails(workspace.hilo("sql", "pragma storage_info('contact.customers')"), 2, "--reveal")

    def test_all_else_is_answered_without_reveal(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        for query in (
            "from versions",
            "from links",
            "from shared_identifiers",
            "from customers_on('2024-03-01')",
            "from customers_between('2024-03-01', '2024-03-06', 'day')",
            "with contact as (select 1 as email) select contact.email from contact",
            'with "contact.customers" as (select 1) from "contact.customers"',
            "select 'contact.customers'",
            "select schema_name, table_name from duckdb_tables() where schema_name = 'contact'",
            "select * from information_schema.tables",
            "show all tables",
            "describe customers",
            "summarize main.customers",
            "explain select * from customers",
            "explain analyze select * from versions",
            "from range(3)",
            "select unnest([1, 2])",
            "select 1 -- contact.customers",
            "select 1;",
        ):
            with self.subTest(query):
                done = workspace.hilo("sql", query)
                self.assertEqual(done.code, 0, str(done))


class WaysOut(HiloTest):
    def test_nothing_gets_out_and_nothing_is_changed(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        secret = workspace.root / "secret.csv"
        secret.write_text("word\nsesame\n")
        out = self.folder / "out"
        store = next((workspace.root / "store").glob("*.duckdb"))
        copy = self.folder / "copy.duckdb"
        copy.write_bytes(store.read_bytes())
        before = workspace.state()
        attempts = [
            "insert into customers select * from customers",
            "update events set amount = 0",
            "delete from events",
            "create table t as select 1",
            "create temp table t as select 1",
            "create view v as select 1",
            "create macro m() as 1",
            "create or replace table customers as select 1",
            "drop table customers",
            "alter table customers add column x int",
            "truncate events",
            "vacuum",
            "checkpoint",
            "analyze",
            f"attach '{copy}'",
            f"attach '{copy}' as other (read_only)",
            "detach memory",
            "use memory",
            f"copy customers to '{out}.csv'",
            f"copy (select 1) to '{out}.parquet' (format parquet)",
            f"copy customers from '{secret}'",
            f"export database '{out}'",
            f"import database '{out}'",
            f"select * from read_csv('{secret}')",
            f"select * from read_csv_auto('{secret}')",
            f"select * from read_text('{secret}')",
            f"select * from read_blob('{secret}')",
            f"from '{secret}'",
            f"select * from read_json('{secret}')",
            f"select * from read_parquet('{out}')",
            f"select * from sniff_csv('{secret}')",
            f"select * from glob('{workspace.root}/*')",
            "select * from read_text('/etc/passwd')",
            "select * from parquet_metadata('/tmp/x')",
            "select * from read_csv('https://example.com/x.csv')",
            "select getenv('HOME')",
            "set enable_external_access = true",
            "set threads = 1",
            "set memory_limit = '1GB'",
            "reset lock_configuration",
            "set lock_configuration = false",
            "pragma enable_profiling",
            "pragma threads = 1",
            "set global temp_directory = '/tmp'",
            "install httpfs",
            "load httpfs",
            "load json",
            "force install json",
            "begin",
            "call pragma_version()",
            "prepare p as select 1",
            "execute p",
            "select 1; drop table customers",
            "select 1; select 2",
            "set variable x = 1",
            f"select * from query('copy customers to ''{out}.csv''')",
            f"select * from query('select * from read_text(''{secret}'')')",
            f"select * from query_table('{secret}')",
            f"explain analyze copy customers to '{out}.csv'",
            f"explain analyze select * from read_text('{secret}')",
            f"select 1) to '{out}.csv' --",
            f"select * from (select 1)); copy customers to '{out}.csv'; --",
            f"with x as (select * from read_text('{secret}')) select * from x",
            "create secret s (type s3)",
            "comment on table customers is 'x'",
            "drop function customers_on",
            "create type t as enum ('a')",
            "create sequence s",
            "select nextval('s')",
        ]
        for attempt in attempts:
            with self.subTest(attempt):
                self.assertIn(workspace.hilo("sql", attempt).code, (1, 2))
                done = workspace.hilo("sql", "--reveal", attempt)
                self.assertEqual(done.code, 1, str(done))
                self.assertNotIn("sesame", done.out + done.err)
        self.assertEqual(workspace.state(), before)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["copy.duckdb", workspace.root.name])

    def test_json_and_csv_are_as_closed(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        before = workspace.state()
        for form in ("--json", "--csv"):
            for attempt in (
                "drop table customers",
                "select * from read_text('hilo.yaml')",
                "copy customers to 'x.csv'",
                "select 1; drop table customers",
            ):
                with self.subTest((form, attempt)):
                    done = workspace.hilo("sql", form, attempt)
                    self.assertEqual(done.code, 1, str(done))
                    self.assertNotIn("Test shop", done.out)
        self.assertEqual(workspace.state(), before)
        self.assertFalse((workspace.root / "x.csv").exists())

    def test_the_engines_own_words_are_told_and_values_are_not(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        done = workspace.hilo("sql", "select length(repeat('a', 10000000000))")
        self.assert_fails(done, 1, "Cannot create a string of size: '10000000000', the maximum supported string size")
        self.assertNotIn("***", done.err)
        done = workspace.hilo("sql", "--reveal", "select email::int from contact.versions where email is not null")
        self.assert_fails(done, 1, "Could not convert string ***")
        self.assertNotIn("correo", done.err)

    def test_readers_write_nothing_into_the_workspace(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        before = sorted(workspace.root.rglob("*"))
        workspace.sql("select * from events order by time desc")
        workspace.customer("crm:1")
        workspace.hilo("snapshot")
        workspace.rejects()
        self.assertEqual(sorted(workspace.root.rglob("*")), before)

    @unittest.skipIf(os.geteuid() == 0, "the superuser may write anywhere")
    def test_a_store_that_may_only_be_read_is_enough(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        store = workspace.root / "store"
        self.addCleanup(store.chmod, 0o755)
        store.chmod(0o555)
        self.assertEqual(workspace.value("select count(*) from customers"), 4)


if __name__ == "__main__":
    unittest.main()
