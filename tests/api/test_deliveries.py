"""Goal: one fact counts once, and the word that counts is the right one. Method: silos deliver, repeat and correct."""

import unittest

import silos
from workspace import HiloTest

LATER = ["2024-07-02T06:00:00Z", "2024-07-03T06:00:00Z", "2024-07-04T06:00:00Z"]


def orders(mode, name="shop", header="", glob=None):
    return (
        f"-- source: {name}   kind: shop   delivery: {mode}   {header}\n"
        "select who as source_id, no as order_id, line as line_no, sold as time, kind as type, sku, amount "
        f"from read_csv('{glob or f'data/{name}*.csv'}', types = {{'who': 'VARCHAR'}})\n"
    )


def lines(*rows):
    return "who,no,line,sold,kind,sku,amount\n" + "".join(
        f"{who},{no},{line},2024-03-0{day} 10:00:00,{kind},{sku},{amount}\n"
        for who, no, line, day, kind, sku, amount in rows
    )


VISITS = (
    "-- source: visits   kind: visits\nselect card as loyalty_id, seen as time, 'store_visit' as type, shop as "
    "store_id from read_csv('data/visits*.csv')\n"
)
VISITS_CSV = "card,seen,shop\nL-1,2024-03-01 10:00:00,S1\nL-1,2024-03-01 10:00:00,S1\nL-2,2024-03-02 10:00:00,S1\n"


class Repeats(HiloTest):
    def test_a_file_delivered_again_under_another_name(self):
        first = lines(("1", "O-1", 1, 1, "order", "TEA", 10), ("1", "O-1", 2, 1, "order", "TEA", 10))
        workspace = self.workspace(
            {
                "sources/shop.sql": orders("delta"),
                "data/shop1.csv": first,
                "sources/visits.sql": VISITS,
                "data/visits1.csv": VISITS_CSV,
            }
        )
        workspace.run()
        before = workspace.state()
        workspace.write({"data/shop2.csv": first, "data/visits-copy.csv": VISITS_CSV})
        report = workspace.run(LATER[0])
        self.assertTrue(report["up_to_date"])
        self.assertEqual([source["files_repeated"] for source in report["sources"]], [1, 1])
        self.assertEqual(workspace.state(), before)
        self.assertIn("data/shop2.csv", workspace.hilo("run").out)
        self.assertEqual(workspace.rows("select count(*), sum(amount) from events where type = 'order'"), [(1, 20.0)])

    def test_twice_in_the_very_first_run(self):
        first = lines(("1", "O-1", 1, 1, "order", "TEA", 10))
        workspace = self.workspace(
            {
                "sources/shop.sql": orders("delta"),
                "data/shop1.csv": first,
                "data/shop2.csv": first,
                "sources/visits.sql": VISITS,
                "data/visits1.csv": VISITS_CSV,
                "data/visits2.csv": VISITS_CSV,
            }
        )
        report = workspace.run()
        self.assertEqual(report["events"], 4)
        self.assertEqual(workspace.value("select sum(amount) from events"), 10.0)

    def test_a_keyless_file_that_grew(self):
        workspace = self.workspace({"sources/visits.sql": VISITS, "data/visits.csv": VISITS_CSV})
        self.assertEqual(workspace.run()["events"], 3, "rows that repeat within a file are genuine")
        workspace.write({"data/visits.csv": VISITS_CSV + "L-3,2024-03-03 10:00:00,S2\nL-1,2024-03-01 10:00:00,S1\n"})
        self.assertEqual(workspace.run(LATER[0])["events"], 5)
        workspace.write({"data/visits-2.csv": "card,seen,shop\nL-3,2024-03-03 10:00:00,S2\n"})
        self.assertEqual(workspace.run(LATER[1])["events"], 5, "the same row in another file is the same visit")
        self.assertEqual(
            workspace.rows(
                "select loyalty, count(*) from (select value as loyalty from events join "
                "contact.identifiers using (record_id)) group by all order by all"
            ),
            [("L-1", 3), ("L-2", 1), ("L-3", 1)],
        )

    def test_an_event_with_an_id_is_the_latest_word_on_it(self):
        source = (
            "-- source: mails   kind: email\nselect id as event_id, mail as email, sent as time, 'message_sent' as "
            "type, campaign as campaign_id from read_csv('data/mails*.csv')\n"
        )
        workspace = self.workspace(
            {
                "sources/mails.sql": source,
                "data/mails1.csv": "id,mail,sent,campaign\nm1,ana@correo.es,2024-03-01 10:00:00,A\n",
            }
        )
        workspace.run()
        workspace.write(
            {
                "data/mails2.csv": (
                    "id,mail,sent,campaign\nm1,ana@correo.es,2024-03-01 10:05:00,B\n"
                    "m2,ana@correo.es,2024-03-02 10:05:00,B\n"
                )
            }
        )
        workspace.run(LATER[0])
        self.assertEqual(
            workspace.rows("select event_id, campaign_id, time::varchar from events order by event_id"),
            [("m1", "B", "2024-03-01 10:05:00"), ("m2", "B", "2024-03-02 10:05:00")],
        )


