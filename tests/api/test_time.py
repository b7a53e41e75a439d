"""Goal: `time` is wall time of the workspace, and a day ends at its end, across both clock changes too.

Method: events a second on either side of each border, from sources in other zones and with offsets in the text.
"""

import unittest

from workspace import HiloTest

NOW = "2024-12-01T06:00:00Z"
DAILY = "select count(*) as n, count(*) filter (where time >= $as_of - interval 1 day) as of_the_day from events\n"


class Zones(HiloTest):
    def seen(self, times, zone="", workspace_zone="Europe/Madrid"):
        """A workspace whose one customer did something at each of the times, in that order in the file."""
        header = f"-- source: web   kind: web   {f'time_zone: {zone}' if zone else ''}\n"
        workspace = self.workspace(
            {
                "hilo.yaml": f"currency: EUR\ntime_zone: {workspace_zone}\n",
                "attributes/basic.sql": DAILY,
                "sources/web.sql": (
                    header
                    + "select mail as email, seen as time, 'page_view' as type, n as step from "
                    "read_csv('data/web.csv')\n"
                ),
                "data/web.csv": (
                    "mail,seen,n\n" + "".join(f"ana@correo.es,{each},{n}\n" for n, each in enumerate(times))
                ),
            }
        )
        workspace.run(NOW)
        return workspace

    def times(self, workspace):
        return workspace.rows("select time::varchar, time_utc::varchar from events order by step")

    def test_wall_time_of_the_workspace(self):
        self.assertEqual(
            self.times(self.seen(["2024-01-15 20:00:00", "2024-07-15 20:00:00"])),
            [("2024-01-15 20:00:00", "2024-01-15 19:00:00"), ("2024-07-15 20:00:00", "2024-07-15 18:00:00")],
        )

    def test_a_source_in_another_zone(self):
        self.assertEqual(
            self.times(self.seen(["2024-01-15 20:00:00", "2024-03-20 20:00:00"], "America/New_York")),
            [("2024-01-16 02:00:00", "2024-01-16 01:00:00"), ("2024-03-21 01:00:00", "2024-03-21 00:00:00")],
        )

    def test_a_source_in_utc_and_a_workspace_in_utc(self):
        self.assertEqual(
            self.times(self.seen(["2024-07-15 20:00:00"], "UTC")), [("2024-07-15 22:00:00", "2024-07-15 20:00:00")]
        )
        self.assertEqual(
            self.times(self.seen(["2024-07-15 20:00:00"], "Europe/Madrid", "UTC")),
            [("2024-07-15 18:00:00", "2024-07-15 18:00:00")],
        )

    def test_offsets_in_the_text_win_over_the_source_s_zone(self):
        workspace = self.seen(
            [
                "2024-01-15T20:00:00-05:00",
                "2024-01-15T20:00:00Z",
                "2024-01-15T20:00:00.5+0530",
                "2024-01-15 20:00:00",
            ],
            "America/New_York",
        )
        self.assertEqual(
            self.times(workspace),
            [
                ("2024-01-16 02:00:00", "2024-01-16 01:00:00"),
                ("2024-01-15 21:00:00", "2024-01-15 20:00:00"),
                ("2024-01-15 15:30:00.5", "2024-01-15 14:30:00.5"),
                ("2024-01-16 02:00:00", "2024-01-16 01:00:00"),
            ],
        )

    def test_a_column_of_instants_only(self):
        workspace = self.seen(["2024-01-15T20:00:00Z", "2024-07-15T22:30:00Z"])
        self.assertEqual(
            self.times(workspace),
            [("2024-01-15 21:00:00", "2024-01-15 20:00:00"), ("2024-07-16 00:30:00", "2024-07-15 22:30:00")],
        )

    def test_the_hour_that_is_skipped_in_spring(self):
        workspace = self.seen(["2024-03-31T00:59:59Z", "2024-03-31T01:00:00Z"])
        self.assertEqual([row[0] for row in self.times(workspace)], ["2024-03-31 01:59:59", "2024-03-31 03:00:00"])
        wall = self.seen(["2024-03-31 02:30:00", "2024-03-31 03:00:00"])
        self.assertEqual(
            [row[0] for row in self.times(wall)],
            ["2024-03-31 02:30:00", "2024-03-31 03:00:00"],
            "a wall time that never was stays as it was written",
        )

    def test_the_hour_that_comes_twice_in_autumn(self):
        workspace = self.seen(["2024-10-27T01:15:00Z", "2024-10-27T00:45:00Z"])
        self.assertEqual(
            self.times(workspace),
            [("2024-10-27 02:15:00", "2024-10-27 01:15:00"), ("2024-10-27 02:45:00", "2024-10-27 00:45:00")],
        )
        self.assertEqual(
            workspace.rows("select step from events order by time_utc, seq"),
            [(1,), (0,)],
            "the order is that of the instants, not of the walls",
        )

    def days(self, workspace, first, last):
        return workspace.rows(
            "select day::varchar, n, of_the_day from "
            f"customers_between(date '{first}', date '{last}', 'day') order by day"
        )

    def test_a_day_ends_at_its_end(self):
        workspace = self.seen(["2024-06-10 00:00:00", "2024-06-10 23:59:59.999999", "2024-06-11 00:00:00"])
        self.assertEqual(
            self.days(workspace, "2024-06-09", "2024-06-12"),
            [("2024-06-10", 2, 2), ("2024-06-11", 3, 1), ("2024-06-12", 3, 0)],
        )

    def test_the_short_day_in_spring(self):
        workspace = self.seen(
            ["2024-03-30T22:59:59Z", "2024-03-30T23:00:00Z", "2024-03-31T21:59:59Z", "2024-03-31T22:00:00Z"]
        )
        self.assertEqual(
            self.days(workspace, "2024-03-30", "2024-04-01"),
            [("2024-03-30", 1, 1), ("2024-03-31", 3, 2), ("2024-04-01", 4, 1)],
        )

    def test_the_long_day_in_autumn(self):
        workspace = self.seen(
            ["2024-10-26T21:59:59Z", "2024-10-26T22:00:00Z", "2024-10-27T22:59:59Z", "2024-10-27T23:00:00Z"]
        )
        self.assertEqual(
            self.days(workspace, "2024-10-26", "2024-10-28"),
            [("2024-10-26", 1, 1), ("2024-10-27", 3, 2), ("2024-10-28", 4, 1)],
        )

    def test_the_machine_s_own_zone_means_nothing(self):
        import os

        before = os.environ.get("TZ")
        self.addCleanup(lambda: os.environ.update(TZ=before) if before else os.environ.pop("TZ", None))
        stores = []
        for zone in ("Asia/Tokyo", "America/Los_Angeles"):
            os.environ["TZ"] = zone
            workspace = self.seen(["2024-03-31 01:30:00", "2024-10-27T01:15:00Z", "2024-06-10 23:59:59"])
            stores.append(workspace.dump())
        self.assert_same_store(*stores)

    def test_the_default_day_is_the_last_with_events(self):
        workspace = self.seen(["2024-06-10 22:00:00"])
        self.assertEqual(workspace.value("select day::varchar from meta"), "2024-06-10")
        self.assertEqual(workspace.customer("ana@correo.es")["day"], "2024-06-10")

    def test_the_wall_of_the_workspace_decides_the_default_day(self):
        workspace = self.seen(["2024-06-10T22:30:00Z"])
        self.assertEqual(workspace.customer("ana@correo.es")["day"], "2024-06-11")

    def test_known_at(self):
        source = (
            "-- source: web   kind: web\nselect mail as email, seen as time, 'page_view' as type from "
            "read_csv('data/web*.csv')\n"
        )
        workspace = self.workspace(
            {"sources/web.sql": source, "data/web1.csv": "mail,seen\nana@correo.es,2024-06-10 10:00:00\n"}
        )
        workspace.run("2024-06-20T06:00:00Z")
        workspace.write({"data/web2.csv": "mail,seen\nana@correo.es,2024-06-11 10:00:00\n"})
        workspace.run("2024-06-21T06:00:00Z")
        self.assertEqual(
            workspace.rows("select known_at::varchar from events order by time"),
            [("2024-06-10 08:00:00",), ("2024-06-21 06:00:00",)],
        )


if __name__ == "__main__":
    unittest.main()
