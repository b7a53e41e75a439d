"""Goal: no error, log line or unmasked reject holds contact data.

Method: contact data stand where the program must complain.
"""

import unittest

import silos
from workspace import HiloTest

SECRETS = (
    "zoe@correo.es",
    "01/02/1981",
    "ana@correo.es",
    "600123456",
    "ivo@correo.es",
    "ana.garcia@correo.es",
    "Gil",
    "Calle 1",
    "Cádiz",
    "11001",
    "06.12.34.56.78",
)


class Secrets(HiloTest):
    def assert_no_secret(self, *outcomes):
        for outcome in outcomes:
            for secret in SECRETS:
                self.assertNotIn(secret, outcome.out + outcome.err, str(outcome.args))

    def test_rejects_are_masked_by_what_a_column_is_for(self):
        crm = (
            "-- source: crm   kind: crm\nselect id as source_id, upper(wert::varchar) as email, lower(tag::varchar)"
            " as birth_date, n as visits from read_csv('data/*.csv', types = {'wert': 'INTEGER', 'tag': 'DATE'})\n"
        )
        workspace = self.workspace(
            {
                "sources/crm.sql": crm,
                "data/1.csv": "id,wert,tag,n\n1,zoe@correo.es,1981-02-01,1\n2,5,01/02/1981,2\n3,6,1981-02-01,3\n",
            }
        )
        run = workspace.hilo("run", "--json")
        workspace.write({"data/2.csv": "id,wert,tag,n\n4,7,1981-02-01,my mail is ivo@correo.es\n"})
        again = workspace.hilo("run")
        self.assertEqual((run.code, again.code), (0, 0), str(run) + str(again))
        self.assertEqual(len(workspace.rejects()), 4)
        self.assert_no_secret(run, again, workspace.hilo("rejects"), workspace.hilo("rejects", "--json"))
        self.assert_no_secret(workspace.hilo("sql", "--json", "select * from rejects"))
        self.assertIn("zoe@correo.es", workspace.hilo("rejects", "--reveal").out)

    def test_a_cell_is_masked_by_its_look_in_any_column(self):
        sales = (
            "-- source: s   kind: shop   delivery: lines\nselect id as source_id, no as order_id, ln as line_no, t as"
            " time, 'order' as type, amount, money as currency from read_csv('data/*.csv')\n"
        )
        workspace = self.workspace(
            {
                "sources/s.sql": sales,
                "data/1.csv": "\n".join(
                    (
                        "id,no,ln,t,amount,money",
                        "1,1,1,2024-03-01,zoe@correo.es,EUR",
                        "2,2,600123456 Gil,2024-03-01,5,EUR",
                        "3,3,1,12/03/2024 call ana@correo.es,5,EUR",
                        "4,4,1,2024-03-01,5,ivo@correo.es",
                        "5,5,06.12.34.56.78,2024-03-01,5,EUR",
                        "6,6,1,20111-03-01 10:00:00,5,EUR",
                    )
                ),
            }
        )
        run = workspace.hilo("run")
        self.assertEqual(len(workspace.rejects()), 6, str(run))
        self.assert_no_secret(run, workspace.hilo("check"), workspace.hilo("rejects", "--json"))
        self.assert_reject(workspace.rejects(), value="20111-03-01 10:00:00")

    def test_a_file_without_its_header_line(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        workspace.write(
            {"data/crm/2.csv": "9;Ana;Gil;ana@correo.es;600123456;Calle 1;Cádiz;11001;1980-05-17;true;x\n"}
        )
        outcome = workspace.hilo("run", "--json", "--now", "2024-07-02T06:00:00Z")
        self.assert_fails(outcome, 1, "has no column 'id'")
        self.assert_no_secret(outcome, workspace.hilo("check"))
        workspace.write({"data/crm/2.csv": "9;ana@correo.es;ana@correo.es\n"})
        outcome = workspace.hilo("run", "--now", "2024-07-02T06:00:00Z")
        self.assert_fails(outcome, 1, "twice")
        self.assert_no_secret(outcome)

    def test_an_error_of_sql_quotes_no_value(self):
        workspace = self.workspace(silos.files())
        workspace.run()
        for query in (
            "select email::int from contact.customers",
            "select * from contact.customers where email = 5",
            "select phone::date from contact.customers",
            "select (replace(phone, '+', ''))::tinyint from contact.customers",
            "select strptime(email, '%d/%m/%Y') from contact.customers",
            "select regexp_matches('a', email || '(') from contact.customers",
            "select error(email) from contact.customers",
            "select format('{' || email || '}', 1) from contact.customers",
            "select full_name::int from contact.customers",
        ):
            with self.subTest(query):
                outcome = workspace.hilo("sql", "--reveal", query)
                self.assert_fails(outcome, 1)
                self.assertNotRegex(outcome.err, "correo|garcia|García|lucia|Peña")
                self.assertNotRegex(outcome.err, "[0-9]{7}")
        self.assert_fails(workspace.hilo("sql", "select 'five'::int"), 1, "five")


if __name__ == "__main__":
    unittest.main()