class Corrections(HiloTest):
    def delivered(self, mode):
        workspace = self.workspace(
            {
                "sources/shop.sql": orders(mode),
                "data/shop1.csv": lines(
                    ("1", "O-1", 1, 1, "order", "TEA", 10),
                    ("1", "O-1", 2, 1, "order", "CUP", 20),
                    ("2", "O-2", 1, 2, "order", "TEA", 5),
                ),
            }
        )
        workspace.run()
        workspace.write({"data/shop2.csv": lines(("1", "O-1", 2, 1, "order", "POT", 7))})
        report = workspace.run(LATER[0])
        self.assertEqual(report["events"], 2)
        self.assertEqual(workspace.value("select count(*) from events where order_id = 'O-2' and amount = 5"), 1)
        return workspace.rows("select sku, amount from items where order_id = 'O-1' order by all")

    def test_full_replaces_the_order(self):
        self.assertEqual(self.delivered("full"), [("POT", 7.0)])

    def test_lines_replaces_by_line_no(self):
        self.assertEqual(self.delivered("lines"), [("POT", 7.0), ("TEA", 10.0)])

    def test_delta_adds(self):
        self.assertEqual(self.delivered("delta"), [("CUP", 20.0), ("POT", 7.0), ("TEA", 10.0)])

    def test_a_corrected_file_under_its_own_name(self):
        workspace = self.workspace(
            {
                "sources/shop.sql": orders("full"),
                "data/shop.csv": lines(
                    ("1", "O-1", 1, 1, "order", "TEA", 10), ("1", "O-1", 2, 1, "order", "CUP", 20)
                ),
            }
        )
        workspace.run()
        workspace.write({"data/shop.csv": lines(("1", "O-1", 1, 1, "order", "TEA", 11))})
        workspace.run(LATER[0])
        self.assertEqual(workspace.rows("select sku, amount from items"), [("TEA", 11.0)])
        self.assertEqual(workspace.rows("select count(*), sum(amount) from events"), [(1, 11.0)])
        workspace.write(
            {"data/shop.csv": lines(("1", "O-1", 1, 1, "order", "TEA", 10), ("1", "O-1", 2, 1, "order", "CUP", 20))}
        )
        workspace.run(LATER[1])
        self.assertEqual(
            workspace.rows("select count(*), sum(amount) from events"),
            [(1, 30.0)],
            "back to what it said first: that is the latest word",
        )

    def test_an_order_and_its_return_are_two_events(self):
        workspace = self.workspace(
            {
                "sources/shop.sql": orders("full"),
                "data/shop.csv": lines(
                    ("1", "O-1", 1, 1, "order", "TEA", 10), ("1", "O-1", 1, 3, "return", "TEA", -10)
                ),
            }
        )
        workspace.run()
        self.assertEqual(
            workspace.rows("select type, amount from events order by type"), [("order", 10.0), ("return", -10.0)]
        )
        self.assertEqual(workspace.customer("shop:1")["attributes"]["revenue"], 10.0)

    def test_the_better_ranked_silo_decides(self):
        for shop_first in (True, False):
            with self.subTest(shop_first):
                shop = {
                    "sources/shop.sql": orders("full", "shop", "rank: 1   order_space: sale"),
                    "data/shop.csv": lines(("1", "S-1", 1, 1, "order", "TEA", 10)),
                }
                till = {
                    "sources/till.sql": orders("lines", "till", "rank: 2   order_space: sale"),
                    "data/till.csv": lines(
                        ("x", "S-1", 1, 1, "order", "TEA", 12),
                        ("x", "S-1", 2, 1, "order", "CUP", 3),
                        ("x", "S-2", 1, 1, "order", "CUP", 4),
                    ),
                }
                workspace = self.workspace(shop if shop_first else till)
                workspace.run()
                workspace.write(till if shop_first else shop)
                workspace.run(LATER[0])
                self.assertEqual(
                    workspace.rows("select order_id, source, amount, items from events order by all"),
                    [("S-1", "shop", 10.0, 1), ("S-2", "till", 4.0, 1)],
                )

    def test_order_numbers_of_two_silos_are_not_one(self):
        workspace = self.workspace(
            {
                "sources/shop.sql": orders("full", "shop"),
                "data/shop.csv": lines(("1", "1", 1, 1, "order", "TEA", 10)),
                "sources/till.sql": orders("full", "till"),
                "data/till.csv": lines(("1", "1", 1, 1, "order", "TEA", 12)),
            }
        )
        self.assertEqual(workspace.run()["events"], 2)

    def test_finance_never_tells_of_an_order(self):
        source = orders("full", "ledger").replace("kind: shop", "kind: finance")
        workspace = self.workspace(
            {
                "sources/ledger.sql": source,
                "data/ledger.csv": lines(
                    ("1", "F-1", 1, 1, "order", "TEA", 10),
                    ("1", "F-2", 1, 1, "Order Completed", "TEA", 10),
                    ("1", "F-3", 1, 1, "return", "TEA", -1),
                    ("1", "F-4", 1, 1, "invoice", "TEA", 10),
                    ("1", "F-5", 1, 1, "refund", "TEA", -10),
                ),
            }
        )
        self.assertEqual(workspace.run()["rejects"], 3)
        self.assertEqual(workspace.rows("select type from events order by type"), [("invoice",), ("refund",)])
        for place in (2, 3, 4):
            self.assert_reject(workspace.rejects(), column="type", place=place, reason="cannot come from finance")
        self.assertEqual(workspace.customer("ledger:1")["attributes"]["orders"], 0)

    def test_lines_need_their_numbers(self):
        workspace = self.workspace(
            {
                "sources/shop.sql": orders("lines"),
                "data/shop.csv": lines(
                    ("1", "O-1", "", 1, "order", "TEA", 10), ("1", "O-1", 2, 1, "order", "TEA", 5)
                ),
            }
        )
        self.assertEqual(workspace.run()["rejects"], 1)
        self.assert_reject(workspace.rejects(), column="line_no", place=2)


