"""Goal: no error, log line or unmasked reject holds contact data.

Method: contact data stand where the program must complain.
"""

import unittest

import silos
from workspace import HiloTest

SECRETS = ("zoe@correo.es", "01/02/1981", "ana@correo.es", "600123456", "ivo@correo.es", "ana.garcia@correo.es")


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
        ):
            with self.subTest(query):
                outcome = workspace.hilo("sql", query)
                self.assert_fails(outcome, 1)
                self.assertNotIn("correo", outcome.err)
                self.assertNotRegex(outcome.err, "[0-9]{7}")
        self.assert_fails(workspace.hilo("sql", "select 'five'::int"), 1, "five")


if __name__ == "__main__":
    unittest.main()
