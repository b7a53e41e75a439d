"""Goal: who is who, as the rules of the first form say. Method: two small silos of persons and one of web visits."""

import unittest

from workspace import HiloTest

LATER = ["2024-07-02T06:00:00Z", "2024-07-03T06:00:00Z", "2024-07-04T06:00:00Z"]


def people(name, columns="", rank=100):
    return (
        f"-- source: {name}   kind: crm   rank: {rank}\nselect id as source_id, name as full_name, mail as email, tel"
        f" as phone, town as city, changed as updated_at{columns} from read_csv('data/{name}*.csv', types = {{'id':"
        " 'VARCHAR', 'tel': 'VARCHAR', 'mail': 'VARCHAR', 'name': 'VARCHAR', 'town': 'VARCHAR'})\n"
    )


def rows(*people_rows, more=""):
    return f"id,name,mail,tel,town,changed{more}\n" + "".join(",".join(row) + "\n" for row in people_rows)


WEB = (
    "-- source: web   kind: web\nselect device as device_id, mail as email, seen as time, 'page_view' as type, 'web'"
    " as channel from read_csv('data/web*.csv', types = {'mail': 'VARCHAR'})\n"
)


class Anonymous(HiloTest):
    def test_events_of_nobody_are_kept_and_never_guessed(self):
        workspace = self.workspace(
            {
                "sources/web.sql": WEB,
                "data/web.csv": (
                    "device,mail,seen\n,,2024-03-01 10:00:00\n,ana@correo.es,2024-03-02 10:00:00\n"
                    ",n/a,2024-03-03 10:00:00\n"
                ),
            }
        )
        report = workspace.run()
        self.assertEqual(
            (report["events"], report["anonymous_events"], report["customers"], report["visitors"]), (3, 2, 1, 0)
        )

    def test_a_placeholder_alone_is_nobody(self):
        workspace = self.workspace(
            {
                "sources/web.sql": WEB,
                "data/web.csv": (
                    "device,mail,seen\n,test@test.com,2024-03-01 10:00:00\n,noreply@example.com,2024-03-02 10:00:00\n"
                ),
            }
        )
        report = workspace.run()
        self.assertEqual(
            (report["events"], report["anonymous_events"], report["customers"], report["visitors"]), (2, 2, 0, 0)
        )

    def test_a_device_alone_is_a_visitor_until_linked(self):
        workspace = self.workspace(
            {
                "sources/web.sql": WEB,
                "data/web1.csv": "device,mail,seen\nd-77,,2024-03-01 10:00:00\nd-88,,2024-03-01 10:00:00\n",
                "sources/crm.sql": people("crm"),
                "data/crm1.csv": rows(("1", "Ana Gil", "ana@correo.es", "", "Jaca", "2024-01-01 09:00:00")),
            }
        )
        report = workspace.run()
        self.assertEqual((report["customers"], report["visitors"], report["anonymous_events"]), (1, 2, 0))
        self.assertEqual(
            workspace.value("select count(*) from events where customer_id is null and visitor_id is not null"), 2
        )
        self.assertEqual(workspace.customer("ana@correo.es")["events"], 0)
        workspace.write({"data/web2.csv": "device,mail,seen\nd-77,Ana@correo.es,2024-03-05 10:00:00\n"})
        report = workspace.run(LATER[0])
        self.assertEqual((report["customers"], report["visitors"]), (1, 1))
        ana = workspace.customer("ana@correo.es")
        self.assertEqual(ana["events"], 2, "what the device did before is hers now")
        self.assertIn("device_id", [row["kind"] for row in ana["identifiers"]])

    def test_the_whole_row_of_nulls_in_a_device_only_file(self):
        workspace = self.workspace(
            {
                "sources/web.sql": WEB.replace("mail as email, ", ""),
                "data/web.csv": (
                    "device,seen\nd-1,2024-03-01 10:00:00\nd-1,2024-03-02 10:00:00\n,2024-03-03 10:00:00\n"
                ),
            }
        )
        report = workspace.run()
        self.assertEqual((report["customers"], report["visitors"], report["anonymous_events"]), (0, 1, 1))


