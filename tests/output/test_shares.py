"""Shares of persons: what is left blank of turnover and sick leave where a head count is."""

import polars as pl

from contracts import contract
from output.disclosure.small_counts import withheld
from tests.output.counting import REPORT, head_count
from tests.output.publishing import framed

HEADS = "Antal anställda"


def turnover(*said: tuple[str, int, float | None, float | None]) -> dict[str, pl.DataFrame]:
    """Organisation, year, share and change."""
    rows = [
        {
            **REPORT,
            "organisation_id": name,
            "organisation": name,
            "ar": year,
            "varde_procent": share,
            "varde_status": "ej_publicerat" if share is None else None,
            "forandring_pe": change,
            "kalla": "Rapporten",
        }
        for name, year, share, change in said
    ]
    return {"personalomsattning": framed(rows, contract("personalomsattning").polars_schema)}


def sick_leave(**groups: float) -> dict[str, pl.DataFrame]:
    """The share of each group of organisation e in 2023."""
    rows = [
        {
            **REPORT,
            "organisation_id": "e",
            "organisation": "e",
            "grupp": group,
            "ar": 2023,
            "varde_procent": share,
            "kalla": "Rapporten",
        }
        for group, share in groups.items()
    ]
    return {"sjukfranvaro": framed(rows, contract("sjukfranvaro").polars_schema)}


def shares(found: dict[str, pl.DataFrame], table: str = "personalomsattning") -> list[tuple[object, ...]]:
    """What is left of the shares."""
    return found[table].select("ar", "varde_procent", "varde_status", "forandring_pe").rows()


def test_turnover_of_few_is_left_blank_with_what_has_changed_since() -> None:
    tables = head_count(("e", HEADS, 2022, 3, None), ("e", HEADS, 2023, 10, 7)) | turnover(
        ("e", 2021, 20.0, None), ("e", 2022, 33.3, 13.3), ("e", 2023, 30.0, -3.3)
    )
    assert shares(withheld(tables)) == [
        (2021, 20.0, None, None),
        (2022, None, "skyddad_smatal", None),
        (2023, 30.0, None, None),
    ]


def test_so_it_is_of_a_year_that_only_a_change_tells_of() -> None:
    tables = head_count(("e", HEADS, 2023, 10, 7)) | turnover(("e", 2022, 33.3, None), ("e", 2023, 30.0, None))
    assert shares(withheld(tables)) == [(2022, None, "skyddad_smatal", None), (2023, 30.0, None, None)]


def test_turnover_of_others_stays_and_so_does_a_reason_that_there_was() -> None:
    tables = head_count(("e", HEADS, 2023, 3, None), ("f", HEADS, 2023, 30, None)) | turnover(
        ("e", 2023, None, 1.5), ("f", 2023, 10.0, None), ("g", 2023, 10.0, None)
    )
    assert shares(withheld(tables)) == [
        (2023, None, "ej_publicerat", None),
        (2023, 10.0, None, None),
        (2023, 10.0, None, None),
    ]


def test_sick_leave_of_parts_is_left_blank_where_a_part_is_few() -> None:
    heads = [("e", HEADS, 2023, 20, None), ("e", "varav kvinnor", 2023, 18, None), ("e", "varav män", 2023, 2, None)]
    found = withheld(head_count(*heads) | sick_leave(totalt=4.0, kvinnor=3.0, man=13.0))["sjukfranvaro"]
    assert found.select("grupp", "varde_procent", "varde_status").rows() == [
        ("totalt", 4.0, None),
        ("kvinnor", None, "skyddad_smatal"),
        ("man", None, "skyddad_smatal"),
    ]


def test_sick_leave_of_all_is_left_blank_where_all_are_few() -> None:
    found = withheld(head_count(("e", HEADS, 2023, 3, None)) | sick_leave(totalt=66.7, kvinnor=66.7))
    assert [row[1:3] for row in shares(found, "sjukfranvaro")] == [(None, "skyddad_smatal")] * 2


def test_what_a_release_left_blank_stays_blank_when_the_count_has_no_row_any_more() -> None:
    before = withheld(head_count(("e", HEADS, 2022, 3, None)) | turnover(("e", 2022, 33.3, None)))
    found = withheld(turnover(("e", 2022, 33.3, None), ("e", 2023, 30.0, -3.3)), [before])
    assert shares(found) == [(2022, None, "skyddad_smatal", None), (2023, 30.0, None, None)]


def test_a_figure_in_text_that_tells_of_such_a_share_is_left_out() -> None:
    said = {"uppgift_id": "omsattning", "avsnitt": "a", "uppgift": "b", "varde": 33.3, "enhet": "procent"}
    linked = {**REPORT, **said, "kopplad_till": "personalomsattning:e/2023:varde_procent", "kalla": "Rapporten"}
    text = {"textuppgifter": framed([linked], contract("textuppgifter").polars_schema)}
    tables = head_count(("e", HEADS, 2023, 3, None)) | turnover(("e", 2023, 33.3, None)) | text
    assert withheld(tables)["textuppgifter"].is_empty()
