"""The money: where it went against the budget.

Here belongs what is said of amounts. Signs are the report's: costs and deficits are negative, except in
the tables that say otherwise.
"""

from collections.abc import Sequence
from typing import Any, Final

from contracts.vocabulary import RowKind, Text
from output.pages.bars import bars
from output.pages.ledgers import Cell, Head, Ledger, LedgerRow, ledger
from output.pages.page import Language, Page, Section
from output.pages.view import Row, View
from output.pages.wording import both, capital, number

MILLION: Final = 1000
"""Thousands of kronor in a million."""

FIGURES: Final = ("budget_tkr", "utfall_tkr", "avvikelse_tkr")
"""What most statements hold."""


def pages(view: View) -> list[Page]:
    """The page of the money; none where no statement is published."""
    statements = [each for each in _statements(view) if each is not None]
    activities = [row for row in view.rows("driftsredovisning") if row["radtyp"] == RowKind.ITEM]
    if not statements:
        return []
    total = result(view)
    said = lead(view.committee, view.period, total, activities)
    context = {
        "lead": said,
        "activities": _barred(activities),
        "statements": statements,
    }
    title = headline(None if total is None else total["avvikelse_tkr"])
    return [Page(Section.MONEY, "money.html", Section.MONEY, title, said, context)]


def result(view: View) -> Row | None:
    """The row that sums up the report's money."""
    found = (
        row
        for table in ("driftsredovisning", "resultatrakning")
        for row in view.rows(table)
        if row["radtyp"] == RowKind.TOTAL
    )
    return next(found, None)


def headline(variance_tkr: int | None) -> Text:
    """How the result stands to the budget."""
    if variance_tkr is None:
        return Text("Ekonomin mot budget", "The money against budget")
    if round(variance_tkr / MILLION, 1) == 0:
        return Text("I nivå med budget", "On a level with the budget")

    def write(language: Language) -> str:
        """The headline in one language."""
        amount = number(abs(variance_tkr) / MILLION, 1, language)
        if language is Language.SWEDISH:
            return f"{amount} miljoner {'bättre' if variance_tkr > 0 else 'sämre'} än budget"
        return f"SEK {amount} million {'better' if variance_tkr > 0 else 'worse'} than budget"

    return both(write)


def lead(committee: Text, period: Text, total: Row | None, activities: Sequence[Row]) -> Text:
    """What it cost, what the budget was, and where the largest differences are."""

    def write(language: Language) -> str:
        """The sentences in one language."""
        return " ".join(
            part for part in (_cost(committee, period, total, language), _most(activities, language)) if part
        )

    return both(write)


def _cost(committee: Text, period: Text, total: Row | None, language: Language) -> str:
    """What the report's result was."""
    if total is None or total["utfall_tkr"] is None or total["budget_tkr"] is None:
        return ""
    outcome, budget = total["utfall_tkr"] / MILLION, total["budget_tkr"] / MILLION
    name, when = language.of(committee), language.of(period)
    if outcome < 0 and budget < 0:
        spent, planned = number(-outcome, 1, language), number(-budget, 1, language)
        if language is Language.SWEDISH:
            return f"{name} kostade {spent} miljoner kronor netto {when}. Budgeten var {planned}."
        return f"The net cost of {name} was SEK {spent} million in {when}. The budget was {planned}."
    amount, planned = number(outcome, 1, language), number(budget, 1, language)
    if language is Language.SWEDISH:
        return f"Resultatet för {name} var {amount} miljoner kronor {when}. Budgeten var {planned}."
    return f"The result of {name} was SEK {amount} million in {when}. The budget was {planned}."


def _most(activities: Sequence[Row], language: Language) -> str:
    """Where the largest deficit and the largest surplus are."""
    known = [row for row in activities if row["avvikelse_tkr"] is not None]
    if not known:
        return ""
    worst = min(known, key=lambda row: int(row["avvikelse_tkr"]))
    best = max(known, key=lambda row: int(row["avvikelse_tkr"]))
    swedish = language is Language.SWEDISH
    parts = []
    if worst["avvikelse_tkr"] < 0:
        parts.append(f"störst underskott finns i {worst['verksamhet']}" if swedish else _in("deficit", worst))
    if best["avvikelse_tkr"] > 0:
        parts.append(f"störst överskott i {best['verksamhet']}" if swedish else _in("surplus", best))
    return capital(f"{', '.join(parts)}.") if parts else ""


