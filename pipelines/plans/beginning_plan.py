"""The plan folder of a municipality that begins: asked of Kolada and SCB, written whole or not at all.

Here belongs what a first plan holds without anyone deciding it: whose it is, which KPIs it may begin with,
and one goal to be renamed. Milestones and grades are the municipality's to decide. What a plan must hold
is declared in ``sources.plan``; its areas are told in ``beginning_areas``.
"""

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import polars as pl
import tomlkit

from contracts.vocabulary import Direction
from pipelines.intake.transports import SCB_RATE
from pipelines.plans.beginning_areas import FILE, area_list, area_section
from pipelines.settings import Settings
from sources.archive import Archive
from sources.errors import PlanError
from sources.extracts.templates import write_templates
from sources.http import Live, Service
from sources.kolada import RETIRED, Kolada
from sources.plan import load_plan
from sources.plan.loading import REGISTER
from sources.plan.register import TITLE_UNITS, Municipality
from sources.transport import Transport

FIRST_YEAR: Final = 1999
"""The first year that Kolada has figures for."""

YEARS: Final = 10
"""So many years of outcomes are taken in beside the report's own."""

TEMPLATES: Final = "mallar"
COUNTING: Final = "antal"


class Choice(NamedTuple):
    """A KPI that a plan may begin with: which way is better, and its unit, which not every title names."""

    direction: Direction
    unit: str


CHOSEN: Final[Mapping[str, Choice]] = MappingProxyType(
    {
        "N00090": Choice(Direction.LOWER, "procent"),
        "N00590": Choice(Direction.HIGHER, "procent"),
        "N00670": Choice(Direction.HIGHER, "procent"),
        "N07905": Choice(Direction.HIGHER, "antal per 1000 invånare"),
        "N07906": Choice(Direction.HIGHER, "antal per 1000 invånare"),
        "U00200": Choice(Direction.HIGHER, "index"),
    }
)
"""The KPIs that a plan begins with if nobody chooses: sick leave, playgrounds, whether people recommend the
municipality, houses and flats that are built, and how engaged the employees are."""

COUNTIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "01": "Stockholms län",
        "03": "Uppsala län",
        "04": "Södermanlands län",
        "05": "Östergötlands län",
        "06": "Jönköpings län",
        "07": "Kronobergs län",
        "08": "Kalmar län",
        "09": "Gotlands län",
        "10": "Blekinge län",
        "12": "Skåne län",
        "13": "Hallands län",
        "14": "Västra Götalands län",
        "17": "Värmlands län",
        "18": "Örebro län",
        "19": "Västmanlands län",
        "20": "Dalarnas län",
        "21": "Gävleborgs län",
        "22": "Västernorrlands län",
        "23": "Jämtlands län",
        "24": "Västerbottens län",
        "25": "Norrbottens län",
    }
)
"""The counties by the first two digits of their municipalities' ids: Kolada names regions, not counties."""

HEAD: Final = """\
# The goal register of {name} for {year}: a first one, to be made the municipality's own.
# What says "Byt ut" (replace) is to be written anew. Run `etappmal plan check` on this folder after each change.

[municipality]
id = {id}
name = {name}
county = {county}
county_members = [{members}]

[report]
id = "{year}-helar"
year = {year}
# The committee that decides the goals, and the report that they are told in.
committee = "Kommunstyrelsen"
source = {source}
# Stands on every page that is published.
note = "En första plan, ännu inte kommunens egen publicering."
note_en = "A first plan, not yet the municipality's own publication."

# Grades are computed by the newest rule; a report that is decided keeps the one that it was decided under. An outcome
# right on the milestone is told as such, and counts as reached only where this says true.
[rule]
tie_is_reached = false

# Target area -> council goal -> committee goal -> indicators. Ids are lower case with underscores and stay the same;
# names are what people read. Copy an entry for each one more.
[[target_area]]
id = "malomrade"
name = "Byt ut: målområdets namn"

[[council_goal]]
id = "fullmaktigemal"
name = "Byt ut: fullmäktigemålets namn"
target_area = "malomrade"

[[goal]]
id = "namndmal"
name = "Byt ut: nämndmålets namn"
council_goal = "fullmaktigemal"

# Milestones and targets are the municipality's to decide. An indicator without one is shown and not graded. Write, say:
# milestone = {{ year = {year}, operator = ">=", value = 61 }}
# target = {{ year = 2030, operator = ">=", value = 75 }}
# Look direction over: whether more is better is the municipality's to say of each indicator.
# lag is how many years the figure of a report is behind it: 1 where the source tells {before} when {year} is reported.
"""

INDICATOR: Final = """
[[goal.indicator]]
id = {slug}
name = {title}
unit = {unit}
decimals = {decimals}
direction = "{direction}"
lag = 0
source = {{ kolada = "{id}", unit = {unit} }}
"""

KOLADA: Final = """
# ---- Kolada: the KPIs as it describes them; a changed title is held back until `etappmal accept` has been run.

[kolada]
years = [{first}, {last}]
"""

KPI: Final = """
[[kolada.kpi]]
id = "{id}"
title = {title}
unit = {unit}
"""

EXTRACTS: Final = """
# ---- The municipality's own files. Empty ones, and what each column is to hold, lie in mallar/. A filled one is put in
# extracts/ and named by an [[extract]] with table, file and owner; the rows of a statement are listed in lines.toml.

"""


@dataclass(frozen=True)
class Begun:
    """A plan folder that was written: where, of whom, and how many KPIs and templates are in it."""

    folder: Path
    name: str
    kpis: int
    templates: int


