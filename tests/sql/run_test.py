"""The golden runner itself: a right expectation passes in every variant, a wrong one fails in each.

Method: tiny test texts are played against the real program; a runner that cannot fail would prove nothing.
"""

import os
import unittest

import run

SETUP = """\
file hilo.yaml
currency: EUR
time_zone: UTC
----
file sources/shop.sql
select who as source_id, no as order_id, bought as time, 'order' as type, amount from read_csv('data/shop.csv')
----
file data/shop.csv
who,no,bought,amount
c1,1,2024-01-01 10:00:00,10.50
c2,2,2024-01-02 10:00:00,
----
run
"""

QUERY = "query\nselect order_id, amount, '' as nothing from events order by order_id\n----\n"


class Runner(unittest.TestCase):
    def setUp(self):
        self.hilo = os.environ["HILO"]

    def faults(self, text, variants=None):
        return run.run_text(SETUP + text, self.hilo, run.VARIANTS[:1] if variants is None else variants)

    def assert_fails(self, text, kind):
        faults = self.faults(text)
        self.assertEqual(1, len(faults), text)
        self.assertIn(f", {kind}, ", faults[0])

    def test_a_right_expectation_passes_in_every_variant(self):
        self.assertEqual([], self.faults(QUERY + "1|10.5000|(empty)\n2\tNULL\t(empty)\n", run.VARIANTS))

    def test_a_wrong_expectation_fails_in_every_variant(self):
        faults = self.faults(QUERY + "1|10.5100|(empty)\n2|NULL|(empty)\n", run.VARIANTS)
        self.assertEqual(len(run.VARIANTS), len(faults))
        for variant, fault in zip(run.VARIANTS, faults):
            self.assertIn(variant.name, fault)
            self.assertIn("-1|10.5100|(empty)\n+1|10.5000|(empty)", fault)

    def test_rows_missing_too_many_or_in_another_order_fail(self):
        for rows in (
            "",
            "1|10.5000|(empty)\n",
            "2|NULL|(empty)\n1|10.5000|(empty)\n",
            "1|10.5000|(empty)\n2|NULL|(empty)\n2|NULL|(empty)\n",
        ):
            self.assert_fails(QUERY + rows, "query")

    def test_null_and_empty_text_differ(self):
        self.assert_fails(QUERY + "1|10.5000|NULL\n2|NULL|NULL\n", "query")
        self.assert_fails(QUERY + "1|10.5000|(empty)\n2|(empty)|(empty)\n", "query")

    def test_commands_must_end_and_speak_as_expected(self):
        self.assertEqual([], self.faults('error sql "select x from events"\n----\nx\n! segmentation\n'))
        self.assertEqual([], self.faults('ok sql "select 1 as one"\n----\none\n'))
        self.assert_fails('error sql "select 1 as one"\n----\none\n', "error")
        self.assert_fails('ok sql "select x from events"\n----\nx\n', "ok")
        self.assert_fails('ok sql "select 1 as one"\n----\ntwo\n', "ok")
        self.assert_fails('ok sql "select 1 as one"\n----\n! one\n', "ok")

    def test_a_malformed_file_fails(self):
        for text in (
            "queri\nselect 1\n----\n1\n",
            "query\nselect 1\n",
            "file x\nno end\n",
            "run at noon\n" + QUERY,
            "file ../outside\n----\n" + QUERY,
            "error check\n----\n\n",
            "",
        ):
            self.assertEqual(1, len(self.faults(text)), text)

    def test_a_failing_run_is_reported_once(self):
        self.assert_fails("remove data/shop.csv\nrun\n" + QUERY + "\n", "run")


if __name__ == "__main__":
    unittest.main()
