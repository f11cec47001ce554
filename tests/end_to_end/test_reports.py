"""Reports as partitions: seven years made in one run, one made again, a run that breaks off, the rule in force."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines.definitions import JOB, defs
from pipelines.runs.manifests import manifests
from pipelines.transforms.rules import RULES, RuleVersion
from tests.end_to_end.place import Place
from tests.end_to_end.test_deployment import when_known
from tests.end_to_end.ui import the_ui
from tests.end_to_end.years import OUTCOMES, YEARS, Years, seven_years

pytestmark = pytest.mark.slow

REPORTS = [f"{year}-helar" for year in YEARS]


@pytest.fixture
def years(tmp_path: Path) -> Iterator[Years]:
    """Seven years of which nothing has been made."""
    with seven_years(tmp_path) as found:
        yield found


def reports_of(frame: pl.DataFrame) -> list[str]:
    """The reports that a table has rows of."""
    return sorted(frame["rapport"].unique())


def test_seven_years_are_one_run_and_one_made_again_leaves_the_others(years: Years) -> None:
    years.made(YEARS[0], YEARS[-1])
    with years.instance() as instance:
        assert len(instance.get_runs()) == 1
        for table in ("malbedomning", "publication"):
            assert instance.get_materialized_partitions(dg.AssetKey(table)) == set(REPORTS)
    assert reports_of(years.published()) == REPORTS
    outcomes = years.published("indikatorer").filter(indikator_id="andel").sort("rapport")
    assert dict(zip(YEARS, outcomes["utfall_kalla"], strict=True)) == OUTCOMES
    runs = list(manifests(years.settings.runs))
    assert [(run.rapport, run.state) for run in runs] == [(report, "published") for report in REPORTS]

    before = years.bytes()
    again = years.made(2019)
    assert again["state"] == "unchanged"
    assert (again["reports"], years.bytes()) == (["2019-helar"], before)

    others = years.rows_of_others(2019)
    years.write(2019, ('grade = "Delvis uppfyllt"', 'grade = "Ej uppfyllt"'))
    assert years.made(2019)["state"] == "published"
    assert years.rows_of_others(2019) == others
    (grade,) = years.published("samlad_bedomning").filter(rapport="2019-helar")["beslutad_maluppfyllelse"]
    assert grade == "Ej uppfyllt"

    # Of which report the last run was makes nothing of what is said of the home.
    years.made()
    assert years.rows_of_others(2019) == others
    assert [run.rapport for run in manifests(years.settings.runs)][-3:] == ["2019-helar", "2019-helar", "2023-helar"]


def test_reports_that_are_filled_in_the_ui_are_one_run_and_each_is_made_again_from_the_archive(
    years: Years, tmp_path: Path
) -> None:
    place, three = Place(tmp_path), REPORTS[-3:]
    with the_ui(place, years.environment) as ui:
        for report in three:
            when_known(ui.url, report)
        job = defs.resolve_job_def(JOB).asset_layer.selected_asset_keys
        assert ui.fill(sorted(key.path[-1] for key in job), three) == "COMPLETED_SUCCESS"
        assert list(ui.runs().values()) == ["SUCCESS"]
    assert reports_of(years.published()) == three
    runs = list(manifests(years.settings.runs))
    assert [(run.rapport, run.state) for run in runs] == [(report, "published") for report in three]
    for run in runs:
        again = place.run("replay", run.run_id, "--to", str(tmp_path / run.rapport), settings=years.environment)
        assert again.status == 0, again.err


def test_what_a_run_left_half_made_is_not_published_by_another(years: Years) -> None:
    years.made(2022, 2023)
    stood = years.rows_of_others(2023)
    # Its goals are written anew, and the run breaks off before their grades are.
    years.write(2022, ('name = "Fossilfria fordon"', 'name = "Utsläppsfria fordon"'))
    years.broken_off(2022)
    assert years.made(2023)["state"] == "unchanged"
    assert years.rows_of_others(2023) == stood
    years.made(2022)
    assert "Utsläppsfria fordon" in years.published().filter(rapport="2022-helar")["namndmal"].to_list()


def test_a_report_whose_only_run_broke_off_is_not_published(years: Years) -> None:
    years.made(2023)
    years.broken_off(2022)
    years.made(2023)
    assert reports_of(years.published()) == ["2023-helar"]


def never(reached: pl.Expr, assessable: pl.Expr) -> pl.Expr:
    """A made-up second version of the rule: no grade is better than partly."""
    return pl.when(reached / assessable >= 0).then(pl.lit("Delvis uppfyllt")).otherwise(pl.lit("Kan ej bedömas"))


def rules_used(years: Years) -> dict[str, str]:
    """The version of the rule of each report."""
    told = years.published("samlad_bedomning")
    return {report[:4]: rule[-1] for report, rule in told.select("rapport", "regelversion").iter_rows()}


def test_a_report_keeps_the_rule_that_it_was_decided_under(years: Years, monkeypatch: pytest.MonkeyPatch) -> None:
    for year in (2021, 2022, 2023):
        years.write(year, ('version = "1"\n', ""))
    years.made(2021, 2023)
    before = years.published().filter(pl.col("rapport") < "2023")
    monkeypatch.setitem(RULES, "2", RuleVersion("2", never))
    years.made(2021, 2023)
    assert rules_used(years) == {"2021": "1", "2022": "1", "2023": "2"}, "2023 is not decided yet"
    assert years.published().filter(pl.col("rapport") < "2023").equals(before)

    years.made(2022, rule="latest")
    assert rules_used(years) == {"2021": "1", "2022": "2", "2023": "2"}
    years.made(2022)
    assert rules_used(years) == {"2021": "1", "2022": "1", "2023": "2"}

    years.write(2022, ('version = "1"', 'version = "2"'))
    years.made(2022)
    assert rules_used(years)["2022"] == "2", "the plan says so"


def test_goals_keep_their_history_over_the_years(years: Years) -> None:
    years.write(2022, ('id = "fordon"', 'id = "bilar"\ncontinues = ["fordon"]'))
    years.write(2023, ('id = "fordon"', 'id = "transporter"'), ('id = "andel"', 'id = "andel"\nends = "Mäts inte."'))
    years.made(2021, 2023)
    followed = years.published("malhistorik").filter(slag="namndmal").sort("rapport")
    assert followed.select("id", "uppkomst", "fortsattning", "efterfoljare").rows() == [
        ("fordon", "forsta", "omdops", "bilar"),
        ("bilar", "omdopt", "upphor", None),
        ("transporter", "ny", None, None),
    ]


def test_values_of_kolada_are_those_of_all_plans(years: Years) -> None:
    only_first = (
        'inputs = { fordon = "kolada:N00002", folk = "scb:folkmangd" }',
        'inputs = { fordon = "kolada:N00001" }',
    )
    formula = ('formula = "fordon / folk"', 'formula = "fordon / 100"')
    second = '[[kolada.kpi]]\nid = "N00002"\ntitle = "Fordon, antal"\nunit = "antal"\n'
    years.write(2023, only_first, formula, (second, ""))
    years.made(2022, 2023)
    both = ["N00001", "N00002"]
    assert sorted(years.published("jamforelsetal_kolada")["kpi_id"].unique()) == both
    values = years.bytes()["jamforelsetal_kolada.parquet"]
    for year in (2023, 2022, 2023):
        years.made(year)
        assert years.bytes()["jamforelsetal_kolada.parquet"] == values
