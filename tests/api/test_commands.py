"""Goal: every command does what its table says, for people and for programs. Method: one retailer, seven silos."""

import json
import unittest

import silos
from workspace import NOW, HiloTest, gzipped

COMMANDS = ["init", "check", "run", "rebuild", "verify", "timeline", "customer", "snapshot", "rejects", "sql"]
BAD_CRM = silos.CRM_CSV.replace("600 111 222", "6123456").replace("1975-12-01", "1975-02-31")


class Help(HiloTest):
    def test_every_command_has_help_with_an_example(self):
        for command in COMMANDS:
            with self.subTest(command):
                done = self.workspace().hilo(command, "--help")
                self.assertEqual(done.code, 0)
                self.assertIn("Example", done.out)
                self.assertIn(f"hilo {command}", done.out.split("Example", 1)[1], "the example shows the command")

    def test_the_program_names_its_commands_and_its_version(self):
        workspace = self.workspace()
        help_text = workspace.hilo("--help").out
        for command in COMMANDS:
            self.assertIn(command, help_text)
        self.assertRegex(workspace.hilo("--version").out, r"hilo \d+\.\d+.*DuckDB")

    def test_usage_errors_are_2(self):
        workspace = self.workspace()
        for args in (
            [],
            ["fly"],
            ["help", "fly"],
            ["run", "--fast"],
            ["customer"],
            ["init"],
            ["sql"],
            ["run", "--now", "yesterday"],
        ):
            with self.subTest(args):
                self.assertEqual(workspace.hilo(*args).code, 2)

    def test_usage_errors_of_a_question_are_2(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        for args in (
            ["customer", "1", "--as-of", "someday"],
            ["snapshot", "--as-of", "2024-02-31"],
            ["snapshot", "--format", "xml"],
            ["snapshot", "--format", "parquet"],
            ["snapshot", "--from", "2024-01-01"],
            ["snapshot", "--from", "2024-02-01", "--to", "2024-01-01"],
            ["snapshot", "--as-of", "2024-01-01", "--from", "2024-01-01", "--to", "2024-02-01"],
            ["snapshot", "--from", "2024-01-01", "--to", "2024-02-01", "--every", "fortnight"],
            ["rejects", "--limit", "-1"],
        ):
            with self.subTest(args):
                self.assertEqual(workspace.hilo(*args).code, 2)

    def test_outside_a_workspace_and_before_a_run(self):
        done = self.workspace().hilo("run", cwd=self.folder)
        self.assert_fails(done, 1, "is not a Hilo workspace", "hilo init")
        fresh = self.workspace()
        for command in (["customer", "1"], ["snapshot"], ["rejects"], ["sql", "select 1"]):
            self.assert_fails(fresh.hilo(*command), 1, "nothing has been published", "hilo run")
        self.assert_fails(fresh.hilo("rebuild"), 1, "no log")

    def test_a_workspace_is_found_from_below_and_by_option(self):
        workspace = self.workspace(silos.files())
        self.assertEqual(workspace.hilo("check", cwd=workspace.root / "sources").code, 0)
        self.assertEqual(workspace.hilo("check", "-C", str(workspace.root), cwd=self.folder).code, 0)


class Init(HiloTest):
    def test_the_new_workspace_is_commented_and_nothing_is_wrong_with_it(self):
        workspace = self.workspace()
        done = workspace.hilo("init", "new shop", cwd=self.folder)
        self.assertEqual(done.code, 0, str(done))
        for name in ("hilo.yaml", "sources", "attributes/retail.sql", "segments"):
            self.assertTrue((self.folder / "new shop" / name).exists(), name)
            self.assertIn(name.split("/")[0], done.out)
        self.assertIn("#", (self.folder / "new shop/hilo.yaml").read_text())
        checked = workspace.hilo("check", "-C", str(self.folder / "new shop"), cwd=self.folder)
        self.assertEqual(checked.code, 0, str(checked))

    def test_the_retail_attributes_run_on_data(self):
        workspace = self.workspace()
        workspace.hilo("init", "new", cwd=self.folder)
        attributes = {
            f"attributes/{name}": (self.folder / "new/attributes" / name).read_text()
            for name in ("retail.sql", "responses.sql")
        }
        workspace.write(silos.files() | {"attributes/basic.sql": None} | attributes)
        workspace.run()
        ana = workspace.customer("crm:1")["attributes"]
        self.assertGreaterEqual(len(ana), 40)
        self.assertEqual(ana["orders"], 2)
        self.assertEqual(float(ana["revenue"]), 48.40)
        self.assertEqual(ana["buyer_type"], "hybrid")
        self.assertEqual(ana["online_share_365d"], 0.5)
        self.assertEqual(ana["first_channel"], "web")
        self.assertEqual(ana["emails_sent_365d"], 1)
        self.assertEqual(ana["emails_opened_365d"], 1)
        self.assertEqual(ana["orders_after_email_365d"], 2)
        self.assertEqual(ana["days_since_order"], 4)
        self.assertEqual(ana["first_campaign"], "SPRING")
        self.assertEqual(ana["favourite_category"], "drinks")
        self.assertEqual(float(ana["margin_365d"]), 9.0 - 2.4 + 9.9 - 3.0 + 4.5 - 1.2 + 25.0 - 8.0)
        inigo = workspace.customer("crm:2")["attributes"]
        self.assertEqual(inigo["returns"], 1)
        self.assertEqual(float(inigo["returned_value"]), 9.9)
        self.assertEqual(inigo["return_rate"], 0.5)

    def test_init_touches_no_workspace_that_is_there(self):
        workspace = self.workspace(silos.files())
        before = (workspace.root / "hilo.yaml").read_bytes()
        done = workspace.hilo("init", str(workspace.root))
        self.assertEqual(done.code, 1, str(done))
        self.assertEqual((workspace.root / "hilo.yaml").read_bytes(), before)


class Check(HiloTest):
    def test_check_counts_and_touches_nothing(self):
        workspace = self.workspace(silos.files())
        before = sorted(workspace.root.rglob("*"))
        done = workspace.hilo("check")
        self.assertEqual(done.code, 0, str(done))
        self.assertIn("7 sources, 3 attributes, 0 segments", done.out)
        self.assertEqual(
            workspace.hilo("check", "--json").json(),
            {"errors": [], "warnings": [], "sources": 7, "attributes": 3, "segments": 0},
        )
        self.assertEqual(sorted(workspace.root.rglob("*")), before)


class Run(HiloTest):
    def test_the_report_of_a_run(self):
        workspace = self.workspace(silos.files())
        report = workspace.run()
        self.assertFalse(report["up_to_date"])
        counts = {
            name: report[name]
            for name in (
                "run",
                "day",
                "customers",
                "records",
                "visitors",
                "events",
                "items",
                "anonymous_events",
                "shared_identifiers",
                "rejects",
            )
        }
        self.assertEqual(
            counts,
            {
                "run": 1,
                "day": "2024-03-09",
                "customers": 4,
                "records": 11,
                "visitors": 0,
                "events": 10,
                "items": 9,
                "anonymous_events": 2,
                "shared_identifiers": 0,
                "rejects": 0,
            },
        )
        sources = {source["name"]: source for source in report["sources"]}
        self.assertEqual(sorted(sources), ["crm", "loyalty", "mails", "products", "rates", "shop", "tills"])
        self.assertEqual(
            {name: source["rows"] for name, source in sources.items()},
            {"crm": 3, "loyalty": 2, "mails": 3, "products": 3, "rates": 2, "shop": 3, "tills": 6},
        )
        passes = [each["name"] for each in report["passes"]]
        for name in ("check", "ingest", "log", "standardise", "identity", "timeline", "attributes", "publish"):
            self.assertIn(name, passes)

    def test_in_a_pipe_the_output_is_plain(self):
        workspace = self.workspace(silos.files())
        for args in (
            ["run", "--now", NOW],
            ["run"],
            ["rebuild"],
            ["check"],
            ["customer", "crm:1"],
            ["rejects"],
            ["sql", "from customers"],
            ["snapshot"],
            ["nonsense"],
            ["customer", "nobody@nowhere.es"],
        ):
            with self.subTest(args):
                done = workspace.hilo(*args)
                self.assertNotIn("\x1b", done.out + done.err)
                self.assertNotIn("\r\x1b", done.out + done.err)
                if args[0] != "sql":
                    self.assertNotIn("\r", done.out + done.err)

    def test_json_is_one_object_whatever_happens(self):
        workspace = self.workspace(silos.files() | {"sources/broken.sql": "selec 1"})
        failed = workspace.hilo("run", "--json")
        self.assertEqual(failed.code, 1)
        error = failed.json()["errors"][0]
        self.assertEqual(
            (error["code"], error["file"], error["line"]), ("invalid_definition", "sources/broken.sql", 1)
        )

    def test_a_terminal_gets_a_bar_and_colour(self):
        workspace = self.workspace(silos.files())
        shown = workspace.on_terminal("run", "--now", NOW)
        self.assertIn("\x1b[", shown)
        self.assertIn("Published", shown)

    def test_now_is_the_delivery_s_instant(self):
        workspace = self.workspace(silos.files())
        workspace.run("2024-07-01T06:00:00Z")
        self.assertEqual(
            workspace.value("select distinct delivered_at::varchar as v from deliveries"), "2024-07-01 06:00:00"
        )
        workspace.write({"data/mails/2024-03.csv": silos.MAILS_CSV.replace("\nm", "\nx")})
        workspace.run("2024-07-02T04:00:00Z")
        self.assertEqual(
            workspace.value("select max(delivered_at)::varchar as v from deliveries"), "2024-07-02 04:00:00"
        )


class Customer(HiloTest):
    def test_who_is_found_by_any_of_their_names(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        ana = workspace.customer_id("crm:1")
        for who in (
            str(ana),
            f"customer:{ana}",
            "ana.garcia@correo.es",
            " ANA.GARCIA@Correo.ES",
            "+34600111222",
            "600 111 222",
            "0034 600 111 222",
            "L-100",
            "loyalty:L-100",
            "shop:A7",
            "A7",
            "email:ana.garcia@correo.es",
            "phone:600111222",
        ):
            with self.subTest(who):
                self.assertEqual(workspace.customer_id(who), ana)
        nobody = workspace.hilo("customer", "nobody@nowhere.es")
        self.assert_fails(nobody, 1, "no customer answers to that")
        self.assertEqual(
            json.loads(workspace.hilo("customer", "x:1", "--json").out)["errors"][0]["code"], "not_found"
        )

    def test_the_customer_in_json(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        ana = workspace.customer("crm:1")
        self.assertEqual((ana["day"], ana["currency"]), ("2024-03-09", "EUR"))
        self.assertEqual(ana["contact"]["email"], "ana.garcia@correo.es")
        self.assertEqual(ana["contact"]["phone"], "+34600111222")
        self.assertEqual(ana["contact"]["birth_date"], "1980-05-17")
        self.assertEqual(ana["golden"]["city"], "Córdoba")
        self.assertIs(ana["golden"]["consent_email"], True)
        self.assertEqual(ana["attributes"], {"orders": 2, "revenue": 48.4, "last_order_at": "2024-03-05 17:00:00"})
        self.assertEqual(ana["events"], 4)
        self.assertEqual(
            [event["type"] for event in ana["latest_events"]], ["order", "order", "message_opened", "message_sent"]
        )
        sources = {(row["source"], row["source_id"]) for row in ana["identifiers"]}
        self.assertTrue({("crm", "1"), ("shop", "A7"), ("loyalty", "L-100")} <= sources)

    def test_the_customer_on_one_screen(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        shown = workspace.hilo("customer", "L-101").out
        for text in ("Iñigo", "Peña", "+34611222333", "Logroño", "Identifiers", "Attributes", "R-2", "EUR"):
            self.assertIn(text, shown)
        self.assertLessEqual(len(shown.splitlines()), 60)

    def test_as_of_a_past_day(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        then = workspace.customer("crm:1", "--as-of", "2024-03-01")
        self.assertEqual((then["day"], then["events"], then["attributes"]["orders"]), ("2024-03-01", 3, 1))
        self.assertEqual(float(then["attributes"]["revenue"]), 18.9)
        early = workspace.hilo("customer", "crm:1", "--as-of", "2020-01-01")
        self.assert_fails(early, 1, "does not exist yet", "2023-01-10")

    def test_an_ambiguous_question_names_the_choices(self):
        workspace = self.workspace(
            silos.files() | {
                "sources/club.sql": (
                    "-- source: club   kind: loyalty\nselect no as source_id, mail as email from "
                    "read_csv('data/club.csv', types = {'no': 'VARCHAR'})\n"
                ),
                "data/club.csv": "no,mail\nA7,lucia@buzon.es\n",
            }
        )
        workspace.run()
        done = workspace.hilo("customer", "A7")
        self.assert_fails(done, 1, "2 customers answer to that", "club:A7", "shop:A7")
        self.assertEqual(workspace.customer_id("club:A7"), workspace.customer_id("crm:3"))


class Rejects(HiloTest):
    def test_contact_data_is_masked_until_asked_for(self):
        workspace = self.workspace(silos.files() | {"data/crm/2024-06.csv": BAD_CRM.encode("windows-1252")})
        report = workspace.run()
        self.assertEqual(report["rejects"], 2)
        rejects = workspace.rejects()
        phone = self.assert_reject(
            rejects, column="phone", source="crm", file="data/crm/2024-06.csv", place=2, place_is="line"
        )
        birth = self.assert_reject(rejects, column="birth_date", source="crm", place=3)
        self.assertNotIn("3456", phone["value"])
        self.assertNotIn("02-31", birth["value"])
        shown = workspace.rejects("--reveal")
        self.assert_reject(shown, column="phone", value="6123456")
        self.assert_reject(shown, column="birth_date", value="1975-02-31")
        plain = workspace.hilo("rejects")
        self.assertNotIn("1975-02-31", plain.out)
        self.assertIn("--reveal", plain.out)
        self.assertIn("1975-02-31", workspace.hilo("rejects", "--reveal").out)
        self.assertEqual(workspace.customer_id("crm:2"), workspace.customer_id("L-101"), "the row itself was taken")

    def test_the_list_for_people_has_a_limit(self):
        lines = "".join(f"{n};Ana;Gil;;61234{n};;;;;;\n" for n in range(11, 91))
        workspace = self.workspace(silos.files() | {"data/crm/2024-06.csv": (silos.CRM_CSV + lines).encode("cp1252")})
        self.assertEqual(workspace.run()["rejects"], 80)
        self.assertEqual(len(workspace.rejects()), 80)
        few, all_of_them = workspace.hilo("rejects").out, workspace.hilo("rejects", "--limit", "0").out
        self.assertIn("80", few)
        self.assertLess(few.count("2024-06.csv"), 80)
        self.assertEqual(all_of_them.count("2024-06.csv"), 80)

    def test_no_rejects(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        self.assertEqual(workspace.hilo("rejects", "--json").json(), {"count": 0, "rejects": []})


class Silos(HiloTest):
    def test_every_format_and_encoding_is_read(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        self.assertEqual(
            workspace.rows("select city from contact.versions where source = 'crm' order by record_id"),
            [("Córdoba",), ("Logroño",), ("Cádiz",)],
        )
        self.assertEqual(
            workspace.value("select full_name from contact.versions where source_id = 'L-101'"), "Iñigo Peña"
        )
        self.assertEqual(
            workspace.rows(
                "select order_id, amount, original_amount, original_currency, rate_on "
                "from events where order_id like 'W-%' order by order_id"
            ),
            [("W-1", 18.9, 18.9, "EUR", None), ("W-2", 4.6, 5.0, "USD", "2024-03-02")],
        )
        self.assertEqual(
            workspace.rows("select sku, category, brand, unit_cost from items where order_id = 'R-1' order by line"),
            [("TEA", "drinks", "Casa", 1.2), ("POT", "tableware", "Casa", 8.0)],
        )

    def test_a_product_source_with_typed_columns_only(self):
        workspace = self.workspace(
            {
                "sources/products.sql": (
                    "-- source: products   kind: product\n"
                    "select sku, category, unit_cost from read_csv('data/products.csv')\n"
                ),
                "data/products.csv": "sku,category,unit_cost\nTEA,drinks,1.20\n,drinks,3.00\n",
            }
        )
        self.assertEqual(workspace.run()["rejects"], 1)
        self.assert_reject(workspace.rejects(), column="sku", place=3, reason="key")
        self.assertEqual(workspace.rows("select sku, unit_cost from products"), [("TEA", 1.2)])

    def test_fields_inside_json(self):
        workspace = self.workspace(
            {
                "sources/app.sql": (
                    "-- source: app   kind: app\nselect who->>'$.mail' as email, at_time as time, 'Product Viewed' "
                    "as type, 'app' as channel, sku from read_json('data/app.jsonl.gz')\n"
                ),
                "data/app.jsonl.gz": gzipped(
                    '{"who": {"mail": "ana@correo.es"}, "at_time": "2024-05-01T10:00:00", "sku": "TEA"}\n'
                ),
            }
        )
        workspace.run()
        self.assertEqual(
            workspace.rows("select type, channel, sku, customer_id is not null as known from events"),
            [("product_view", "app", "TEA", True)],
        )


if __name__ == "__main__":
    unittest.main()
