"""Headlines and sentences about goals and indicators, made of data so that they hold for any data.

Here belongs what is said of counts, grades and outcomes. How a figure is written stands in
``output.pages.wording``; money has its sentences in ``output.pages.money``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.vocabulary import Direction, Disposition, Grade, MilestoneStatus, Reason, Text
from output.pages.page import Language
from output.pages.wording import both, bound, capital, count_word, enumerated, quantity

Row = Mapping[str, Any]

GRADES: Final[Mapping[str, Text]] = {
    Grade.VERY_HIGH: Text("i mycket hög grad uppfyllt", "fulfilled to a very high degree"),
    Grade.HIGH: Text("i hög grad uppfyllt", "fulfilled to a high degree"),
    Grade.PARTLY: Text("delvis uppfyllt", "partly fulfilled"),
    Grade.NOT: Text("ej uppfyllt", "not fulfilled"),
    Grade.NOT_ASSESSABLE: Text("kan ej bedömas", "cannot be assessed"),
}
"""A grade in running text about one goal."""

TOGETHER: Final[Mapping[str, Text]] = {
    Grade.VERY_HIGH: Text("i mycket hög grad uppfyllda", "fulfilled to a very high degree"),
    Grade.HIGH: Text("i hög grad uppfyllda", "fulfilled to a high degree"),
    Grade.PARTLY: Text("delvis uppfyllda", "partly fulfilled"),
    Grade.NOT: Text("inte uppfyllda", "not fulfilled"),
}
"""A grade in running text about all goals taken together."""

STATUSES: Final[Mapping[str, Text]] = {
    MilestoneStatus.REACHED: Text("Uppnått", "Reached"),
    MilestoneStatus.TIE: Text("Gränsfall", "On the line"),
    MilestoneStatus.NOT_REACHED: Text("Ej uppnått", "Not reached"),
    MilestoneStatus.NOT_ASSESSABLE: Text("Kan ej bedömas", "Not assessable"),
}
"""The word beside a shape, in the order of the shapes."""

DISPOSITIONS: Final[Mapping[str, Text]] = {
    Disposition.DONE: Text("Klart", "Done"),
    Disposition.CARRIED_OVER: Text("Fortsätter", "Goes on"),
    Disposition.DROPPED: Text("Utgår", "Dropped"),
}
"""What becomes of an assignment, in a word."""

REASONS: Final[Mapping[str, Text]] = {
    Reason.NOT_PUBLISHED: Text("inget värde är publicerat", "no value is published"),
    Reason.SECRET: Text("värdet är skyddat av sekretess", "the value is withheld for secrecy"),
    Reason.DROPOUT: Text("värdet saknas i källan", "the value is missing in the source"),
    Reason.NOT_APPLICABLE: Text("ingen källa mäter samma sak", "no source measures the same thing"),
    Reason.BROKEN_METHOD: Text("mätmetoden har ändrats", "the method has changed"),
    Reason.QUARANTINED: Text("värdet är i karantän", "the value is in quarantine"),
    Reason.NO_MILESTONE: Text("etappmål saknas", "there is no milestone"),
}
"""Why something is missing, as the end of a sentence."""


@dataclass(frozen=True)
class Tally:
    """How many indicators there are of each status."""

    reached: int = 0
    ties: int = 0
    missed: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """All indicators."""
        return self.reached + self.ties + self.missed + self.unknown


def tally(statuses: Sequence[str]) -> Tally:
    """Count statuses."""
    return Tally(
        reached=statuses.count(MilestoneStatus.REACHED),
        ties=statuses.count(MilestoneStatus.TIE),
        missed=statuses.count(MilestoneStatus.NOT_REACHED),
        unknown=statuses.count(MilestoneStatus.NOT_ASSESSABLE),
    )


def headline(count: Tally) -> Text:
    """How many milestones were reached, of all."""
    total, reached = count.total, count.reached
    if total == 0:
        return Text("Rapporten har inga etappmål", "The report has no milestones")
    if total == count.unknown:
        return _none_assessable(total)
    if total == 1:
        return _single(reached=bool(reached))
    if reached == 0:
        return Text(f"Inget av {total} etappmål nåddes", f"None of {total} milestones was reached")
    if reached == total:
        return Text(f"Alla {total} etappmål nåddes", f"All {total} milestones were reached")
    verb = "was" if reached == 1 else "were"
    return Text(f"{reached} av {total} etappmål nåddes", f"{reached} of {total} milestones {verb} reached")


def _none_assessable(total: int) -> Text:
    """The headline where nothing is known."""
    if total == 1:
        return Text("Etappmålet kan inte bedömas", "The milestone cannot be assessed")
    return Text(f"Inget av {total} etappmål kan bedömas", f"None of {total} milestones can be assessed")


def _single(*, reached: bool) -> Text:
    """The headline where there is one milestone."""
    if reached:
        return Text("Etappmålet nåddes", "The milestone was reached")
    return Text("Etappmålet nåddes inte", "The milestone was not reached")


def remainder(count: Tally) -> Text:
    """What became of the milestones that were not reached. Empty where the headline has said it all."""
    if count.total <= 1 or count.total in (count.reached, count.missed, count.unknown):
        return Text("", "")

    def write(language: Language) -> str:
        """The sentence in one language."""
        swedish = language is Language.SWEDISH
        parts = []
        if count.ties:
            verb = "lies" if count.ties == 1 else "lie"
            parts.append((count.ties, "ligger precis på gränsen" if swedish else f"{verb} exactly on the line"))
        if count.missed:
            verb = "was" if count.missed == 1 else "were"
            parts.append((count.missed, "nåddes inte" if swedish else f"{verb} not reached"))
        if count.unknown:
            parts.append((count.unknown, "kan inte bedömas" if swedish else "cannot be assessed"))
        words = [f"{count_word(number, language)} {what}" for number, what in parts]
        return capital(enumerated(words, language)) + "."

    return both(write)


def decided_overall(grade: str | None, committee: Text) -> tuple[Text, Text]:
    """What the committee itself has decided of all goals: the sentence before the grade, and the grade."""
    if grade is None:
        return (
            Text(
                f"{committee.sv} har ännu inte beslutat om någon samlad bedömning",
                f"{committee.en} has not decided on an overall assessment yet",
            ),
            Text("", ""),
        )
    if grade not in TOGETHER:
        return (
            Text(
                f"{committee.sv} bedömer att måluppfyllelsen",
                f"{committee.en} has decided that the goals taken together",
            ),
            Text("inte kan bedömas", "cannot be assessed"),
        )
    return (
        Text(
            f"{committee.sv} bedömer själv att målen sammantaget är",
            f"{committee.en} itself has decided that the goals taken together are",
        ),
        TOGETHER[grade],
    )


def computed_overall(high: int, assessable: int) -> Text:
    """How many goals the rule puts at a high degree or better."""
    if assessable == 0:
        return Text("Enligt regeln kan inget mål bedömas.", "By the rule, no goal can be assessed.")

    def write(language: Language) -> str:
        """The sentence in one language."""
        total = count_word(assessable, language)
        if language is Language.SWEDISH:
            some = {0: "inget", assessable: "alla"}.get(high, count_word(high, language))
            if assessable == 1:
                reach = "når målet" if high else "når målet inte"
                return f"Räknat enligt regeln {reach} upp till minst ”i hög grad”."
            of = f"{some} {total}" if high == assessable else f"{some} av {total}"
            return f"Räknat enligt regeln når {of} mål upp till minst ”i hög grad”."
        some = {0: "none", assessable: "all"}.get(high, count_word(high, language))
        if assessable == 1:
            return f"Counted by the rule, the goal {'reaches' if high else 'does not reach'} “a high degree”."
        verb = "reaches" if high in {0, 1} else "reach"
        of = f"{some} {total} goals" if high == assessable else f"{some} of {total} goals"
        return f"Counted by the rule, {of} {verb} at least “a high degree”."

    return both(write)


def verdict(row: Row, decimals: int) -> Text:
    """What an indicator's outcome was, and what the milestone asked for."""

    def write(language: Language) -> str:
        """The sentences in one language."""
        swedish = language is Language.SWEDISH
        year, unit = row["utfall_ar"], row["enhet"]
        amount = quantity(row["utfall"], decimals, unit, language)
        if row["utfall"] is None:
            first = f"Utfallet {year} saknas." if swedish else f"The outcome of {year} is missing."
        else:
            first = f"Utfallet {year} är {amount}." if swedish else f"The outcome of {year} is {amount}."
        if row["etappmal_varde"] is None:
            return f"{first} Det finns inget etappmål." if swedish else f"{first} There is no milestone."
        asked = bound(row["etappmal_operator"], row["etappmal_varde"], decimals, unit, language)
        for_year = f" {row['etappmal_ar']}" if row["etappmal_ar"] not in {None, year} else ""
        second = f"Etappmålet{for_year} var {asked}." if swedish else f"The milestone{for_year} was {asked}."
        return f"{first} {second}"

    return both(write)


