"""The follow-up of money, people, control and assignments: one asset for each extract.

Reading, holding to the contract and computing one extract is one asset. Which function computes
it is a matter of its name: the transform is called as the table.
"""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Final

import dagster as dg
import polars as pl

from contracts import contract, contracts
from pipelines.assets.table_asset import table_asset
from pipelines.assets.upstream import LINES, extract_key
from pipelines.runs.run import Run
from pipelines.transforms import assignments, control, money, people, text
from pipelines.transforms.report import Report
from pipelines.transforms.statements import STATEMENTS

MODULES: Final[tuple[ModuleType, ...]] = (money, people, control, assignments, text)

ASSIGNMENTS: Final = "uppdrag"

Transform = Callable[[pl.DataFrame, Report], pl.DataFrame]


def transforms() -> dict[str, Transform]:
    """The transform of each table that is worked out of one extract alone, by the table's name."""
    names = [declared.name for declared in contracts("open")]
    return {name: getattr(module, name) for name in names for module in MODULES if hasattr(module, name)}


def follow_up() -> list[dg.AssetsDefinition]:
    """The assets."""
    return [_asset(name, transform) for name, transform in transforms().items()]


def _asset(name: str, transform: Transform) -> dg.AssetsDefinition:
    """The asset of one table."""

    def build(run: Run) -> pl.DataFrame:
        """Read the extract and compute the table; without an extract the table is empty."""
        extract = run.extract(name)
        if extract is None:
            return pl.DataFrame(schema=contract(name).polars_schema)
        return transform(extract, run.report)

    deps: list[str | Sequence[str]] = [extract_key(name), *([LINES] if name in STATEMENTS else [])]
    # An extract that names assignments can only be held to those that are known by then.
    deps += [ASSIGNMENTS] if "uppdrag_id" in contract(name).references else []
    return table_asset(name, deps=deps, kinds=frozenset({"csv"}))(build)
