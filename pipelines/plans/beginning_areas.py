"""The areas of a municipality that begins: their list, fetched from SCB, and what a plan says of them.

Here belongs what a new plan gets of areas without anyone writing it. What a plan may say of them is declared
in ``sources.plan.areas``; the rest of a new plan is none of this module's business.
"""

import csv
import io
from dataclasses import replace as with_other
from pathlib import Path
from typing import Final

from pipelines.intake.transports import SCB_RATE
from pipelines.runs.locking import writing
from pipelines.settings import Settings
from pipelines.transforms.areas import LAST_OF_OLD
from sources.archive import Archive
from sources.boundaries import SERVICE, borders
from sources.errors import AnswerError
from sources.http import Live, Service
from sources.transport import Transport

LAYERS: Final = ("RegSO_2020", "RegSO_2025", "DeSO_2018", "DeSO_2025")
HEADINGS: Final = ("Kod", "Nivå", "Namn", "Indelning", "Ingår i")
FILE: Final = "extracts/omraden.csv"

SECTION: Final = """\
# ---- The areas: statistical areas of SCB. Codes without a suffix hold to {last}, those of 2025 thereafter.

[areas]
borders = "RegSO_2025"

[[areas.series]]
id = "lagenheter"
title = "Antal lägenheter efter upplåtelseform"
unit = "antal"

[[areas.series.part]]
table = "TAB6258"
region = "Region"
regions = ["{municipality}*"]
time = "Tid"
by = "Upplatelseform"
cells = {{ hyresratt = "1", bostadsratt = "2", aganderatt = "3", uppgift_saknas = "ÖVRIGT" }}
selection = {{ ContentsCode = ["000006OC"], Tid = ["*"] }}

[[areas.series.part]]
table = "TAB6638"
region = "Region"
regions = ["{municipality}*"]
time = "Tid"
by = "Upplatelseform"
cells = {{ hyresratt = "1", bostadsratt = "2", aganderatt = "3", uppgift_saknas = "ÖVRIGT" }}
selection = {{ ContentsCode = ["00000864"], Tid = ["*"] }}

[[areas.measure]]
id = "hyresratter"
name = "Lägenheter med hyresrätt"
name_en = "Rented dwellings"
says = "Så stor del av bostäderna är hyresrätter"
says_en = "The part of the dwellings that are rented"
unit = "procent"
numerator = ["lagenheter:hyresratt"]
denominator = ["lagenheter:hyresratt", "lagenheter:bostadsratt", "lagenheter:aganderatt", "lagenheter:uppgift_saknas"]

[[extract]]
table = "omraden"
file = "{file}"
encoding = "utf-8"
separator = ";"
decimal = ","
ledger = false
owner = "statistik"
"""


def area_list(transport: Transport, municipality: str, name: str, county_name: str) -> bytes:
    """The municipality's areas in both divisions, as the extract ``omraden``, fetched from SCB.

    Raises AnswerError where SCB does not tell all of them.
    """
    county = municipality[:2]
    rows: list[tuple[str | None, ...]] = [
        ("00", "riket", "Riket", "alla", ""),
        (county, "lan", county_name, "alla", "00"),
        (municipality, "kommun", name, "alla", county),
    ]
    for layer in LAYERS:
        rows += (
            borders(transport, municipality, layer)
            .select("omrade_id", "niva", "omrade", "indelning", "over_id")
            .iter_rows()
        )
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\n").writerows([HEADINGS, *rows])
    return written.getvalue().encode()


def fetch_areas(
    settings: Settings, municipality: str, name: str, county_name: str, folder: Path, *, wait: float = 600.0
) -> Path:
    """Write the list of a municipality's areas into a plan folder; where it was written.

    Raises LockHeldError, and AnswerError where SCB does not tell all of them, or the folder has a list already.
    """
    place = folder / FILE
    if place.exists():
        raise AnswerError("there is a list already.", where=str(place), remedy="Move it away to fetch it anew.")
    live = with_other(settings, source="live")
    service = Service(live.scb_wfs_url, rate=SCB_RATE)
    with (
        writing(live.home, "etappmal load areas", wait),
        Live(
            {SERVICE: service}, Archive(live.archive), timeout=live.timeout, retry_seconds=live.retry_seconds
        ) as transport,
    ):
        listed = area_list(transport, municipality, name, county_name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(listed)
    return place


def area_section(municipality: str) -> str:
    """What the plan of a municipality that begins says of its areas: dwellings by tenure, and the list's file."""
    return SECTION.format(municipality=municipality, last=LAST_OF_OLD, file=FILE)
