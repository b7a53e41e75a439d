"""What the simulated disk holds and what is done on it, step by step: a shop with two silos and three deliveries, and
the commands that write files.
"""

import dataclasses

import silos
from workspace import ATTRIBUTES, SETTINGS, gzipped

CRM_LATER = (
    "id;nombre;apellidos;email;telefono;calle;ciudad;cp;nacimiento;acepta_email;cambiado\n"
    "2;Íñigo;Peña;inigo@correo.es;+34 611 222 333;Plaza España 3;Logroño;26001;1975-12-01;false;2024-06-20 09:00:00\n"
    "9;Zoë;Black;zoe@postal.us;;Calle Nueva 2;Vigo;36201;1988-08-08;true;2024-06-21 09:00:00\n"
)


def order(number, customer, mail, day):
    return (
        f'{{"customer": "{customer}", "mail": "{mail}", "name": "Ana Gil", "order_no": "{number}", "line": 1, '
        f'"placed_at": "{day} 10:00:00", "sku": "TEA", "qty": 1, "unit_price": 5.00, "currency": "EUR"}}\n'
    )


FIRST = {
    "hilo.yaml": SETTINGS.replace("threads: 2", "threads: 1"),
    "attributes/basic.sql": ATTRIBUTES,
    "sources/crm.sql": silos.CRM,
    "data/crm/2024-06.csv": silos.CRM_CSV.encode("windows-1252"),
    "sources/shop.sql": silos.SHOP,
    "data/shop/2024-03.jsonl.gz": gzipped(silos.SHOP_JSON),  # an order in dollars, without a rate: a reject
}
# A second delivery, with a segment to record from now on.
SECOND = {
    "segments/buyers.sql": "select * from customers where orders > 0\n",
    "data/shop/2024-06.jsonl.gz": gzipped(order("W-7", "A9", "lucia@buzon.es", "2024-06-10")),
}
# A third, by which people enter the segment and records change; the shop's latest file has grown.
THIRD = {
    "data/crm/2024-07.csv": CRM_LATER,
    "data/shop/2024-06.jsonl.gz": gzipped(
        order("W-7", "A9", "lucia@buzon.es", "2024-06-10") + order("W-8", "A10", "inigo@correo.es", "2024-06-28")
    ),
}


@dataclasses.dataclass(frozen=True)
class Step:
    """A command, after files were written into the shop."""

    name: str
    command: tuple
    weight: int  # how often it is chosen
    files: dict = dataclasses.field(default_factory=dict)
    folder: str = "shop"  # where the command runs
    makes: str = ""  # a file or folder that it makes, instead of changing log and store
    makes_once: bool = False  # it refuses to make again what is there
    whole_with: str = ""  # the path that stands there once all of it is made; until then it may grow
    ended_by: tuple = ()  # the command that ends it where the log has taken it and it cannot be done again


STEPS = (
    Step("first run", ("run", "--now", "2024-07-01T06:00:00Z"), 5, FIRST),
    Step("second run", ("run", "--now", "2024-07-02T06:00:00Z"), 3, SECOND),
    Step("third run", ("run", "--now", "2024-07-03T06:00:00Z"), 5, THIRD),
    Step("rebuild", ("rebuild",), 3),
    Step(
        "erase",
        ("erase", "inigo@correo.es", "--yes", "--now", "2024-07-04T06:00:00Z"),
        4,
        ended_by=("run", "--now", "2024-07-05T06:00:00Z"),
    ),
    Step("export", ("export", "buyers", "-o", "buyers.csv"), 1, makes="shop/buyers.csv"),
    Step("export again", ("export", "events", "-o", "buyers.csv"), 1, makes="shop/buyers.csv"),
    Step("snapshot", ("snapshot", "-o", "all.parquet"), 1, makes="shop/all.parquet"),
    Step("init", ("init", "new"), 2, folder=".", makes="new", makes_once=True, whole_with="new/hilo.yaml"),
    Step(
        "generate",
        ("generate", "-o", "world/small", "--customers", "3", "--days", "5", "--threads", "1"),
        2,
        folder=".",
        makes="world/small",
        makes_once=True,
    ),
    Step(
        "generate parquet",
        ("generate", "-o", "world/typed", "--customers", "2", "--days", "1", "--threads", "1", "--format", "parquet"),
        1,
        folder=".",
        makes="world/typed",
        makes_once=True,
    ),
)