def begin_plan(
    settings: Settings, folder: Path, municipality: str, year: int, *, kpis: Sequence[str], areas: bool
) -> Begun:
    """Write a first plan folder, with what Kolada and SCB say today; the folder is there whole or not at all.

    Without ``kpis`` those of ``CHOSEN`` are taken. Raises PlanError for a folder, municipality, year or KPI that
    cannot be used, AnswerError where a service does not tell what is needed.
    """
    _require_place(folder)
    _require_year(year, dt.datetime.now(dt.UTC).year)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as made:
        part = Path(made) / "plan"
        part.mkdir()
        with _live(settings, Path(made) / "archive") as transport:
            name = _write(transport, part, municipality, year, list(dict.fromkeys(kpis)) or list(CHOSEN), areas=areas)
        written = write_templates(part / TEMPLATES)
        held = load_plan(part).register.kolada.kpi
        if folder.exists():
            folder.rmdir()
        shutil.move(part, folder)
    return Begun(folder, name, len(held), len(written) - 1)


def _write(transport: Transport, part: Path, municipality: str, year: int, kpis: list[str], *, areas: bool) -> str:
    """Write the register, and the list of areas if it is wanted; the municipality's name."""
    kolada = Kolada(transport)
    listed = kolada.municipalities().filter(pl.col("type") == "K")
    names: dict[str, str] = dict(listed.select("id", "title").iter_rows())
    name, county = names.get(municipality), COUNTIES.get(municipality[:2])
    if name is None or county is None:
        raise PlanError(
            "is no municipality in Kolada's list.",
            where=f"--municipality {municipality!r}",
            remedy="Write its four digits, such as 0180 for Stockholm.",
        )
    members = tuple(each for each in sorted(names) if each[:2] == municipality[:2])
    whose = Municipality(id=municipality, name=name, county=county, county_members=members)
    said = _register(whose, year, _described(kolada, kpis))
    (part / "extracts").mkdir()
    if areas:
        (part / FILE).write_bytes(area_list(transport, municipality, name, county))
        said += area_section(municipality)
    (part / REGISTER).write_text(said, encoding="utf-8")
    return name


@contextmanager
def _live(settings: Settings, archive: Path) -> Iterator[Transport]:
    """The services themselves. Their answers are no input of any run, and are kept no longer than this takes."""
    services = {
        "kolada": Service(settings.kolada_url, rate=settings.kolada_rate),
        "scb_wfs": Service(settings.scb_wfs_url, rate=SCB_RATE),
    }
    with Live(services, Archive(archive), timeout=settings.timeout, retry_seconds=settings.retry_seconds) as live:
        yield live


def _require_place(folder: Path) -> None:
    """Refuse a folder that holds something: it may be somebody's plan."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PlanError("is there already, and is not empty.", where=str(folder), remedy="Name a new folder with --to.")


def _require_year(year: int, this_year: int) -> None:
    """Refuse a year that no report can be about."""
    if not FIRST_YEAR <= year <= this_year:
        raise PlanError(
            "is no year of a report.",
            where=f"--year {year}",
            remedy=f"Write a year from {FIRST_YEAR}, the first that Kolada has figures for, to {this_year}.",
        )


def _described(kolada: Kolada, kpis: list[str]) -> list[tuple[str, str, str]]:
    """Id, title and unit of each KPI, as Kolada describes it today; every fault of them is told."""
    listed = kolada.kpis(kpis)
    titles: dict[str, str] = dict(listed.select("id", "title").iter_rows())
    faults: list[str] = []
    described: list[tuple[str, str, str]] = []
    for kpi in kpis:
        title = titles.get(kpi)
        chosen = CHOSEN[kpi].unit if kpi in CHOSEN else None
        unit = next((unit for pattern, unit in TITLE_UNITS if title and pattern.search(title)), chosen)
        if title is None:
            faults.append(f"{kpi} is not in Kolada's list")
        elif RETIRED.search(title):
            faults.append(f"{kpi} is retired: {title!r}")
        elif unit is None:
            faults.append(f"{kpi} names no unit in its title, {title!r}: add it to {REGISTER} by hand afterwards")
        else:
            described.append((kpi, title, unit))
    if faults:
        raise PlanError(f"{'; '.join(faults)}.", where="--kpi", remedy="Choose others with --kpi.")
    return described


def _register(whose: Municipality, year: int, kpis: list[tuple[str, str, str]]) -> str:
    """The text of the register."""
    head = HEAD.format(
        id=_quoted(whose.id),
        name=_quoted(whose.name),
        county=_quoted(whose.county),
        members=", ".join(_quoted(each) for each in whose.county_members),
        source=_quoted(f"Byt ut: verksamhetsberättelse {year}, {whose.name}"),
        year=year,
        before=year - 1,
    )
    indicators = [
        INDICATOR.format(
            slug=_quoted(kpi.lower()),
            title=_quoted(title),
            unit=_quoted(unit),
            decimals=0 if unit == COUNTING else 1,
            direction=CHOSEN[kpi].direction if kpi in CHOSEN else Direction.HIGHER,
            id=kpi,
        )
        for kpi, title, unit in kpis
    ]
    entries = [KPI.format(id=kpi, title=_quoted(title), unit=_quoted(unit)) for kpi, title, unit in kpis]
    years = KOLADA.format(first=max(FIRST_YEAR, year - YEARS), last=year)
    return "".join([head, *indicators, years, *entries, EXTRACTS])


def _quoted(text: str) -> str:
    """A text as TOML writes it."""
    return tomlkit.item(text).as_string()
