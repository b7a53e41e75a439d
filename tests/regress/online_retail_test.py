"""The example retailer, end to end: two yearly exports of a real shop become exactly the figures that its README names.

Method: the workspace of examples/online-retail is copied, the program runs on it, and every answer is compared with
one that is worked out here from the raw files by other means (zstd, csv, Decimal), for every customer on several days.
Three full loads: of both exports at once, of both in a second workspace, and of the second export before the first.

HILO names the program. The data are looked for in HILO_RETAIL_DATA, else beside the checkout; without them the test is
skipped, unless HILO_REQUIRE_DATA=1.
"""

import csv
import datetime
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
from collections import defaultdict
from decimal import Decimal

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "examples" / "online-retail"
NOW = "2011-12-10T06:00:00Z"
LATER = "2011-12-11T06:00:00Z"
COMMAND_SECONDS_MAX = 1200

FIRST = "online_retail_2009_2010.csv"
SECOND = "online_retail_2010_2011.csv"

DAYS = ["2010-11-30", "2010-12-05", "2011-06-30", "2011-12-09"]
NUMBER_COLUMNS = ["orders", "revenue", "revenue_90d", "returns", "returned_value"]
SNAPSHOT = ["source_id", *NUMBER_COLUMNS, "last_order_at", "first_order_at"]


def data_folder():
    given = os.environ.get("HILO_RETAIL_DATA")
    folder = pathlib.Path(given) if given else REPOSITORY.parent / "shared" / "data" / "retail" / "online_retail_ii"
    return folder.resolve()


def export(folder, name):
    """Returns the path of an export, plain or compressed, or None."""
    found = sorted(folder.glob(name + "*"))
    return found[0] if found else None


