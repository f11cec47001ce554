"""Every rule that a table is held to, by the name under which a breach is told, with prose and severity.

Here belongs the wording of rules that follow from a column's declaration. A rule about a row is
worded where it is declared; what is done with rows that break one stands in ``contracts.checking``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from contracts.columns import FOUR_DIGITS, SLUG
from contracts.declare import BLANKS, ROWS, SIZE, SUM, UNIQUE, Column, Contract
from contracts.steadiness import measured
from contracts.vocabulary import Severity, Text


@dataclass(frozen=True)
class NamedRule:
    """A rule as a reader meets it. ``column`` is None where it is about whole rows or the whole table."""

    name: str
    text: Text
    severity: Severity
    column: str | None


REFERENCES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "namndmal_id": Text("Nämndmålet finns i planen.", "The committee goal is in the plan."),
        "indikator_id": Text("Indikatorn finns i planen.", "The indicator is in the plan."),
        "uppdrag_id": Text("Uppdraget finns i tabellen uppdrag.", "The assignment is in the table uppdrag."),
    }
)
"""What a column's reference asks for, by the set of values that it names."""

PATTERNS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        SLUG: Text(
            "Värdet är små bokstäver a–z och siffror, med understreck mellan orden.",
            "The value is lower-case letters a-z and digits, with underscores between the words.",
        ),
        FOUR_DIGITS: Text("Värdet är fyra siffror.", "The value is four digits."),
    }
)
"""Patterns of pandera's in words."""

LINES: Final = Text(
    "Namnet är en av raderna som planen anger för tabellen.", "The name is a row that the plan declares for the table."
)
"""The same for the rows of a statement."""


def rules_of(contract: Contract) -> tuple[NamedRule, ...]:
    """Every rule of a table: of its columns in their order, of its rows, and against its last release."""
    columns = [
        NamedRule(f"{column.name}:{kind}", text, contract.severity(f"{column.name}:{kind}"), column.name)
        for column in contract.columns
        for kind, text in _of_column(contract, column)
    ]
    rows = [NamedRule(rule.name, rule.text, contract.severity(rule.name), None) for rule in (UNIQUE, *contract.rules)]
    return (*columns, *rows, *_against_last_release(contract))


def rule_text(contract: Contract, rule: str) -> Text:
    """The wording of a rule by its name; the name itself where it is none of the contract's own."""
    return next((named.text for named in rules_of(contract) if named.name == rule), Text(rule, rule))


def _of_column(contract: Contract, column: Column) -> Iterator[tuple[str, Text]]:
    """The rules of one column: the end of each one's name, and its wording."""
    if not column.nullable:
        yield "ej_tom", Text("Värdet är ifyllt.", "The value is not blank.")
    for check in contract.schema.columns[column.name].checks:
        yield check.name, _worded(check.name, check.statistics)
    if column.references is not None:
        yield "okand_referens", REFERENCES.get(column.references, LINES)
    if column.name in contract.adds_up:
        yield SUM, Text("Summan är vad delarna ger, så när som på avrundning.", "The total is what its parts make.")


def _worded(kind: str, bounds: dict[str, Any]) -> Text:
    """A check of pandera's in words."""
    if kind == "isin":
        words = ", ".join(bounds["allowed_values"])
        return Text(f"Värdet är något av: {words}.", f"The value is one of: {words}.")
    if kind == "str_matches":
        pattern = bounds["pattern"]
        if pattern in PATTERNS:
            return PATTERNS[pattern]
        return Text(f"Värdet följer mönstret {pattern}.", f"The value follows the pattern {pattern}.")
    (bound,) = bounds.values()
    if kind == "greater_than_or_equal_to":
        return Text(f"Värdet är minst {bound}.", f"The value is at least {bound}.")
    if kind == "less_than_or_equal_to":
        return Text(f"Värdet är högst {bound}.", f"The value is at most {bound}.")
    message = f"the check {kind} has no wording"
    raise LookupError(message)


def _against_last_release(contract: Contract) -> Iterator[NamedRule]:
    """The rules against the table's last release, with their tolerances."""
    steady = contract.steady
    if steady is None:
        return
    yield NamedRule(
        ROWS,
        Text(
            f"Antalet rader är högst {steady.rows:g} gånger fler eller färre än i förra utgåvan.",
            f"There are at most {steady.rows:g} times more or fewer rows than in the last release.",
        ),
        steady.severity,
        None,
    )
    for column in contract.columns:
        if column.nullable:
            yield NamedRule(
                f"{column.name}:{BLANKS}",
                Text(
                    f"Andelen tomma värden är högst {100 * steady.blanks:g} procentenheter större än i förra utgåvan.",
                    f"The share of blanks is at most {100 * steady.blanks:g} percentage points larger than in the last "
                    "release.",
                ),
                steady.severity,
                column.name,
            )
        if measured(column):
            yield NamedRule(
                f"{column.name}:{SIZE}",
                Text(
                    f"Värdena är i snitt högst {steady.size:g} gånger större eller mindre än i förra utgåvan.",
                    f"The figures are on average at most {steady.size:g} times larger or smaller than in the last "
                    "release.",
                ),
                steady.severity,
                column.name,
            )
