"""A whole table of SCB: every cell of the regions and years asked for, into the warehouse.

Here belongs how a table that is too large for one question, and for the memory at once, is taken in. How a
query is cut to the service's limits belongs in ``sources.scb``, how history is written in
``pipelines.storage.warehouse``.

Cells are taken in some codes at a time, and written before the next are asked for. An answer that came within
the last day is taken from the archive: a load that was broken off goes on where it was. A cell's source id is the
table followed by the codes of its other variables. A load needs no plan, and publishes nothing.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from dataclasses import replace as with_other
from itertools import product
from time import monotonic
from typing import Any, Final

import polars as pl

from contracts import check, contract
from pipelines.intake.transports import SCB_RATE
from pipelines.runs.locking import writing
from pipelines.settings import Settings
from pipelines.storage.places import place_of
from pipelines.storage.warehouse import Reading, Warehouse
from sources.archive import Archive
from sources.errors import AnswerError
from sources.http import Live, Service
from sources.jsonstat import Dataset, Dimension
from sources.scb import SERVICE, Scb, Selection
from sources.selecting import codes_of

TABLE: Final = "omradesceller"
REGION: Final = "region"
TOGETHER: Final = 1_000_000
"""Cells that are gathered before they are checked and written."""

FRESH: Final = dt.timedelta(days=1)
WRITTEN_AS: Final = r"^(\d{2}|\d{4}|\d{4}[A-C]\d{4}|\d{4}R\d{3})(_(DeSO|RegSO)\d{4})?$"


@dataclass(frozen=True)
class Taken:
    """What a load of a table did: ``cells`` were asked for, ``values`` of them told."""

    table: str
    requests: int
    cells: int
    values: int
    new: int
    changed: int
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """All of it, with the rates, for ``--json``."""
        seconds = max(self.seconds, 1e-9)
        rates = {"requests_per_second": self.requests / seconds, "values_per_second": self.values / seconds}
        return {**asdict(self), **{name: round(rate, 2) for name, rate in rates.items()}}


def load_table(
    settings: Settings,
    table: str,
    *,
    regions: tuple[str, ...] = ("*",),
    years: tuple[str, ...] = ("*",),
    wait: float = 600.0,
    tell: Callable[[int, int], None] = lambda _done, _of: None,
) -> Taken:
    """Load a table's cells of these regions and years, each given as codes or expressions.

    ``tell`` hears how many cells are done, and of how many. Raises LockHeldError, and AnswerError where an
    answer is missing or refused: what was written by then stays.
    """
    live, began = with_other(settings, source="live"), monotonic()
    with ExitStack() as stack:
        stack.enter_context(writing(live.home, "etappmal load", wait))
        warehouse = Warehouse(place_of(live))
        stack.callback(warehouse.close)
        transport = stack.enter_context(
            Live(
                {SERVICE: Service(live.scb_url, rate=SCB_RATE)},
                Archive(live.archive),
                timeout=live.timeout,
                retry_seconds=live.retry_seconds,
                since=dt.datetime.now(dt.UTC) - FRESH,
            )
        )
        scb = Scb(transport)
        metadata = scb.metadata(table)
        region, time = _named(metadata, table)
        chosen = {
            region.name: codes_of(region, regions, newest_first=False),
            time.name: codes_of(time, years, newest_first=True),
        }
        others = sorted((each for each in metadata.dimensions if each.name not in chosen), key=lambda it: len(it.codes))
        each_code = max(1, len(chosen[region.name]) * len(chosen[time.name]))
        total = each_code
        for other in others:
            total *= len(other.codes)
        done, values, new, changed = 0, 0, 0, 0
        for selection in _batches(others, max(1, TOGETHER // each_code)):
            told = scb.observations(table, {**selection, **chosen})
            rows = _rows(told, table, [other.name for other in others], region.name, time.name)
            counts = warehouse.remember(contract(TABLE, "core"), rows, _reading(rows))
            done, values = done + told.height, values + rows.height
            new, changed = new + counts["nya"], changed + counts["ändrade"]
            tell(done, total)
        return Taken(table, transport.asked, done, values, new, changed, monotonic() - began)


def _named(metadata: Dataset, table: str) -> tuple[Dimension, Dimension]:
    """The variables of region and time of a table."""
    region, time = metadata.dimension(REGION), metadata.dimension(min(metadata.time, default=""))
    if region is None or time is None:
        names = ", ".join(each.name for each in metadata.dimensions)
        raise AnswerError(
            f"it is divided by {names}, not by region and time.", where=f"scb {table}", remedy="Name another table."
        )
    return region, time


def _batches(others: list[Dimension], together: int) -> Iterator[Selection]:
    """The codes of the other variables, in parts: each combination, some codes of the last and longest at a time."""
    if not others:
        yield {}
        return
    *first, last = others
    for combination in product(*(each.codes for each in first)):
        fixed = {each.name: (code,) for each, code in zip(first, combination, strict=True)}
        for start in range(0, len(last.codes), together):
            yield {**fixed, last.name: last.codes[start : start + together]}


def _rows(told: pl.DataFrame, table: str, others: list[str], region: str, time: str) -> pl.DataFrame:
    """Cells as observations; a blank without a mark says nothing, and regions that are none of ours are left out.

    Raises AnswerError where they break their contract.
    """
    schema = contract(TABLE, "core").polars_schema
    rows = told.filter(
        (pl.col("value").is_not_null() | pl.col("status").is_not_null()) & pl.col(region).str.contains(WRITTEN_AS)
    ).select(
        kalla_id=pl.concat_str(pl.lit(table), *others, separator=":"),
        kommun_id=region,
        ar=pl.col(time).cast(pl.Int64),
        kon=pl.lit("T"),
        varde="value",
        antal=pl.lit(None, pl.Int64),
        status="status",
        kand_fran=pl.col("hamtad").max(),
        kand_till=pl.lit(None, pl.Datetime("us")),
    )
    kept = rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    verdict = check(kept, contract(TABLE, "core"))
    if verdict.blocked:
        broken = ", ".join(breach.rule for breach in verdict.breaches)
        raise AnswerError(f"its cells break {broken}.", where=f"scb {table}", remedy="Nothing of these is kept.")
    return verdict.good


def _reading(rows: pl.DataFrame) -> Reading:
    """What was told, with nothing said of what was not."""
    asked = tuple(rows["kalla_id"].unique())
    gone = rows.clear().select("kalla_id", "kommun_id", "ar", "kon", "kand_fran")
    return Reading(rows=rows, removed=gone, asked=asked, complete=False, scope="")