def development(row: Row, before: tuple[int, float] | None, decimals: int) -> Text:
    """How the outcome moved from the year before, and what a tie or a missing value means."""

    def write(language: Language) -> str:
        """The sentences in one language."""
        parts = [_moved(row, before, decimals, language), _why(row, language)]
        return " ".join(part for part in parts if part)

    return both(write)


def _moved(row: Row, before: tuple[int, float] | None, decimals: int, language: Language) -> str:
    """The step from the year before, and whether it is for the better."""
    if before is None or row["utfall"] is None:
        return ""
    year, value = before
    amount = quantity(value, decimals, row["enhet"], language)
    swedish = language is Language.SWEDISH
    if row["utfall"] == value:
        return f"Samma som {year}." if swedish else f"The same as in {year}."
    better = (row["utfall"] > value) == (row["riktning"] == Direction.HIGHER)
    if swedish:
        return f"Det är {'bättre' if better else 'sämre'} än {year}, då det var {amount}."
    return f"That is {'better' if better else 'worse'} than in {year}, when it was {amount}."


def _why(row: Row, language: Language) -> str:
    """Why a status is a tie, or why there is none."""
    swedish = language is Language.SWEDISH
    if row["etappmal_status"] == MilestoneStatus.TIE:
        if swedish:
            return "Utfallet är lika med gränsen, som skulle passeras. Det räknas inte som uppnått."
        return "The outcome equals the bound, which had to be passed. That does not count as reached."
    if row["orsak"] is not None:
        why = language.of(REASONS[row["orsak"]])
        return f"Etappmålet kan inte bedömas: {why}." if swedish else f"The milestone cannot be assessed: {why}."
    return ""


