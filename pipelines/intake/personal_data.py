"""Personal data in what is handed in: an extract, a plan or a setting whose texts hold any goes no further.

Here belongs the refusal, of all that is published in one place. What personal
data looks like is declared in ``contracts.personal_data``.
"""

from collections.abc import Collection
from itertools import groupby
from typing import Final

import polars as pl

from contracts import contract
from contracts.personal_data import findings, found_in
from pipelines.intake.refused_extract import place_of
from pipelines.settings import PUBLISHED, Settings, SettingsError, variable
from sources.errors import ExtractError, PlanError
from sources.extracts import Extract
from sources.extracts.faults import SHOWN
from sources.plan import Plan

OWNER: Final = " > owner"
"""The end of the one key of a plan that is not published: whom to ask about a file."""


def require_no_personal_data(extract: Extract, exempt: Collection[str]) -> None:
    """Refuse an extract with personal data in a text that may be published. What stands there is not repeated.

    ``exempt`` are mailboxes of functions. Raises ExtractError naming file, rows and columns.
    """
    columns = contract(extract.file.table).extract.open_columns
    headings = {column.name: column.heading for column in columns if column.dtype == pl.String}
    found = list(findings(extract.frame, headings, exempt))
    if not found:
        return
    told = [f"row {extract.rows[one.row]}, column {headings[one.column]!r} holds {one.what}" for one in found[:SHOWN]]
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    raise ExtractError(
        f"{'; '.join(told)}{more}.",
        where=place_of(extract),
        remedy="Remove it and hand the file in again.",
    )


def require_publishable_texts(settings: Settings, plan: Plan) -> None:
    """Refuse settings and a plan with personal data in a text that is published. What stands there is not repeated.

    Raises SettingsError naming the settings, and PlanError naming files and keys.
    """
    for fault in (*setting_faults(settings), *plan_text_faults(plan, settings)):
        raise fault


def setting_faults(settings: Settings) -> list[SettingsError]:
    """The published settings with personal data, or signs that are not seen, in them. The contact is a mailbox."""
    texts = {name: str(getattr(settings, name)) for name in PUBLISHED}
    found = {name: [*found_in(text, (settings.contact,)), *_unseen(text)] for name, text in texts.items()}
    remedy = "It is published: write it without. ETAPPMAL_CONTACT is the mailbox of a function and nothing else."
    return [
        SettingsError(f"{variable(name)} holds {' and '.join(what)}. {remedy}") for name, what in found.items() if what
    ]


def _unseen(text: str) -> list[str]:
    """What is to be said of a text that does not look like what it is."""
    return [] if text.isprintable() else ["a sign that is not seen"]


def plan_text_faults(plan: Plan, settings: Settings) -> list[PlanError]:
    """The files of a plan with personal data in a text, each with its keys."""
    texts = [each for each in plan.texts if not each.key.endswith(OWNER)]
    frame = pl.DataFrame({"text": [each.text for each in texts]}, schema={"text": pl.String})
    found = [(texts[one.row], one.what) for one in findings(frame, ["text"], (settings.contact,))]
    faults = []
    for file, those in groupby(sorted(found, key=lambda one: one[0].file), key=lambda one: one[0].file):
        told = list(dict.fromkeys(f"{text.key} holds {what}" for text, what in those))
        more = f"; and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
        remedy = "Remove it: what a plan says is published."
        faults.append(PlanError(f"{'; '.join(told[:SHOWN])}{more}.", where=file, remedy=remedy))
    return faults
