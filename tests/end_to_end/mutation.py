"""The shipped extracts with one cell changed, run through reading, contracts, transforms and the control of figures.

Here belong the changes that a person or an export may make by mistake, and what comes of each, in
this process and without a warehouse. What share has to be caught stands in the test.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final

import polars as pl

from contracts import check, contract
from output.formats.parquet import scan_published
from pipelines.assets.follow_up import transforms
from pipelines.transforms import areas, grades, milestones, outcomes, register, statements
from pipelines.transforms.claims import claims, outcomes_now
from pipelines.transforms.figure_checks import CHECKS
from pipelines.transforms.figure_control import as_stated, control
from pipelines.transforms.source_control import outcomes_against_sources
from pipelines.transforms.twin_figures import TWINS, twins
from sources.errors import SourceError
from sources.extracts import cells, read_extract, sums
from sources.plan import load_plan
from sources.plan.claims import Claim
from sources.plan.expressions import claimable, tables

FOLDER: Final = Path(__file__).parents[2] / "sources" / "huddinge" / "2023"
ROW: Final = "_row"
OUTCOMES: Final = "indikatorutfall"
TEXTS: Final = "textuppgifter"
AREAS: Final = "omraden"
CHANGES: Final = "omradesforandringar"
STATUS: Final = ("indikatorer", "malbedomning", "samlad_bedomning")
DIGITS: Final = "0123456789"


@dataclass(frozen=True)
class Change:
    """A mistake in a file: what kind it is, where, and the file's cells as texts afterwards."""

    kind: str
    place: str
    texts: pl.DataFrame