def opened(path):
    """Returns the text of an export as a stream, and the program that decodes it."""
    decoders = {".zst": ["zstd", "-dc"], ".gz": ["gzip", "-dc"]}
    command = decoders.get(path.suffix, ["cat"]) + [str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    return process, io.TextIOWrapper(process.stdout, encoding="utf-8", newline="")


class Invoice:
    """One invoice, or one cancellation: the lines of the last export that holds it."""

    __slots__ = ("customer", "customer_key", "at", "amount", "lines", "raw_total")

    def __init__(self):
        self.customer = None
        self.customer_key = None
        self.at = None
        self.amount = Decimal(0)
        self.raw_total = Decimal(0)
        self.lines = 0

    def add(self, number, row):
        exact = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
        self.raw_total += exact
        self.amount += exact.quantize(Decimal("0.0001"))
        self.lines += 1
        at = row["InvoiceDate"]
        self.at = at if self.at is None else min(self.at, at)
        # The earliest line that names somebody says whose the order is.
        if row["CustomerID"] and (self.customer_key is None or (at, number) < self.customer_key):
            self.customer, self.customer_key = row["CustomerID"], (at, number)


def read_invoices(folder):
    invoices = {}
    for name in (FIRST, SECOND):
        process, text = opened(export(folder, name))
        delivered = {}
        with text:
            for number, row in enumerate(csv.DictReader(text)):
                delivered.setdefault(row["InvoiceNo"], Invoice()).add(number, row)
        if process.wait() != 0:
            raise RuntimeError(f"{name} cannot be decoded")
        invoices.update(delivered)
    return invoices


def expected_customers(invoices, day):
    """Works out the asked-for columns of every customer that exists at the end of a day."""
    end = datetime.datetime.fromisoformat(day) + datetime.timedelta(days=1)
    window = str(end - datetime.timedelta(days=90))
    customers = defaultdict(lambda: dict.fromkeys(SNAPSHOT))
    for number, invoice in invoices.items():
        if invoice.customer is None or invoice.at >= str(end):
            continue
        customer = customers[invoice.customer]
        customer["source_id"] = invoice.customer
        customer["orders"] = customer["orders"] or 0
        customer["returns"] = customer["returns"] or 0
        if number.startswith("C"):
            customer["returns"] += 1
            customer["returned_value"] = (customer["returned_value"] or 0) - invoice.amount
            continue
        customer["orders"] += 1
        customer["revenue"] = (customer["revenue"] or 0) + invoice.amount
        if invoice.at >= window:
            customer["revenue_90d"] = (customer["revenue_90d"] or 0) + invoice.amount
        customer["last_order_at"] = max(customer["last_order_at"] or invoice.at, invoice.at)
        customer["first_order_at"] = min(customer["first_order_at"] or invoice.at, invoice.at)
    return dict(customers)


class Shop:
    """A workspace with the example's definitions."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        shutil.copytree(EXAMPLE, self.folder, symlinks=False)

    def allow(self, source):
        """Lets sources read there: the linked files stand outside of the workspace."""
        settings = self.folder / "hilo.yaml"
        if "sources:" not in settings.read_text():
            with settings.open("a") as file:
                file.write(f"\nsources:\n  folders: ['{source.resolve()}']\n")

    def link_data(self, source, names=None):
        self.allow(source)
        data = self.folder / "data"
        if names is None:
            data.symlink_to(source, target_is_directory=True)
            return
        data.mkdir(exist_ok=True)
        for name in names:
            path = export(source, name)
            (data / path.name).symlink_to(path)

    def call(self, *words):
        command = [os.environ["HILO"], words[0], "-C", str(self.folder), *words[1:]]
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=COMMAND_SECONDS_MAX, check=False
        )
        if done.returncode != 0:
            said = f"{done.stderr[-4000:]}\n{done.stdout[-4000:]}"
            raise AssertionError(f"hilo {words[0]} ended with exit code {done.returncode}:\n{said}")
        return done.stdout

    def run(self, now=NOW):
        return json.loads(self.call("run", "--now", now, "--json"))

    def rows(self, sql):
        return list(csv.reader(io.StringIO(self.call("sql", "--csv", sql))))[1:]

    def figure(self, sql):
        return self.rows(sql)[0][0]

    def tables(self):
        sql = (
            "select table_schema || '.' || table_name as name from information_schema.tables "
            "where table_schema in ('main', 'contact') and table_catalog not in ('system', 'temp') order by name"
        )
        return [row[0] for row in self.rows(sql)]

    def digests(self):
        """A digest of each table's every row, in the order in which the table holds them."""
        command = [os.environ["HILO"], "sql", "-C", str(self.folder), "--csv", "--reveal"]
        digests = {}
        for table in self.tables():
            digest = hashlib.sha256()
            with subprocess.Popen(command + [f"select * from {table}"], stdout=subprocess.PIPE) as process:
                while block := process.stdout.read(1 << 20):
                    digest.update(block)
            if process.returncode != 0:
                raise AssertionError(f"{table} cannot be read")
            digests[table] = digest.hexdigest()
        return digests

    def customers_on(self, day):
        columns = ", ".join(f"c.{name}" for name in SNAPSHOT[1:])
        sql = f"select i.source_id, {columns} from customers_on(date '{day}') c join identity i using (customer_id)"
        customers = {}
        for row in self.rows(sql):
            values = {name: value or None for name, value in zip(SNAPSHOT, row)}
            for name in NUMBER_COLUMNS:
                values[name] = None if values[name] is None else Decimal(values[name])
            customers[values["source_id"]] = values
        return customers


class OnlineRetail(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.data = data_folder()
        missing = [name for name in (FIRST, SECOND) if export(cls.data, name) is None]
        if missing and os.environ.get("HILO_REQUIRE_DATA") == "1":
            raise RuntimeError(f"{', '.join(missing)} must be in {cls.data}")
        if missing:
            raise unittest.SkipTest(f"the public data are not in {cls.data}: see {EXAMPLE / 'README.md'}")
        holder = tempfile.TemporaryDirectory(prefix="hilo-retail-")
        cls.addClassCleanup(holder.cleanup)
        cls.home = pathlib.Path(holder.name)
        cls.invoices = read_invoices(cls.data)
        cls.shop = Shop(cls.home / "shop")
        cls.shop.link_data(cls.data)
        cls.report = cls.shop.run()

    def check_figures(self, shop):
        orders = "from events where type in ('order', 'return')"
        anonymous = "customer_id is null and type in ('order', 'return')"
        self.assertEqual("1044847", shop.figure("select count(*) from items"))
        self.assertEqual("53628", shop.figure(f"select count(*) {orders}"))
        self.assertEqual("53628", shop.figure("select count(*) from events"))
        self.assertEqual("5942", shop.figure("select count(*) from customers"))
        self.assertEqual("5942", shop.figure("select count(distinct customer_id) from identity"))
        self.assertEqual("8752", shop.figure(f"select count(*) from events where {anonymous}"))
        self.assertEqual("235287", shop.figure(f"select count(*) from items where {anonymous}"))
        self.assertEqual("8292", shop.figure("select count(*) from events where type = 'return'"))
        total = shop.figure("select sum(quantity::decimal(38,8) * price::decimal(38,8)) from items")
        self.assertEqual(Decimal("18909744.12"), Decimal(total).quantize(Decimal("0.01")))
        # No row was refused; two of the countries are none (ISO 3166), which costs the value alone.
        self.assertEqual(
            [["value", "country", "Channel Islands"], ["value", "country", "West Indies"]],
            shop.rows("select distinct scope, column_name, value from rejects order by all"),
        )

    def check_customers(self, shop, day):
        expected = expected_customers(self.invoices, day)
        got = shop.customers_on(day)
        self.assertEqual(sorted(expected), sorted(got), f"customers on {day}")
        wrong = [(expected[who], got[who]) for who in expected if expected[who] != got[who]]
        self.assertEqual([], wrong[:5], f"{len(wrong)} customers differ on {day}")
        return expected

    def test_the_expected_figures_follow_from_the_raw_files(self):
        invoices = self.invoices
        self.assertEqual(53_628, len(invoices))
        self.assertEqual(1_044_847, sum(invoice.lines for invoice in invoices.values()))
        self.assertEqual(8_752, sum(invoice.customer is None for invoice in invoices.values()))
        total = sum(invoice.raw_total for invoice in invoices.values())
        self.assertEqual(Decimal("18909744.12"), total.quantize(Decimal("0.01")))

    def test_the_store_holds_exactly_what_the_readme_says(self):
        self.check_figures(self.shop)

    def test_the_report_says_the_same(self):
        report = self.report
        self.assertEqual((False, 1, "2011-12-09"), (report["up_to_date"], report["run"], report["day"]))
        self.assertEqual(
            (5942, 53628, 1044847, 8752),
            tuple(report[name] for name in ("customers", "events", "items", "anonymous_events")),
        )

    def test_awkward_lines_are_kept_as_they_are(self):
        shop = self.shop
        self.assertEqual("18", shop.figure("select count(*) from items where price * 100 <> floor(price * 100)"))
        self.assertEqual("3393", shop.figure("select count(*) from items where type = 'order' and quantity < 0"))
        self.assertEqual("5", shop.figure("select count(*) from items where price < 0"))

    def test_every_customer_on_past_days_and_the_default_day(self):
        for day in DAYS:
            with self.subTest(day=day):
                self.check_customers(self.shop, day)
        self.assertEqual(5942, len(expected_customers(self.invoices, DAYS[-1])))
        stored = "select count(*) from (from customers except from customers_on(date '2011-12-09'))"
        self.assertEqual("0", self.shop.figure(stored))

    def test_a_snapshot_is_the_flat_table_of_its_day(self):
        file = self.home / "snapshot.csv"
        self.shop.call("snapshot", "--as-of", "2011-06-30", "-o", str(file))
        with file.open(encoding="utf-8", newline="") as text:
            rows = list(csv.DictReader(text))
        expected = expected_customers(self.invoices, "2011-06-30")
        self.assertEqual(len(expected), len(rows))
        self.assertEqual(
            sum(values["orders"] for values in expected.values()), sum(int(row["orders"]) for row in rows)
        )
        revenue = sum((values["revenue"] or 0) for values in expected.values())
        self.assertEqual(revenue, sum(Decimal(row["revenue"] or 0) for row in rows))

    def test_runs_and_rebuilds_give_identical_tables(self):
        first = self.shop.digests()
        self.assertGreaterEqual(len(first), 15, sorted(first))

        again = self.shop.run(LATER)
        self.assertTrue(again["up_to_date"])
        self.assertEqual(first, self.shop.digests(), "after a run with nothing new")

        other = Shop(self.home / "other")
        other.link_data(self.data)
        other.run()
        self.assertEqual(first, other.digests(), "a second workspace")

        shutil.rmtree(other.folder / "store")
        shutil.rmtree(other.folder / "sources")
        (other.folder / "data").unlink()
        other.call("rebuild")
        self.assertEqual(first, other.digests(), "from the log alone")

    def test_the_second_export_before_the_first_gives_the_same_numbers(self):
        shop = Shop(self.home / "backwards")
        shop.link_data(self.data, [SECOND])
        shop.run(NOW)
        shop.link_data(self.data, [FIRST])
        report = shop.run(LATER)
        self.assertEqual((2, False), (report["run"], report["up_to_date"]))
        self.assertEqual(1, report["sources"][0]["files_unchanged"])
        self.check_figures(shop)
        for day in DAYS:
            with self.subTest(day=day):
                self.check_customers(shop, day)


if __name__ == "__main__":
    unittest.main()
