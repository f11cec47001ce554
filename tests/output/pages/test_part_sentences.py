"""Headlines of the parts of the report hold for any data: a surplus, none done, all done, nothing to say."""

import datetime as dt
from typing import Any

import pytest

from contracts.vocabulary import Text, Verdict
from output.differences.difference import Difference, Flip, Kind, TableDifference
from output.pages import assignments, checked_figures, comparisons, internal_control, money, people, releases
from output.pages.bars import bars
from output.pages.ranking import Ranking
from output.pages.view import View
from output.site import Release, ReleaseState
from tests.output.pages.small_site import INDICATOR, RELEASE, small_site

COMMITTEE = Text("Nämnden", "The committee")
YEAR = Text("helåret 2023", "the full year 2023")


def plain(text: Text) -> tuple[str, str]:
    """A text with ordinary spaces."""
    swedish, english = (each.replace("\u00a0", " ").replace("\u202f", " ") for each in text)
    return swedish, english


@pytest.mark.parametrize(
    ("variance", "swedish", "english"),
    [
        pytest.param(-22023, "22,0 miljoner sämre än budget", "SEK 22.0 million worse than budget", id="a deficit"),
        pytest.param(1500, "1,5 miljoner bättre än budget", "SEK 1.5 million better than budget", id="a surplus"),
        pytest.param(-40, "I nivå med budget", "On a level with the budget", id="neither"),
        pytest.param(None, "Ekonomin mot budget", "The money against budget", id="not known"),
    ],
)
def test_the_result_against_the_budget(variance: int | None, swedish: str, english: str) -> None:
    assert money.headline(variance) == (swedish, english)


@pytest.mark.parametrize(
    ("total", "variances", "swedish"),
    [
        pytest.param(
            {"budget_tkr": -728902, "utfall_tkr": -750925},
            {"Vägar": -6900, "Planering": 17600, "Parker": -10},
            "Nämnden kostade 750,9 miljoner kronor netto helåret 2023. Budgeten var 728,9. "
            "Störst underskott finns i Vägar, störst överskott i Planering.",
            id="costs",
        ),
        pytest.param(
            {"budget_tkr": 0, "utfall_tkr": 12000},
            {"Vägar": 12000},
            "Resultatet för Nämnden var 12,0 miljoner kronor helåret 2023. Budgeten var 0,0. Störst överskott i Vägar.",
            id="a surplus",
        ),
        pytest.param(None, {"Vägar": -5}, "Störst underskott finns i Vägar.", id="no total"),
        pytest.param(None, {"Vägar": 0}, "", id="nothing to tell"),
        pytest.param(None, {}, "", id="no activities"),
    ],
)
def test_where_the_money_went(total: dict[str, Any] | None, variances: dict[str, int], swedish: str) -> None:
    rows = [{"verksamhet": name, "avvikelse_tkr": amount} for name, amount in variances.items()]
    assert plain(money.lead(COMMITTEE, YEAR, total, rows))[0] == swedish


@pytest.mark.parametrize(
    ("change", "swedish", "english"),
    [
        (39, "420 anställda, 39 fler än året före", "420 employees, 39 more than the year before"),
        (-3, "420 anställda, 3 färre än året före", "420 employees, 3 fewer than the year before"),
        (0, "420 anställda, lika många som året före", "420 employees, as many as the year before"),
        (None, "420 anställda 2023", "420 employees in 2023"),
    ],
)
def test_how_many_are_employed(change: int | None, swedish: str, english: str) -> None:
    rows = [{"ar": 2022, "varde": 381, "forandring": None}, {"ar": 2023, "varde": 420, "forandring": change}]
    assert people.headline(rows) == (swedish, english)


def test_a_number_of_employees_that_is_not_published_is_not_told() -> None:
    assert people.headline([{"ar": 2023, "varde": None, "forandring": None}]).sv == "Personalen"


@pytest.mark.parametrize(
    ("ends", "headline", "remainder"),
    [
        (["klart", "overfors"], "1 av 2 uppdrag är klara", "Ett fortsätter nästa år."),
        (["klart", "klart"], "Alla 2 uppdrag är klara", "Inget förs över till nästa år."),
        (["utgar", "overfors", "overfors"], "Inget av 3 uppdrag är klart", "Två fortsätter nästa år och ett utgår."),
        (["klart"], "Uppdraget är klart", "Inget förs över till nästa år."),
        (["utgar"], "Uppdraget är inte klart", "Ett utgår."),
    ],
)
def test_what_became_of_the_assignments(ends: list[str], headline: str, remainder: str) -> None:
    assert assignments.headline(ends).sv == headline
    assert assignments.remainder(ends).sv == remainder


