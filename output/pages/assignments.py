"""The assignments: what the committee was told to do, and what became of it.

Here belongs the list of them all. The assignments of a goal stand on its page too.
"""

from collections.abc import Sequence

from contracts.vocabulary import Disposition, Text
from output.pages.page import Language, Page, Section
from output.pages.view import View
from output.pages.wording import both, capital, count_word, enumerated


def pages(view: View) -> list[Page]:
    """The page of the assignments; none where none is published."""
    rows = view.rows("uppdrag")
    if not rows:
        return []
    ends = [str(row["fortsattning"]) for row in rows]
    names = {row["namndmal_id"]: row["namndmal"] for row in view.rows("malbedomning")}
    groups = [(goal, names.get(goal), list(together)) for goal, together in view.by("uppdrag", "namndmal_id").items()]
    return [
        Page(
            path=Section.ASSIGNMENTS,
            template="assignments.html",
            section=Section.ASSIGNMENTS,
            title=headline(ends),
            lead=remainder(ends),
            context={"groups": groups},
        )
    ]


def headline(ends: Sequence[str]) -> Text:
    """How many were finished."""
    done, total = ends.count(Disposition.DONE), len(ends)
    if total == 1:
        return (
            Text("Uppdraget är klart", "The assignment is done")
            if done
            else Text("Uppdraget är inte klart", "Not done")
        )
    if done == total:
        return Text(f"Alla {total} uppdrag är klara", f"All {total} assignments are done")
    if not done:
        return Text(f"Inget av {total} uppdrag är klart", f"None of {total} assignments is done")
    return Text(f"{done} av {total} uppdrag är klara", f"{done} of {total} assignments are done")


def remainder(ends: Sequence[str]) -> Text:
    """What became of the others."""
    carried, dropped = ends.count(Disposition.CARRIED_OVER), ends.count(Disposition.DROPPED)
    if not carried + dropped:
        return Text("Inget förs över till nästa år.", "Nothing is carried over to the next year.")

    def write(language: Language) -> str:
        """The sentence in one language."""
        swedish = language is Language.SWEDISH
        verbs = [
            (carried, "fortsätter nästa år", "goes on next year" if carried == 1 else "go on next year"),
            (dropped, "utgår", "is dropped" if dropped == 1 else "are dropped"),
        ]
        parts = [f"{count_word(count, language)} {sv if swedish else en}" for count, sv, en in verbs if count]
        return capital(enumerated(parts, language)) + "."

    return both(write)
