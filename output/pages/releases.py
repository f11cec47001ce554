"""The releases: what each changed, which one has been withdrawn and why, and the newest difference whole.

Here belongs how a release and a difference are shown. What changed is found elsewhere.
"""

from typing import Any, Final

from contracts.vocabulary import Text
from output.differences.difference import Difference, Flip, Kind, TableDifference
from output.pages.page import Page, Section
from output.pages.sentences import GRADES, STATUSES
from output.pages.view import View
from output.pages.wording import capital
from output.publication.releases import TOMBSTONE
from output.site import RELEASES, Release, ReleaseState

PATH: Final = "utgavor/"

KINDS: Final = {
    Kind.ADDED: Text("ny", "new"),
    Kind.CHANGED: Text("ändrad", "changed"),
    Kind.REMOVED: Text("borttagen", "removed"),
    Kind.UNCHANGED: Text("oförändrad", "unchanged"),
}

NOTHING: Final = Text("ingen", "none")


def pages(view: View) -> list[Page]:
    """The page of the releases; none where nothing has been released."""
    releases = view.site.releases
    if not releases:
        return []
    difference = view.site.difference
    lead = Text(
        "En utgåva görs bara när något har ändrats, och ändras aldrig efteråt.",
        "A release is made only when something has changed, and never changes afterwards.",
    )
    context: dict[str, Any] = {
        "withdrawn": ReleaseState.WITHDRAWN,
        "difference": difference,
        "signal": None if difference is None else signal(difference),
        "flips": [] if difference is None else [_flip(each) for each in difference.flips],
        "changed": [] if difference is None else [_table(each) for each in difference.tables],
    }
    trail = ((Text("Data", "Data"), Section.DATA.value),)
    withdrawn = [each for each in releases if each.state is ReleaseState.WITHDRAWN]
    return [
        Page(PATH, "releases.html", Section.DATA, headline(view), lead, context, trail),
        *(_tombstone(each, (*trail, (Text("Utgåvor", "Releases"), PATH))) for each in withdrawn),
    ]


def _tombstone(release: Release, trail: tuple[tuple[Text, str], ...]) -> Page:
    """The page in place of a withdrawn release, for who follows an address of it."""
    lead = Text("Utgåvans filer är borttagna och ska inte användas.", "Its files are removed and must not be used.")
    return Page(
        f"{RELEASES}/{release.id}/",
        "withdrawn.html",
        Section.DATA,
        _withdrawn(release),
        lead,
        {"release": release, "file_name": TOMBSTONE},
        trail,
    )


def _withdrawn(release: Release) -> Text:
    """That a release is taken back."""
    return Text(f"Utgåva {release.id} är återkallad", f"Release {release.id} has been withdrawn")


def headline(view: View) -> Text:
    """The newest release."""
    newest = view.site.releases[0]
    if newest.state is ReleaseState.WITHDRAWN:
        return _withdrawn(newest)
    return Text(f"Senaste utgåvan är {newest.id}", f"The newest release is {newest.id}")


def signal(difference: Difference) -> Text:
    """What changed, in a sentence: statuses first, then tables."""
    flips, tables = len(difference.flips), len(difference.tables)
    if difference.against is None:
        return Text("Det finns ingen tidigare utgåva att jämföra med.", "There is no earlier release to compare with.")
    if not flips and not tables:
        return Text("Ingen status och inget värde har ändrats.", "No status and no value has changed.")
    sets = Text("datamängd" if tables == 1 else "datamängder", "dataset" if tables == 1 else "datasets")
    if flips:
        return Text(
            f"{flips} {'status' if flips == 1 else 'statusar'} har ändrats i {tables} {sets.sv}.",
            f"{flips} {'status has' if flips == 1 else 'statuses have'} changed in {tables} {sets.en}.",
        )
    return Text(
        f"Ingen status har ändrats. {tables} {sets.sv} har andra rader eller värden.",
        f"No status has changed. {tables} {sets.en} {'has' if tables == 1 else 'have'} other rows or values.",
    )


def _flip(flip: Flip) -> dict[str, Any]:
    """A status or grade that is another than before."""
    return {
        "label": flip.label,
        "before": _word(flip.before),
        "after": _word(flip.after),
        "causes": [cause.text for cause in flip.causes],
    }


def _word(value: str | None) -> Text:
    """A status or a grade in a word."""
    if value is None:
        return NOTHING
    text = STATUSES.get(value) or GRADES.get(value) or Text(value, value)
    return Text(capital(text.sv), capital(text.en))


def _table(table: TableDifference) -> dict[str, Any]:
    """A dataset that changed, its samples as text."""
    samples = [("+", each.key, each.after) for each in table.new_samples]
    samples += [("\N{MINUS SIGN}", each.key, each.before) for each in table.lost_samples]
    shown = [
        (sign, _keyed(key), _keyed({name: values[name] for name in values if name not in key}))
        for sign, key, values in samples
    ]
    revised = [
        (
            "~",
            _keyed(each.key),
            "; ".join(f"{name}: {each.before.get(name)} → {each.after[name]}" for name in each.after),
        )
        for each in table.revised_samples
    ]
    columns = [*table.columns_added, *table.columns_removed, *table.columns_changed]
    return {
        "table": table,
        "title": Text(table.title.get("sv", table.dataset), table.title.get("en", table.dataset)),
        "kind": KINDS[table.kind],
        "samples": shown + revised,
        "columns": ", ".join(columns),
    }


def _keyed(values: dict[str, Any]) -> str:
    """Values by name, in a line. Blank values are left out."""
    return ", ".join(f"{name}: {value}" for name, value in values.items() if value is not None)
