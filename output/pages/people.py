"""The people: how many are employed, how many leave, how many are on sick leave.

Here belongs what is said of staff. Indicators about them have pages of their own.
"""

from collections.abc import Sequence

from contracts.vocabulary import Text
from output.pages.ledgers import ledger
from output.pages.page import Language, Page, Section
from output.pages.view import Row, View
from output.pages.wording import both, number


def pages(view: View) -> list[Page]:
    """The page of the people; none where no table about them is published."""
    found = (
        ledger(view, "antal_anstallda", "organisation", "matt", "ar", "varde", "forandring"),
        ledger(view, "personalomsattning", "organisation", "ar", "varde_procent", "forandring_pe", "utveckling"),
        ledger(view, "sjukfranvaro", "organisation", "grupp", "ar", "varde_procent", "forandring_pe", "utveckling"),
    )
    ledgers = [each for each in found if each is not None]
    if not ledgers:
        return []
    counted = view.rows("antal_anstallda")
    title, last = headline(counted), newest(counted)
    of = f"{last['organisation']}. " if last else ""
    lead = Text(
        f"{of}Anställda, personalomsättning och sjukfrånvaro, {view.period.sv}.",
        f"{of}Employees, staff turnover and sick leave, {view.period.en}.",
    )
    return [Page(Section.PEOPLE, "ledgers.html", Section.PEOPLE, title, lead, {"ledgers": ledgers})]


def newest(rows: Sequence[Row]) -> Row | None:
    """The newest count of employees, which the headline tells; none where none is known."""
    known = [row for row in rows if row["varde"] is not None]
    return max(known, key=lambda row: int(row["ar"]), default=None)


def headline(rows: Sequence[Row]) -> Text:
    """How many are employed, and how that has changed."""
    last = newest(rows)
    if last is None:
        return Text("Personalen", "The staff")

    def write(language: Language) -> str:
        """The headline in one language."""
        swedish = language is Language.SWEDISH
        now = f"{number(last['varde'], 0, language)} {'anställda' if swedish else 'employees'}"
        change = last["forandring"]
        if change is None:
            return f"{now} {last['ar']}" if swedish else f"{now} in {last['ar']}"
        if change == 0:
            return f"{now}, lika många som året före" if swedish else f"{now}, as many as the year before"
        amount = number(abs(change), 0, language)
        if swedish:
            return f"{now}, {amount} {'fler' if change > 0 else 'färre'} än året före"
        return f"{now}, {amount} {'more' if change > 0 else 'fewer'} than the year before"

    return both(write)
