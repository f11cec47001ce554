"""A whole small plan as text, for the tests of reading plans.

Here belongs the plan that tests change; what a change does stands in the tests.
"""

from pathlib import Path
from typing import Final

import pytest

from sources.errors import PlanError
from sources.plan import Plan, load_plan

PLAN: Final = """\
[municipality]
id = "0126"
name = "Huddinge"
county = "Stockholms län"
county_members = ["0126", "0127"]

[report]
id = "2023-helar"
year = 2023
committee = "Kommunstyrelsen"
source = "Verksamhetsberättelse 2023"
note = "Ett exempel."

[rule]
version = "1"

[[target_area]]
id = "miljo"
name = "Miljö"

[[council_goal]]
id = "klimat"
name = "Minska klimatpåverkan"
target_area = "miljo"

[[goal]]
id = "fordon"
name = "Fossilfria fordon"
council_goal = "klimat"

[[goal.indicator]]
id = "andel"
name = "Andel fossilfria fordon"
unit = "procent"
decimals = 1
direction = "hogre_ar_battre"
lag = 0
source = { kolada = "N00001", unit = "procent" }
milestone = { year = 2023, operator = ">=", value = 80 }

[[goal.indicator]]
id = "per_invanare"
name = "Fordon per invånare"
unit = "kvot"
decimals = 2
direction = "lagre_ar_battre"
lag = 1
source = { formula = "fordon / folk", inputs = { fordon = "kolada:N00002", folk = "scb:folkmangd" }, unit = "kvot" }

[kolada]
years = [2020, 2023]

[[kolada.kpi]]
id = "N00001"
title = "Fossilfria fordon, andel (%)"
unit = "procent"

[[kolada.kpi]]
id = "N00002"
title = "Fordon, antal"
unit = "antal"

[[scb.series]]
id = "folkmangd"
title = "Folkmängd"
unit = "antal"

[[scb.series.part]]
table = "TAB638"
region = "Region"
time = "Tid"
selection = { Region = ["0126"] }

[[extract]]
table = "resultatrakning"
file = "extracts/resultatrakning.csv"
owner = "ekonomiavdelningen"
"""

LINES: Final = """\
[[resultatrakning]]
id = "intakter"
label = "Intäkter"
kind = "post"
parent = "resultat"
source_line = 7

[[resultatrakning]]
id = "resultat"
label = "Resultat"
kind = "summa"
"""


def written(folder: Path, plan: str | bytes = PLAN, lines: str | bytes | None = LINES) -> Path:
    """Write a plan to a folder."""
    for name, text in (("plan.toml", plan), ("lines.toml", lines)):
        if text is not None:
            (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def changed(text: str, old: str, new: str) -> str:
    """The text with one place changed, which must be there."""
    assert old in text
    return text.replace(old, new, 1)


def plan(folder: Path, *changes: tuple[str, str]) -> Plan:
    """The small plan with changes, as it is read."""
    text = PLAN
    for old, new in changes:
        text = changed(text, old, new)
    return load_plan(written(folder, text))


def refused(folder: Path) -> PlanError:
    """The error that a plan folder is refused with."""
    with pytest.raises(PlanError) as caught:
        load_plan(folder)
    error = caught.value
    assert str(error) == f"{error.where}: {error.what} {error.remedy}"
    assert error.what.endswith((".", "?"))
    return error
