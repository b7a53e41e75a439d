"""Goal: a value is taken as it is written, or rejected by itself; never rounded, never cut, in whichever delivery.

Method: a first file that settles the columns' types, a second one whose values do not fit them.
"""

import unittest

from workspace import HiloTest

LATER = "2024-07-02T06:00:00Z"

SALES = """-- source: shop   kind: shop
select id as source_id, card as loyalty_id, cp as postcode, nac as birth_date, movil as phone, no as order_id,
       t as time, 'order' as type, q as quantity, a as amount, shoe
from read_csv('data/*.csv')
"""
HEADER = "id,card,cp,nac,movil,no,t,q,a,shoe\n"
FIRST = HEADER + "1,77,28001,1980-05-17,600123456,1,2024-03-01,1,10,38\n"


class LaterDeliveries(HiloTest):
    def delivered(self, *lines):
        workspace = self.workspace({"sources/shop.sql": SALES, "data/1.csv": FIRST})
        workspace.run()
        workspace.write({"data/2.csv": HEADER + "".join(line + "\n" for line in lines)})
        workspace.run(LATER)
        return workspace

    def test_what_does_not_fit_is_rejected_and_never_rounded(self):
        for place, column, value in (
            (6, "t", "2024-03-03 23:15:00"),
            (7, "q", "0.5"),
            (7, "q", "1_000"),
            (7, "q", "0x10"),
            (8, "a", "99.99"),
            (9, "shoe", "39.5"),
        ):
            with self.subTest(value):
                cells = "2,78,28002,1981-05-17,600123457,2,2024-03-03,1,20,39".split(",")
                cells[place] = value
                workspace = self.delivered(",".join(cells), "3,79,28003,1982-05-17,600123458,3,2024-03-04,1,30,40")
                reject = self.assert_reject(workspace.rejects(), column=column, value=value)
                self.assertEqual((reject["file"], reject["place"]), ("data/2.csv", 2))
                self.assertEqual(
                    workspace.rows("select order_id, amount from events order by all"), [("1", 10.0), ("3", 30.0)]
                )

    def test_an_offset_is_not_dropped(self):
        source = (
            "-- source: web   kind: web\nselect id as source_id, t as time, 'page_view' as type from"
            " read_csv('data/*.csv')\n"
        )
        workspace = self.workspace({"sources/web.sql": source, "data/1.csv": "id,t\n1,2024-03-01 10:00:00\n"})
        workspace.run()
        workspace.write({"data/2.csv": "id,t\n2,2024-03-01T10:00:00+05:00\n3,2024-03-02\n"})
        workspace.run(LATER)
        self.assert_reject(workspace.rejects(), column="t", place=2, reason="is not TIMESTAMP")
        self.assertEqual(
            workspace.rows("select time::varchar from events order by all"),
            [("2024-03-01 10:00:00",), ("2024-03-02 00:00:00",)],
        )

    def test_identifiers_keep_their_zeros(self):
        workspace = self.delivered("01,077,08001,1981-05-17,600123457,02,2024-03-03,1,20,39")
        self.assertEqual(workspace.rejects(), [])
        self.assertEqual(workspace.rows("select source_id from records order by all"), [("01",), ("1",)])
        self.assertEqual(
            workspace.rows("select loyalty_id, postcode from contact.versions order by all"),
            [("077", "08001"), ("77", "28001")],
        )
        self.assertEqual(workspace.rows("select order_id from events order by all"), [("02",), ("1",)])

    def test_a_birth_date_of_another_form_or_of_no_day_costs_no_person(self):
        workspace = self.delivered(
            "2,78,28002,15.03.1982,600 123 457,2,2024-03-03,1,20,39",
            "3,79,28003,1981-02-30,600123458,3,2024-03-04,1,30,40",
        )
        self.assertEqual(
            workspace.rows("select source_id, birth_date, phone from contact.versions order by all"),
            [("1", "1980-05-17", "+34600123456"), ("2", "1982-03-15", "+34600123457"), ("3", None, "+34600123458")],
        )
        self.assert_reject(workspace.rejects(), column="birth_date", place=3)


class FirstDelivery(HiloTest):
    def test_types_that_are_stated_are_as_strict(self):
        source = SALES.replace("'data/*.csv'", "'data/*.csv', types = {'a': 'INTEGER', 't': 'DATE'}")
        workspace = self.workspace(
            {
                "sources/shop.sql": source,
                "data/1.csv": (
                    FIRST
                    + "2,78,28002,1981-05-17,600123457,2,2024-03-03,1,12.5,39\n"
                    + "3,79,28003,1981-05-17,600123458,3,2024-03-03 23:15:00,1,12,39\n"
                    + "4,80,28003,1981-05-17,600123459,4,2024-03-03,1,+007,39\n"
                ),
            }
        )
        workspace.run()
        self.assert_reject(workspace.rejects(), column="a", value="12.5", place=3)
        self.assert_reject(workspace.rejects(), column="t", value="2024-03-03 23:15:00", place=4)
        self.assertEqual(
            workspace.rows("select order_id, amount from events order by all"), [("1", 10.0), ("4", 7.0)]
        )

    def test_columns_named_as_functions_are(self):
        workspace = self.workspace(
            {
                "sources/web.sql": (
                    '-- source: web   kind: web\nselect "user" as source_id, seen as time, '
                    "'page_view' as type, w.version from read_csv('data/web.csv') w\n"
                ),
                "data/web.csv": "user,seen,version\nU1,2024-03-01 10:00:00,7\n",
            }
        )
        workspace.run()
        self.assertEqual(workspace.rows("select version from events"), [(7,)])
        self.assertEqual(workspace.rows("select source_id from records"), [("U1",)])

    def test_a_star_gives_what_its_columns_are_named(self):
        files = {
            "sources/crm.sql": "-- source: crm   kind: crm\nselect * from read_csv('data/crm.csv')\n",
            "data/crm.csv": "source_id,email,shoe\n007,ana@correo.es,38\n",
        }
        workspace = self.workspace(files)
        workspace.run()
        self.assertEqual(workspace.rows("select source_id from records"), [("007",)])
        self.assertEqual(workspace.rows("select shoe from customers"), [(38,)])
        nobody = self.workspace(files | {"data/crm.csv": "a,b\n1,2\n"})
        self.assert_refused(nobody, 1, "sources/crm.sql:1:1", "no column of the query says who or what happened")


if __name__ == "__main__":
    unittest.main()