class Redefined(HiloTest):
    def test_a_changed_query_reads_its_files_again_and_ids_stay(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        ids = {who: workspace.customer_id(who) for who in ("crm:1", "crm:2", "crm:3", "shop:A8")}
        workspace.write({"sources/shop.sql": silos.SHOP.replace("unit_price as price", "unit_price * 10 as price")})
        report = workspace.run(LATER[0])
        read = {source["name"]: source["files_read"] for source in report["sources"]}
        self.assertEqual(read, {"crm": 0, "loyalty": 0, "mails": 0, "products": 0, "rates": 0, "shop": 1, "tills": 0})
        self.assertEqual(
            workspace.rows("select order_id, original_amount from events where source = 'shop' order by all"),
            [("W-1", 189.0), ("W-2", 50.0)],
        )
        self.assertEqual(workspace.value("select count(*) from items where source = 'shop'"), 3)
        self.assertEqual({who: workspace.customer_id(who) for who in ids}, ids)
        self.assertEqual(report["customers"], 4)
        self.assertEqual(
            workspace.rows("select void, count(*) from deliveries where source = 'shop' group by all order by all"),
            [(False, 1), (True, 1)],
        )

    def test_keyless_rows_of_a_changed_query_are_replaced_not_added(self):
        workspace = self.workspace({"sources/visits.sql": VISITS, "data/visits.csv": VISITS_CSV})
        workspace.run()
        workspace.write({"sources/visits.sql": VISITS.replace("shop as store_id", "lower(shop) as store_id")})
        self.assertEqual(workspace.run(LATER[0])["events"], 3)
        self.assertEqual(workspace.rows("select distinct store_id from events"), [("s1",)])

    def test_a_new_reading_of_an_old_file_rewrites_no_history(self):
        crm = "-- source: crm   kind: crm\nselect id as source_id, {} as email from read_csv('data/crm.csv')\n"
        workspace = self.workspace(
            {
                "sources/crm.sql": crm.format("mail"),
                "data/crm.csv": "id,mail\n1,Ana@correo.es\n",
                "sources/visits.sql": VISITS,
                "data/visits1.csv": VISITS_CSV,
            }
        )
        workspace.run("2024-05-01T06:00:00Z")
        asked = (
            "select (select min(exists_from)::varchar from customer_spans), count(*) from customers_on('2024-05-10')"
        )
        before = workspace.rows(asked)
        known = workspace.rows("select seq, known_at::varchar, known_at_assumed from events order by seq")
        self.assertEqual([row[2] for row in known], [True, True, True])
        workspace.write({"sources/crm.sql": crm.format("lower(mail)"), "sources/visits.sql": VISITS + "where true\n"})
        self.assertFalse(workspace.run(LATER[0])["up_to_date"])
        self.assertEqual(workspace.rows(asked), before)
        after = workspace.rows("select seq, known_at::varchar, known_at_assumed from events order by seq")
        self.assertEqual([row[1:] for row in after], [row[1:] for row in known])

    def test_a_new_reading_does_not_move_the_data_s_present(self):
        crm = "-- source: crm   kind: crm\nselect id as source_id from read_csv('data/crm.csv')\n"
        workspace = self.workspace(
            {
                "sources/crm.sql": crm,
                "data/crm.csv": "id\nC-1\n",
                "sources/visits.sql": VISITS,
                "data/visits1.csv": VISITS_CSV,
            }
        )
        workspace.run()
        workspace.write({"data/visits2.csv": VISITS_CSV.replace("2024-03", "2024-06")})
        workspace.run(LATER[0])
        asked = (
            "select exists_from::varchar from customer_spans join identity using (customer_id) join records using"
            " (record_id) where records.source = 'crm'"
        )
        self.assertEqual(workspace.value(asked), "2024-03-02 10:00:00")
        workspace.write({"sources/visits.sql": VISITS + "where true\n"})
        workspace.run(LATER[1])
        self.assertEqual(workspace.value(asked), "2024-03-02 10:00:00")

    def test_a_source_of_another_kind_is_read_again(self):
        source = (
            "-- source: things   kind: {}\nselect id as sku, id as source_id, what as category from"
            " read_csv('data/t.csv')\n"
        )
        workspace = self.workspace({"sources/t.sql": source.format("crm"), "data/t.csv": "id,what\nTEA,drinks\n"})
        workspace.run()
        self.assertEqual(workspace.rows("select count(*) from products"), [(0,)])
        workspace.write({"sources/t.sql": source.format("product")})
        workspace.run(LATER[0])
        self.assertEqual(workspace.rows("select sku, category from products"), [("TEA", "drinks")])
        self.assertEqual(workspace.rows("select count(*) from records"), [(0,)])

    def test_a_source_that_lost_its_definition_is_told(self):
        workspace = self.workspace({"sources/visits.sql": VISITS, "data/visits1.csv": VISITS_CSV})
        workspace.run()
        workspace.write({"sources/visits.sql": VISITS.replace("source: visits", "source: shop_visits")})
        for command in (["check"], ["run", "--now", LATER[0]]):
            outcome = workspace.hilo(*command)
            self.assertEqual(outcome.code, 0, str(outcome))
            self.assertIn("the source 'visits' has no definition any more", outcome.err + outcome.out)

    def test_a_comment_is_no_change(self):
        workspace = self.workspace({"sources/visits.sql": VISITS, "data/visits.csv": VISITS_CSV})
        workspace.run()
        workspace.write({"sources/visits.sql": VISITS + "-- seen at the door\n"})
        report = workspace.run(LATER[0])
        self.assertEqual([source["files_read"] for source in report["sources"]], [0])
        self.assertEqual(report["events"], 3)

    def test_a_rank_that_changed_needs_no_file(self):
        workspace = self.workspace(
            {
                "sources/shop.sql": orders("full", "shop", "rank: 1   order_space: sale"),
                "data/shop.csv": lines(("1", "S-1", 1, 1, "order", "TEA", 10)),
                "sources/till.sql": orders("full", "till", "rank: 2   order_space: sale"),
                "data/till.csv": lines(("1", "S-1", 1, 1, "order", "TEA", 12)),
            }
        )
        workspace.run()
        self.assertEqual(workspace.value("select amount from events"), 10.0)
        workspace.write({"sources/shop.sql": orders("full", "shop", "rank: 3   order_space: sale")})
        report = workspace.run(LATER[0])
        self.assertEqual([source["files_read"] for source in report["sources"]], [0, 0])
        self.assertEqual(workspace.value("select amount from events"), 12.0)

    def test_the_columns_of_a_later_file_may_stand_in_another_order_and_be_wider(self):
        workspace = self.workspace({"sources/visits.sql": VISITS, "data/visits1.csv": VISITS_CSV})
        workspace.run()
        workspace.write({"data/visits2.csv": "shop,seen,card,new\nS9,2024-03-05 10:00:00,L-1,x\n"})
        self.assertEqual(workspace.run(LATER[0])["events"], 4)
        self.assertEqual(workspace.value("select count(*) from events where store_id = 'S9'"), 1)


if __name__ == "__main__":
    unittest.main()