@dataclass(frozen=True)
class Ended:
    """What came of an extract: why it was refused, else its published tables and what the control says of them."""

    refused: str | None = None
    published: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    control: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict on each figure."""
        return dict(self.control.select("kontroll_id", "utslag").iter_rows())


class World:
    """The shipped report, with what its sources say taken from ``latest``, a published folder."""

    def __init__(self, latest: Path) -> None:
        """Read the plan and every extract."""
        self.plan = load_plan(FOLDER)
        self.report = register.report_of(self.plan)
        self.sourced = scan_published(latest / f"{OUTCOMES}.parquet").collect().filter(pl.col("kalla_id") != OUTCOMES)
        self.ranks = pl.read_parquet(latest / "jamforelser.parquet")
        self.texts = {name: self._texts(name) for name in self.plan.extracts}
        self.before = {name: self.published(name, self.typed(name, texts)) for name, texts in self.texts.items()}

    @cached_property
    def frames(self) -> dict[str, pl.DataFrame]:
        """Every published table that claims may read."""
        frames = {name: frame for made in self.before.values() for name, frame in made.items()}
        return {name: frame for name, frame in {**frames, "jamforelser": self.ranks}.items() if name in claimable()}

    def run(self, table: str, texts: pl.DataFrame) -> Ended:
        """What comes of a file whose cells are these texts."""
        try:
            extract = self.typed(table, texts)
            refused = self._refusal(table, extract, texts[ROW])
            if refused is not None:
                return Ended(refused)
            published = self.published(table, extract)
            for name, frame in published.items():
                checked = check(frame, contract(name))
                if checked.blocked:
                    return Ended(f"{name}: {checked.breaches[0].rule}")
            return Ended(None, published, self.controlled(table, extract, {**self.frames, **published}))
        except SourceError as error:
            return Ended(str(error))

    def typed(self, table: str, texts: pl.DataFrame) -> pl.DataFrame:
        """The texts in the types of the extract's contract. Raises ExtractError where they cannot be read."""
        file, columns = self.plan.extracts[table], contract(table).extract.columns
        frame = cells.typed(file.label, texts, columns, file.decimal, row=ROW)
        sums.require(file.label, frame, columns, file.sums)
        return frame

    def published(self, table: str, extract: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """The tables that are made of an extract."""
        if table == OUTCOMES:
            return self._statuses(extract)
        if table == AREAS:
            log = self.typed(CHANGES, self.texts[CHANGES])
            return {AREAS: areas.omraden(extract, areas.omradesforandringar(log, self.report), self.report)}
        if table == CHANGES:
            log = areas.omradesforandringar(extract, self.report)
            known = self.typed(AREAS, self.texts[AREAS])
            return {CHANGES: log, AREAS: areas.omraden(known, log, self.report)}
        return {table: transforms()[table](extract, self.report)}

    def _statuses(self, extract: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """The outcomes that the report states, and every status that follows from them."""
        whole = self.plan.register
        indicators, goals = register.indikatorregister(whole, self.report), register.malregister(whole, self.report)
        decided = pl.lit(whole.report.decision.date if whole.report.decision else None)
        nothing = pl.DataFrame(schema=outcomes.OUTCOME)
        stated = outcomes.indikatorutfall(extract, decided, nothing, self.report)
        told = pl.concat([stated, self.sourced])
        statuses = milestones.indikatorer(indicators, told, self.report, decided=True)
        rule = register.rapporter(whole, self.report)
        graded = grades.malbedomning(
            goals, statuses, self.report, rule=rule["regelversion"][0], tie_is_reached=rule["gransfall_uppnatt"][0]
        )
        return {
            OUTCOMES: told,
            "indikatorer": statuses,
            "malbedomning": graded,
            "samlad_bedomning": grades.samlad_bedomning(rule, graded, self.report),
        }

    def controlled(self, table: str, extract: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """What the control of figures says of a table, and of every claim that reads it."""
        names = register.indikatorregister(self.plan.register, self.report)
        rows = [self._claimed(table, frames, names)]
        if table in CHECKS:
            rows.append(control({table: as_stated(table, frames[table], extract)}))
        stands_twice = {name: frames[name] for twin in TWINS for name in (twin.table, twin.other)}
        if table in stands_twice:
            rows.append(twins(stands_twice, self.report.year))
        if table == OUTCOMES:
            rows.append(outcomes_against_sources(frames[OUTCOMES], names, self.report))
        return pl.concat(rows)

    def _claimed(self, table: str, frames: Mapping[str, pl.DataFrame], names: pl.DataFrame) -> pl.DataFrame:
        """The claims that read the tables that an extract makes; other figures of the text are as they were."""
        made = {table, *STATUS} if table == OUTCOMES else {table}
        declared = [claim for claim in self.plan.claims if table == TEXTS or _reads(claim) & made]
        figures = {claim.figure for claim in declared}
        concerned = pl.col("kopplad_till").str.split(":").list.first().is_in(list(made))
        kept = concerned.fill_null(value=True) | pl.col("uppgift_id").is_in([name for name in figures if name])
        text = frames[TEXTS] if table == TEXTS else frames[TEXTS].filter(kept)
        return claims(declared, {**frames, OUTCOMES: outcomes_now(frames[OUTCOMES], names), TEXTS: text})

    def _refusal(self, table: str, extract: pl.DataFrame, rows: pl.Series) -> str | None:
        """Why an extract is refused: a broken rule, a lost row, or a ledger that does not add up."""
        declared = contract(table).extract
        known = {name: self._known(name) for name in declared.references}
        checked = check(extract, declared, known)
        if checked.blocked:
            return next(breach.rule for breach in checked.breaches)
        if table in self.report.lines:
            missing = statements.missing(table, extract, self.report)
            wrong = statements.wrong_totals(table, extract, rows, self.report)
            if missing or (wrong and self.plan.extracts[table].ledger):
                return (missing or wrong)[0]
        return None

    def _known(self, name: str) -> set[str]:
        """The values that a column may refer to."""
        whole = self.plan.register
        if name in self.plan.lines:
            return {row.label for row in self.plan.lines[name]}
        return {
            "namndmal_id": {goal.id for goal in whole.goal},
            "indikator_id": {indicator.id for _, indicator in whole.indicators},
            "uppdrag_id": set(self.texts["uppdrag"]["uppdrag_id"]),
        }[name]

    def _texts(self, table: str) -> pl.DataFrame:
        """The cells of an extract as its file writes them, with the number of each row."""
        file = self.plan.extracts[table]
        read = read_extract(file, contract(table).extract)
        texts = [_text(read.frame[name], file.decimal) for name in read.frame.columns]
        return pl.DataFrame([read.rows.alias(ROW), *texts])


def _text(values: pl.Series, decimal: str) -> pl.Series:
    """The values as texts: whole numbers without decimals, others with the file's decimal sign."""
    if values.dtype == pl.Boolean:
        return values.replace_strict({True: "Ja", False: "Nej"}, return_dtype=pl.String)
    texts = values.cast(pl.String)
    return texts.str.replace(r"\.0$", "").str.replace(".", decimal, literal=True) if values.dtype.is_float() else texts


def _reads(claim: Claim) -> frozenset[str]:
    """The tables that a claim reads."""
    trees = [tree for tree in (claim.tree, claim.stated) if tree is not None]
    return frozenset().union(*(tables(tree) for tree in trees))


def changes(texts: pl.DataFrame, schema: Mapping[str, pl.DataType], decimal: str, dice: random.Random) -> list[Change]:
    """Every change of a file: for each cell a digit, a sign, a decimal sign and a swap; each row lost and doubled.

    Which digit is changed, and to what, is left to ``dice``.
    """
    columns = [name for name in texts.columns if name != ROW]
    made: list[Change] = []
    for row in range(texts.height):
        for place, column in enumerate(columns):
            cell = texts[column][row]
            where = f"{column}, row {row}"
            if cell is None:
                continue
            for kind, text in _of_cell(cell, decimal, dice, number=schema[column].is_numeric()):
                made.append(Change(kind, where, _with(texts, row, {column: text})))
            beside = columns[(place + 1) % len(columns)]
            if texts[beside][row] not in (None, cell):
                swapped = {column: texts[beside][row], beside: cell}
                made.append(Change("swapped cells", where, _with(texts, row, swapped)))
        made.append(Change("lost row", f"row {row}", texts.filter(pl.int_range(pl.len()) != row)))
        made.append(Change("doubled row", f"row {row}", pl.concat([texts[: row + 1], texts[row:]])))
    for column, beside in pairwise(columns):
        exchanged = texts.with_columns(pl.col(beside).alias(column), pl.col(column).alias(beside))
        if not exchanged.equals(texts):
            made.append(Change("swapped columns", f"{column} and {beside}", exchanged))
    return made


def _of_cell(cell: str, decimal: str, dice: random.Random, *, number: bool) -> Iterator[tuple[str, str]]:
    """The changes of one cell."""
    places = [place for place, sign in enumerate(cell) if sign in DIGITS]
    if places:
        place = dice.choice(places)
        other = dice.choice([digit for digit in DIGITS if digit != cell[place]])
        changed = cell[:place] + other + cell[place + 1 :]
        if not number or changed.lstrip("-").lstrip("0") != cell.lstrip("-").lstrip("0"):
            yield "digit", changed
    if number and cell.strip("-0,."):
        yield "sign", cell[1:] if cell.startswith("-") else f"-{cell}"
        if decimal in cell:
            yield "decimal sign", cell.replace(decimal, "")
        elif len(places) > 1:
            yield "decimal sign", cell[:-1] + decimal + cell[-1]


def _with(texts: pl.DataFrame, row: int, values: Mapping[str, str]) -> pl.DataFrame:
    """The texts with other values in one row."""
    here = pl.int_range(pl.len()) == row
    return texts.with_columns(
        pl.when(here).then(pl.lit(value)).otherwise(column).alias(column) for column, value in values.items()
    )
