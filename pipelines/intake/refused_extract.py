"""An extract that a table cannot be made of, said so that whoever wrote it finds the row and the column.

Here belong the words. Which rules an extract is held to stands in its contract.
"""

from contracts import Checked, Contract
from contracts.rulebook import rule_text
from sources.errors import ExtractError
from sources.extracts import Extract
from sources.extracts.faults import shown


class RefusedExtractError(ExtractError):
    """A file with rows that break a rule which stops its table. ``checked`` is what the contract says of it."""

    def __init__(self, what: str, *, where: str, remedy: str, checked: Checked) -> None:
        """Keep the verdict beside the sentence."""
        super().__init__(what, where=where, remedy=remedy)
        self.checked = checked


def place_of(extract: Extract) -> str:
    """The file, as the plan names it, with the table; and that it is not as handed in where it was corrected."""
    corrected = ", as corrections.toml corrects it" if extract.corrected else ""
    return f"{extract.file.label} ({extract.file.table}{corrected})"


def refused(extract: Extract, declared: Contract, checked: Checked) -> RefusedExtractError:
    """An error that names the rows of the file and what each of them breaks."""
    headings = {column.name: column.heading for column in declared.columns}
    faults = []
    for breach in checked.breaches:
        column = breach.rule.partition(":")[0]
        rows = ", ".join(str(extract.rows[row]) for row in breach.rows)
        more = f" and {breach.count - len(breach.rows)} more" if breach.count > len(breach.rows) else ""
        place = f", column {headings[column]!r}" if column in headings else ""
        blank = breach.rule.endswith(":ej_tom")
        values = f" ({', '.join(shown(value) for value in breach.values)})" if place and not blank else ""
        faults.append(f"row {rows}{more}{place}{values}: {_broken(breach.rule, declared)}")
    remedy = "Correct the file and hand it in again."
    return RefusedExtractError("; ".join(faults) + ".", where=place_of(extract), remedy=remedy, checked=checked)


def _broken(rule: str, declared: Contract) -> str:
    """What a broken rule of a column means."""
    name, _, kind = rule.partition(":")
    column = next((column for column in declared.columns if column.name == name), None)
    if kind == "unik":
        key = " and ".join(repr(c.heading) for c in declared.columns if c.name in declared.key)
        return f"the same {key} stands more than once"
    if kind == "ej_tom":
        return "must not be blank"
    if kind == "okand_referens":
        return "is not declared in the plan"
    if kind == "isin" and column is not None and column.values is not None:
        return f"is not one of {', '.join(column.values)}"
    return f"breaks the rule: {rule_text(declared, rule).en.rstrip('.')}"