@pytest.mark.parametrize(
    ("wrong", "total", "swedish", "english"),
    [
        (5, 163, "5 av 163 siffror går inte ihop", "5 of 163 figures do not add up"),
        (1, 163, "1 av 163 siffror går inte ihop", "1 of 163 figures does not add up"),
        (0, 163, "Alla 163 siffror går ihop", "All 163 figures add up"),
        (1, 1, "Siffran går inte ihop", "The figure does not add up"),
        (0, 1, "Siffran går ihop", "The figure adds up"),
        (0, 0, "Ingen siffra kunde kontrolleras", "No figure could be checked"),
        (3, 3, "Ingen av 3 siffror går ihop", "None of 3 figures adds up"),
    ],
)
def test_how_many_figures_do_not_add_up(wrong: int, total: int, swedish: str, english: str) -> None:
    assert checked_figures.headline(wrong, total) == (swedish, english)


def test_a_figure_that_its_source_has_changed_since_is_no_error_and_one_that_cannot_be_checked_is_not_counted() -> None:
    verdicts = [Verdict.AGREES, Verdict.DISAGREES, Verdict.DIFFERS_FROM_SOURCE, Verdict.NOT_CHECKABLE]
    assert checked_figures.disagreeing([{"utslag": str(verdict)} for verdict in verdicts]) == (1, 3)


@pytest.mark.parametrize(
    ("done", "total", "swedish"),
    [
        (14, 20, "14 av 20 åtgärder och kontroller är klara"),
        (20, 20, "Alla 20 åtgärder och kontroller är klara"),
        (0, 20, "Ingen av 20 åtgärder och kontroller är klar"),
        (1, 1, "Åtgärden är klar"),
        (0, 1, "Åtgärden är inte klar"),
        (0, 0, "Intern kontroll"),
    ],
)
def test_how_much_of_the_internal_control_is_done(done: int, total: int, swedish: str) -> None:
    assert internal_control.headline(done, total).sv == swedish


def ranking(rank: int | None, of: int) -> Ranking:
    """A year in which the municipality has this rank, or no value."""
    row = {"jamforelse_id": "0126", "jamforelse": "Huddinge", "typ": "kommun", "rang": rank, "rang_av": of}
    return Ranking(INDICATOR, 2022, [{**row, "utfall": None if rank is None else 5.0}], "0126")


@pytest.mark.parametrize(
    ("ranks", "swedish"),
    [
        ([(7, 26), (20, 23)], "1 av 2 mått i länets bättre halva"),
        ([(13, 26)], "I länets bättre halva"),
        ([(14, 26)], "I länets sämre halva"),
        ([(1, 26), (2, 3)], "1 av 2 mått i länets bättre halva"),
        ([(14, 26), (26, 26)], "Inget av 2 mått i länets bättre halva"),
        ([(None, 26)], "Jämförelser i länet"),
    ],
)
def test_how_the_municipality_stands_in_its_county(ranks: list[tuple[int | None, int]], swedish: str) -> None:
    assert comparisons.headline([ranking(rank, of) for rank, of in ranks]).sv == swedish


def test_a_rank_in_words() -> None:
    assert plain(ranking(20, 23).title) == ("Plats 20 av 23 i länet 2022", "Rank 20 of 23 in the county in 2022")
    assert plain(ranking(None, 23).title)[0] == "Ingen plats i länet 2022"


def test_bars_stand_on_one_scale_with_zero_between_worse_and_better() -> None:
    worse, better = bars([-100, 200])
    assert (worse.zero, worse.start, worse.length, worse.better) == (100.0, 0.0, 100.0, False)
    assert (better.zero, better.start, better.length, better.better) == (100.0, 100.0, 200.0, True)
    assert [bar.length for bar in bars([0, 0])] == [0.0, 0.0]


FLIP = Flip(
    dataset="indikatorer", key={}, label="Oro", column="etappmal_status", before=None, after="uppnatt", causes=()
)
TABLE = TableDifference(
    dataset="indikatorer", title={"sv": "Indikatorer"}, kind=Kind.CHANGED, rows_before=1, rows_after=1
)


@pytest.mark.parametrize(
    ("difference", "swedish"),
    [
        (Difference(against=None), "Det finns ingen tidigare utgåva att jämföra med."),
        (Difference(against="2024-03-01", flips=(FLIP,), tables=(TABLE,)), "1 status har ändrats i 1 datamängd."),
        (
            Difference(against="2024-03-01", tables=(TABLE,)),
            "Ingen status har ändrats. 1 datamängd har andra rader eller värden.",
        ),
        (Difference(against="2024-03-01"), "Ingen status och inget värde har ändrats."),
    ],
)
def test_what_a_release_changed(difference: Difference, swedish: str) -> None:
    assert releases.signal(difference).sv == swedish


def test_a_withdrawn_release_is_named_as_such() -> None:
    taken_back = Release(
        "2024-03-28", dt.date(2024, 3, 28), ReleaseState.WITHDRAWN, RELEASE.summary, "Fel fil.", dt.date(2024, 3, 29)
    )
    assert releases.headline(View(small_site(releases=[taken_back]))).sv == "Utgåva 2024-03-28 är återkallad"
    assert releases.headline(View(small_site())).sv == "Senaste utgåvan är 2024-03-28"