class Links(HiloTest):
    def test_spellings_of_one_mail_and_one_phone_are_one(self):
        workspace = self.workspace(
            {
                "sources/a.sql": people("a"),
                "data/a.csv": rows(
                    ("1", "Ana Gil", "Ana.Gil@Correo.ES", "", "", ""),
                    ("2", "Eva Sanz", "", "600 123 456", "", ""),
                    ("3", "Leo Ruiz", "leo@correo.es", "", "", ""),
                ),
                "sources/b.sql": people("b"),
                "data/b.csv": rows(
                    ("1", "GIL ANA", " ana.gil@correo.es ", "", "", ""),
                    ("2", "E. Sanz", "", "+34-600-12-34-56", "", ""),
                    ("3", "Leo Ruiz", "leo@buzon.es", "0034600999888", "", ""),
                ),
            }
        )
        self.assertEqual(workspace.run()["customers"], 4)
        self.assertEqual(workspace.customer_id("a:1"), workspace.customer_id("b:1"))
        self.assertEqual(workspace.customer_id("a:2"), workspace.customer_id("b:2"))
        self.assertNotEqual(workspace.customer_id("a:3"), workspace.customer_id("b:3"), "a name alone links nobody")
        self.assertEqual(
            workspace.rows("select kind, count(*) from links group by all order by all"), [("email", 1), ("phone", 1)]
        )

    def test_placeholders_link_nobody(self):
        mails = ("n/a", "test@test.com", "N/A", "test@test.com", "unknown", "none@none.com")
        phones = ("000000000", "000000000", "n/a", "999999999", "999999999", "123456789")
        workspace = self.workspace(
            {
                "sources/a.sql": people("a"),
                "data/a.csv": rows(
                    *((str(n), f"Ana {chr(65 + n)}son", mails[n], phones[n], "", "") for n in range(6))
                ),
            }
        )
        report = workspace.run()
        self.assertEqual((report["customers"], report["shared_identifiers"]), (6, 0))
        self.assertEqual(workspace.value("select count(*) from links"), 0)
        self.assertEqual(workspace.value("select count(*) from contact.identifiers where value like '%test%'"), 0)

    def test_a_mail_on_six_names_links_nobody(self):
        names = ("Ana Gil", "Eva Sanz", "Leo Ruiz", "Ida Mora", "Ivo Pons", "Zoe Vidal")
        workspace = self.workspace(
            {
                "sources/a.sql": people("a"),
                "data/a1.csv": rows(
                    *((str(n), name, "office@correo.es", "", "", "") for n, name in enumerate(names[:5], 1))
                ),
            }
        )
        self.assertEqual(workspace.run()["customers"], 1, "five names are a household")
        first = workspace.customer_id("a:1")
        workspace.write({"data/a2.csv": rows(("6", names[5], "office@correo.es", "", "", ""))})
        report = workspace.run(LATER[0])
        self.assertEqual((report["customers"], report["shared_identifiers"]), (6, 1))
        self.assertEqual(
            workspace.rows("select kind, records, names, reason from shared_identifiers"),
            [("email", 6, 6, "too many names")],
        )
        self.assertEqual(workspace.customer_id("a:1"), first)
        self.assertEqual(workspace.value("select count(*) from redirects where change = 'split'"), 4)
        self.assertIn("that too many share", workspace.hilo("run").out)

    def test_the_limit_is_a_setting(self):
        settings = "currency: EUR\ntime_zone: Europe/Madrid\nidentity:\n  names_per_identifier_max: 1\n"
        workspace = self.workspace(
            {
                "hilo.yaml": settings,
                "sources/a.sql": people("a"),
                "data/a.csv": rows(
                    ("1", "Ana Gil", "x@correo.es", "", "", ""), ("2", "Eva Sanz", "x@correo.es", "", "", "")
                ),
            }
        )
        self.assertEqual(workspace.run()["customers"], 2)

    def test_a_merge_leaves_a_redirect(self):
        workspace = self.workspace(
            {
                "sources/a.sql": people("a"),
                "data/a1.csv": rows(
                    ("1", "Ana Gil", "ana@correo.es", "", "", ""),
                    ("2", "Ana Gil", "", "600123456", "", ""),
                    ("3", "Leo Ruiz", "leo@correo.es", "", "", ""),
                ),
            }
        )
        self.assertEqual(workspace.run()["customers"], 3)
        kept, lost = workspace.customer_id("a:1"), workspace.customer_id("a:2")
        workspace.write({"data/a2.csv": rows(("9", "Ana Gil", "ana@correo.es", "600123456", "", ""))})
        self.assertEqual(workspace.run(LATER[0])["customers"], 2)
        self.assertEqual(
            workspace.rows("select from_id, to_id, run, change from redirects"), [(lost, kept, 2, "merge")]
        )
        for who in (str(lost), f"customer:{lost}", "a:2", "a:9", "600123456"):
            self.assertEqual(workspace.customer_id(who), kept, who)
        identifiers = workspace.customer(str(kept))["identifiers"]
        self.assertEqual({row["reason"] for row in identifiers}, {"first record", "shared email", "shared phone"})

    def test_a_chain_of_merges_ends_at_the_last(self):
        workspace = self.workspace(
            {
                "sources/a.sql": people("a"),
                "data/a1.csv": rows(
                    *((str(n), "Ana Gil", f"ana{n}@correo.es", f"60012345{n}", "", "") for n in range(1, 5))
                ),
            }
        )
        workspace.run()
        ids = [workspace.customer_id(f"a:{n}") for n in range(1, 5)]
        workspace.write({"data/a2.csv": rows(("8", "Ana Gil", "ana4@correo.es", "600123453", "", ""))})
        workspace.run(LATER[0])
        self.assertEqual(workspace.customer_id(str(ids[3])), ids[2])
        workspace.write({"data/a3.csv": rows(("9", "Ana Gil", "ana1@correo.es", "600123454", "", ""))})
        workspace.run(LATER[1])
        for each in (ids[0], ids[2], ids[3]):
            self.assertEqual(workspace.customer_id(str(each)), ids[0])
        self.assertEqual(workspace.customer_id(str(ids[1])), ids[1])

    def test_ids_do_not_depend_on_what_comes_later(self):
        first = rows(("1", "Ana Gil", "ana@correo.es", "", "", ""), ("2", "Leo Ruiz", "leo@correo.es", "", "", ""))
        workspace = self.workspace({"sources/b.sql": people("b"), "data/b.csv": first})
        workspace.run()
        ids = [workspace.customer_id("b:1"), workspace.customer_id("b:2")]
        # By name this source comes before b; by the log it comes after.
        workspace.write(
            {"sources/a.sql": people("a"), "data/a.csv": rows(("7", "Ana Gil", "ana@correo.es", "", "", ""))}
        )
        workspace.run(LATER[0])
        self.assertEqual([workspace.customer_id("b:1"), workspace.customer_id("b:2")], ids)
        self.assertEqual(workspace.customer_id("a:7"), ids[0])