def series_title(values: Sequence[tuple[int, float]], decimals: int, unit: str) -> Text:
    """What a series shows, from its first year to its last."""
    if not values:
        return Text("Inga värden finns", "There are no values")

    def write(language: Language) -> str:
        """The heading in one language."""
        swedish = language is Language.SWEDISH
        (first, start), (last, end) = values[0], values[-1]
        now = quantity(end, decimals, unit, language)
        if first == last:
            return f"{now} år {last}" if swedish else f"{now} in {last}"
        then = quantity(start, decimals, unit, language)
        if then == now:
            return f"{now} både {first} och {last}" if swedish else f"{now} in both {first} and {last}"
        if swedish:
            return f"{'Upp' if end > start else 'Ned'} från {then} år {first} till {now} år {last}"
        return f"{'Up' if end > start else 'Down'} from {then} in {first} to {now} in {last}"

    return both(write)


def goal_lead(row: Row) -> Text:
    """How many of a goal's milestones were reached, and how that stands to the decided grade."""
    decided, computed, steps = row["beslutad_maluppfyllelse"], row["beraknad_maluppfyllelse"], row["steg"]

    def write(language: Language) -> str:
        """The sentences in one language."""
        swedish = language is Language.SWEDISH
        rule = _rule_gives(computed, language)
        if decided is None:
            return f"{rule}. Inget är beslutat." if swedish else f"{rule}. Nothing is decided."
        said = _is_decided(decided, language)
        if row["stammer"]:
            return f"{said}, som regeln ger." if swedish else f"{said}, as the rule gives."
        if not steps:
            return f"{said}. {rule}."
        number = count_word(abs(steps), language)
        if swedish:
            return f"{said}. {rule}, {number} steg {'lägre' if steps > 0 else 'högre'}."
        return (
            f"{said}. {rule}, {number} {'step' if abs(steps) == 1 else 'steps'} {'lower' if steps > 0 else 'higher'}."
        )

    return both(write)


def _rule_gives(grade: str, language: Language) -> str:
    """What the rule gives."""
    swedish = language is Language.SWEDISH
    if grade == Grade.NOT_ASSESSABLE:
        return "Regeln kan inte bedöma målet" if swedish else "The rule cannot assess the goal"
    return f"{'Regeln ger' if swedish else 'The rule gives'} {language.of(GRADES[grade])}"


def _is_decided(grade: str, language: Language) -> str:
    """What the committee has decided."""
    swedish = language is Language.SWEDISH
    if grade == Grade.NOT_ASSESSABLE:
        return "Beslutet är att målet inte kan bedömas" if swedish else "Decided that the goal cannot be assessed"
    return f"{'Beslutat' if swedish else 'Decided'} {language.of(GRADES[grade])}"
