"""Personal data in what is handed in: an extract whose texts hold any is refused before it goes further.

Here belongs the refusal. What personal data looks like is declared in ``contracts.personal_data``.
"""

from collections.abc import Collection

import polars as pl

from contracts import contract
from contracts.personal_data import findings
from pipelines.refused_extract import place_of
from sources.errors import ExtractError
from sources.extracts import Extract
from sources.extracts.faults import SHOWN


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