def _in(what: str, row: Row) -> str:
    """Where the largest difference is, in English."""
    return f"the largest {what} is in {row['verksamhet']}"


def _barred(activities: Sequence[Row]) -> list[dict[str, Any]]:
    """Activities with their bars, the largest deficit first."""
    known = sorted(
        (row for row in activities if row["avvikelse_tkr"] is not None), key=lambda row: int(row["avvikelse_tkr"])
    )
    drawn = bars([row["avvikelse_tkr"] for row in known]) if known else []
    return [{"row": row, "bar": bar} for row, bar in zip(known, drawn, strict=True)]


def _statements(view: View) -> list[Ledger | None]:
    """Every statement of the report, in the order that a reader asks for them."""
    return [
        ledger(view, "resultatrakning", "rad", *FIGURES, "fg_ar_tkr"),
        ledger(view, "driftsredovisning", "verksamhet", *FIGURES, "avvikelse_procent", "fg_ar_tkr"),
        _years(view),
        ledger(view, "sarskilda_satsningar", "satsning", "budget_tkr", "utfall_tkr", "forbrukning_procent"),
        ledger(view, "budgetram", "handelse", "belopp_mnkr", "ram_mnkr"),
        ledger(view, "investeringar", "investering", *FIGURES, "upparbetning_procent"),
        ledger(view, "investeringsoverforing", "investering", "belopp_mnkr"),
        ledger(view, "investeringsprojekt", "fas", *FIGURES, "upparbetning_procent"),
        ledger(
            view, "exploateringsprojekt", "fas", "utgift_tkr", "inkomst_tkr", "netto_tkr", "budget_tkr", "avvikelse_tkr"
        ),
        ledger(view, "exploateringsutfall", "fas", "prognos_tkr", "utfall_tkr", "avvikelse_tkr"),
        ledger(view, "extern_finansiering", "finansiar", "bidrag_tkr", "kostnad_tkr", "netto_tkr", "i_budget_tkr"),
        ledger(
            view, "digitaliseringspott", "pott", "reserverat_tkr", "tilldelat_tkr", "utfall_tkr", "forbrukning_procent"
        ),
    ]


def _years(view: View) -> Ledger | None:
    """Activities over the years, a column for each year and the change to the last."""
    rows = view.rows("driftsredovisning_ar")
    plain = ledger(view, "driftsredovisning_ar", "verksamhet", "utfall_tkr", "forandring_procent", rows=rows)
    if plain is None:
        return None
    years = sorted({row["ar"] for row in rows})
    by_activity = view.by("driftsredovisning_ar", "verksamhet_id").values()
    outcome, change, line = plain.heads
    heads = [Head(Text(str(year), str(year)), figure=True) for year in years]
    return Ledger(
        dataset=plain.dataset,
        title=plain.title,
        below=Text(f"{plain.below.sv} {outcome.title.sv}.", f"{plain.below.en} {outcome.title.en}."),
        name=plain.name,
        heads=[*heads, change, line],
        rows=[_over_years(together, years) for together in by_activity],
    )


def _over_years(together: Sequence[Row], years: Sequence[int]) -> LedgerRow:
    """One activity over the years."""
    amounts = {row["ar"]: row["utfall_tkr"] for row in together}
    last = together[-1]
    line = "" if last["kalla_rad"] is None else str(last["kalla_rad"])

    def cell(value: float | None, decimals: int) -> Cell:
        """A figure."""
        return Cell(both(lambda language: number(value, decimals, language)), figure=True)

    return LedgerRow(
        kind=last["radtyp"],
        name=last["verksamhet"],
        cells=[
            *(cell(amounts.get(year), 0) for year in years),
            cell(last["forandring_procent"], 1),
            Cell(Text(line, line), figure=True),
        ],
    )