class GoldenRow(HiloTest):
    def test_as_of_a_past_day(self):
        workspace = self.workspace(
            {
                "sources/a.sql": people("a"),
                "data/a.csv": rows(
                    ("1", "Ana Gil", "ana@correo.es", "", "Jaca", "2024-01-01 09:00:00"),
                    ("1", "Ana Gil Ros", "ana@correo.es", "600123456", "Olot", "2024-05-01 09:00:00"),
                ),
            }
        )
        workspace.run()
        for day, city, name, phone in (
            ("2024-01-01", "jaca", "Ana Gil", None),
            ("2024-04-30", "jaca", "Ana Gil", None),
            ("2024-05-01", "olot", "Ana Gil Ros", "+34600123456"),
        ):
            with self.subTest(day):
                ana = workspace.customer("a:1", "--as-of", day)
                self.assertEqual(ana["golden"]["city"].lower(), city)
                self.assertEqual(ana["contact"]["full_name"], name)
                self.assertEqual(ana["contact"]["phone"], phone)
                self.assertEqual(workspace.value(f"select lower(city) from customers_on(date '{day}')"), city)
        self.assertEqual(workspace.value("select count(*) from customers_on(date '2023-12-31')"), 0)

    def test_a_person_without_a_date_is_known_from_the_delivery_on(self):
        workspace = self.workspace(
            {"sources/a.sql": people("a"), "data/a1.csv": rows(("1", "Ana Gil", "ana@correo.es", "", "Jaca", ""))}
        )
        workspace.run("2024-06-10T06:00:00Z")
        workspace.write({"data/a2.csv": rows(("1", "Ana Gil", "ana@correo.es", "", "Olot", ""))})
        workspace.run("2024-06-20T06:00:00Z")
        self.assertEqual(
            workspace.rows(
                "select day::varchar, lower(city) from customers_between(date '2024-06-09', date "
                "'2024-06-23', 'week') order by day"
            ),
            [("2024-06-16", "jaca"), ("2024-06-23", "olot")],
        )

    def test_people_without_a_date_are_there_at_the_data_s_present(self):
        crm = (
            "-- source: crm   kind: crm\nselect id as source_id, name as full_name, town as city from"
            " read_csv('data/crm.csv')\n"
        )
        visits = (
            "-- source: visits   kind: visits\nselect id as source_id, seen as time, 'store_visit' as type "
            "from read_csv('data/visits.csv')\n"
        )
        first = {"sources/crm.sql": crm, "data/crm.csv": "id,name,town\n1,Ana Gil,Jaca\n2,Eva Sanz,Olot\n"}
        second = {"sources/visits.sql": visits, "data/visits.csv": "id,seen\n1,2024-02-01 10:00:00\n"}
        together = self.workspace(first | second)
        together.run()
        one_by_one = self.workspace(first)
        one_by_one.run()
        one_by_one.write(second)
        one_by_one.run(LATER[0])
        for workspace in (together, one_by_one):
            self.assertEqual(
                workspace.rows(
                    "select city, customer_since::varchar from customers where city is not null order by all"
                ),
                [("Jaca", "2024-02-01"), ("Olot", "2024-02-01")],
            )
            self.assertEqual(workspace.value("select count(*) from customers_on('2024-01-31')"), 0)

    def test_the_better_ranked_of_two_words_at_one_moment(self):
        workspace = self.workspace(
            {
                "sources/a.sql": people("a", rank=50),
                "data/a.csv": rows(("1", "Ana Gil", "ana@correo.es", "", "Jaca", "2024-01-01 09:00:00")),
                "sources/b.sql": people("b", rank=5),
                "data/b.csv": rows(("1", "Ana Gil", "ana@correo.es", "", "Olot", "2024-01-01 09:00:00")),
            }
        )
        workspace.run()
        self.assertEqual(workspace.customer("a:1")["golden"]["city"].lower(), "olot")

    def test_a_no_of_one_record_wins_after_a_merge(self):
        consent = ", ok as consent_email"
        for later in (True, False):
            with self.subTest(later):
                times = ("2024-01-01 09:00:00", "2024-02-01 09:00:00")
                workspace = self.workspace(
                    {
                        "sources/a.sql": people("a", consent),
                        "data/a.csv": rows(
                            ("1", "Ana Gil", "ana@correo.es", "", "", times[later], "true"), more=",ok"
                        ),
                        "sources/b.sql": people("b", consent),
                        "data/b.csv": rows(
                            ("1", "Ana Gil", "ana@correo.es", "", "", times[not later], "false"), more=",ok"
                        ),
                    }
                )
                workspace.run()
                self.assertIs(workspace.customer("a:1")["golden"]["consent_email"], False)

    def test_a_record_s_own_latest_word_on_consent_counts(self):
        workspace = self.workspace(
            {
                "sources/a.sql": people("a", ", ok as consent_email"),
                "data/a.csv": rows(
                    ("1", "Ana Gil", "ana@correo.es", "", "", "2024-01-01 09:00:00", "false"),
                    ("1", "Ana Gil", "ana@correo.es", "", "", "2024-03-01 09:00:00", "true"),
                    more=",ok",
                ),
            }
        )
        workspace.run()
        self.assertIs(workspace.customer("a:1")["golden"]["consent_email"], True)
        self.assertIs(workspace.customer("a:1", "--as-of", "2024-02-01")["golden"]["consent_email"], False)

    def test_a_trait_by_its_own_name(self):
        workspace = self.workspace(
            {
                "sources/a.sql": people("a", ", shoe as shoe_size"),
                "data/a.csv": rows(("1", "Ana Gil", "ana@correo.es", "", "", "", "38"), more=",shoe"),
            }
        )
        workspace.run()
        self.assertEqual(workspace.customer("a:1")["golden"]["shoe_size"], 38)
        self.assertEqual(workspace.value("select shoe_size from customers"), 38)


if __name__ == "__main__":
    unittest.main()
