"""Reading a plan: the shipped one and a small one hold, and each fault is told with its file, key and remedy."""

import datetime as dt
from pathlib import Path

import pytest

from contracts.vocabulary import Grade, Operator, ReportedStatus, RowKind
from pipelines.settings import PACKAGE
from sources.plan import load_plan
from tests.sources.plans import LINES, PLAN, changed, plan, refused, written

HUDDINGE = PACKAGE / "huddinge" / "2023"


def test_the_shipped_plan_holds() -> None:
    shipped = load_plan(HUDDINGE)
    indicators = {indicator.id: indicator for _, indicator in shipped.register.indicators}
    assert (len(shipped.register.goal), len(indicators)) == (9, 22)
    assert sum(1 for each in indicators.values() if each.lag) == 9
    assert {name for name, each in indicators.items() if each.milestone and each.milestone.assumed_operator} == {
        "namndernas_budgethallning",
        "ks_budgethallning",
    }
    assert all(extract.path.is_file() for extract in shipped.extracts.values())
    assert shipped.archive.is_dir()


def test_a_small_plan_is_read_as_it_is_written(tmp_path: Path) -> None:
    small = load_plan(written(tmp_path))
    first, second = (indicator for _, indicator in small.register.indicators)
    assert first.milestone is not None
    assert (first.milestone.effective, first.milestone.value) == (Operator.AT_LEAST, 80)
    assert first.source.references == ("kolada:N00001",)
    assert second.source.references == ("kolada:N00002", "scb:folkmangd")
    assert (second.milestone, second.target) == (None, None)
    assert second.reported.status is ReportedStatus.UNSTATED
    assert [(row.id, row.kind, row.parent) for row in small.lines["resultatrakning"]] == [
        ("intakter", RowKind.ITEM, "resultat"),
        ("resultat", RowKind.TOTAL, None),
    ]
    extract = small.extracts["resultatrakning"]
    assert extract.path == (tmp_path / "extracts" / "resultatrakning.csv").resolve()
    assert (extract.encoding, extract.separator, extract.decimal, extract.ledger) == ("utf-8", ";", ",", False)
    assert small.archive == tmp_path / "archive"
    assert small.files == {"plan.toml": PLAN.encode(), "lines.toml": LINES.encode()}


def test_a_decision_an_assumed_operator_and_a_tab_are_read(tmp_path: Path) -> None:
    decided = '\n[goal.decision]\ngrade = "Delvis uppfyllt"\ndate = 2024-02-14\nreason = "Kort."\n\n[[goal.indicator]]'
    small = plan(
        tmp_path,
        ("\n[[goal.indicator]]", decided),
        ('operator = ">="', 'assumed_operator = ">="'),
        ('owner = "ekonomi', 'separator = "tab"\nowner = "ekonomi'),
    )
    (goal,) = small.register.goal
    assert goal.decision is not None
    assert (goal.decision.grade, goal.decision.date) == (Grade.PARTLY, dt.date(2024, 2, 14))
    milestone = goal.indicator[0].milestone
    assert milestone is not None
    assert (milestone.operator, milestone.effective) == (None, Operator.AT_LEAST)
    assert small.extracts["resultatrakning"].separator == "\t"


def test_a_plan_without_statements_needs_no_lines(tmp_path: Path) -> None:
    text, _, _ = PLAN.partition("[[extract]]")
    assert load_plan(written(tmp_path, text, None)).lines == {}


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    marked = load_plan(written(tmp_path, PLAN.encode("utf-8-sig"), LINES.encode("utf-8-sig")))
    assert marked.register == load_plan(written(tmp_path)).register


TWICE = {
    "target_area": '[[target_area]]\nid = "miljo"\nname = "Igen"\n\n[[council_goal]]',
    "council_goal": '[[council_goal]]\nid = "klimat"\nname = "Igen"\ntarget_area = "miljo"\n\n[[goal]]',
}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("lag = 0", "lagg = 0", ["the key 'lagg' is not known: did you mean 'lag'?"], id="a misspelt key"),
        pytest.param(
            "lag = 0",
            "lagg = 0",
            ["goal 'fordon' > indicator 'andel' > lag: is missing: write it"],
            id="the key that is missing for it",
        ),
        pytest.param(
            'version = "1"',
            'version = "1"\nqqqqqq = 1',
            ["rule > qqqqqq: the key 'qqqqqq' is not known: remove it"],
            id="a key like no other",
        ),
        pytest.param(
            "[rule]", "[ruel]", ["ruel: the key 'ruel' is not known: did you mean 'rule'?"], id="a misspelt table"
        ),
        pytest.param(
            'operator = ">=", ',
            "",
            ["goal 'fordon' > indicator 'andel' > milestone: give exactly one of operator and assumed_operator"],
            id="a milestone with neither operator",
        ),
        pytest.param(
            'operator = ">="',
            'operator = ">=", assumed_operator = ">="',
            ["milestone: give exactly one of operator and assumed_operator"],
            id="a milestone with both operators",
        ),
        pytest.param('">="', '"=>"', ["is '=>': write one of '>=', '>', '<=', '<' or '='"], id="no operator"),
        pytest.param("value = 80", "value = nan", ["milestone > value"], id="a milestone that is no number"),
        pytest.param("value = 80", "value = inf", ["milestone > value"], id="a milestone without end"),
        pytest.param(
            "[[council_goal]]", TWICE["target_area"], ["target_area: id 'miljo' stands twice"], id="an area twice"
        ),
        pytest.param(
            "[[goal]]", TWICE["council_goal"], ["council_goal: id 'klimat' stands twice"], id="a council goal twice"
        ),
        pytest.param(
            'id = "per_invanare"', 'id = "andel"', ["indicator: id 'andel' stands twice"], id="an indicator twice"
        ),
        pytest.param('id = "N00002"', 'id = "N00001"', ["kolada.kpi: id 'N00001' stands twice"], id="a KPI twice"),
        pytest.param(
            'id = "andel"', 'id = "Andel"', ["indicator 'Andel' > id", "not 'Andel'"], id="an id with capitals"
        ),
        pytest.param(
            'source = { kolada = "N00001", unit = "procent" }\n',
            "",
            ["indicator 'andel' > source: is missing: write it"],
            id="an indicator without source",
        ),
        pytest.param(
            'kolada = "N00001", unit',
            "unit",
            ["indicator 'andel' > source: names no source: give exactly one of kolada"],
            id="a source that names none",
        ),
        pytest.param(
            'kolada = "N00001", unit',
            'kolada = "N00001", extract = "indikatorutfall", unit',
            ["names kolada and extract: give exactly one"],
            id="a source that names two",
        ),
        pytest.param(
            'kolada = "N00001", unit = "procent"',
            'kolada = "N00001", unit = "antal"',
            ["indicator 'andel': is measured in 'procent' and its source in 'antal': name a source that measures"],
            id="a source of another unit",
        ),
        pytest.param(
            'source = { kolada = "N00001", unit',
            'source = { kolada = "N00002", unit',
            ["indicator 'andel' is measured in 'procent', kolada:N00002 in 'antal'", "or a formula that gives it"],
            id="a KPI of another unit",
        ),
        pytest.param(
            'folk = "scb:folkmangd" }, unit = "kvot"',
            'folk = "scb:folkmangd" }, unit = "procent"',
            ["indicator 'per_invanare': is measured in 'kvot' and its source in 'procent'"],
            id="a formula of another unit",
        ),
        pytest.param(
            'title = "Fossilfria fordon, andel (%)"',
            'title = "Fossilfria fordon, antal"',
            ["kpi 'N00001': is declared in 'procent', its title says 'antal': write unit = 'antal'"],
            id="a KPI whose title says another unit",
        ),
        pytest.param(
            'council_goal = "klimat"',
            'council_goal = "kliamt"',
            ["goal 'fordon': council_goal 'kliamt' is not declared: declared are klimat"],
            id="an unknown council goal",
        ),
        pytest.param(
            'target_area = "miljo"',
            'target_area = "halsa"',
            ["council_goal 'klimat': target_area 'halsa' is not declared: declared are miljo"],
            id="an unknown target area",
        ),
        pytest.param(
            'source = { kolada = "N00001"',
            'source = { kolada = "N99999"',
            ["indicator 'andel': source 'kolada:N99999' is not declared: declared are kolada:N00001"],
            id="an unknown KPI",
        ),
        pytest.param(
            'source = { kolada = "N00001", unit = "procent" }',
            'source = { scb = "okand", unit = "procent" }',
            ["indicator 'andel': source 'scb:okand' is not declared", "scb:folkmangd"],
            id="an unknown series",
        ),
        pytest.param(
            '"scb:folkmangd"',
            '"scb:folk"',
            ["indicator 'per_invanare': source 'scb:folk' is not declared"],
            id="an unknown series in a formula",
        ),
        pytest.param(
            '"fordon / folk"',
            '"fordon ** folk"',
            ["indicator 'per_invanare' > source: 'fordon ** folk' is not allowed: only names, numbers"],
            id="a formula that is no arithmetic",
        ),
        pytest.param('"fordon / folk"', '"fordon / "', ["'fordon /' is not arithmetic"], id="half a formula"),
        pytest.param(
            '"fordon / folk"',
            '"fordon / barn"',
            ["the formula uses barn, fordon, inputs declares folk, fordon: they must be the same names"],
            id="a formula over other names",
        ),
        pytest.param(
            'formula = "fordon / folk", inputs = { fordon = "kolada:N00002", folk = "scb:folkmangd" }',
            'formula = "1 + 1"',
            ["indicator 'per_invanare' > source: the formula uses no input"],
            id="a formula over nothing",
        ),
        pytest.param(
            'kolada = "N00001", unit',
            'kolada = "N00001", inputs = { a = "kolada:N00001" }, unit',
            ["inputs belong to a formula: remove them or write the formula"],
            id="inputs without a formula",
        ),
        pytest.param(
            'table = "resultatrakning"',
            'table = "resultatrakningen"',
            ["plan.toml, extract 'resultatrakningen'", "no such table to hand in", "Did you mean 'resultatrakning'?"],
            id="an extract of a misspelt table",
        ),
        pytest.param(
            'table = "resultatrakning"',
            'table = "indikatorer"',
            ["plan.toml, extract 'indikatorer'", "no such table to hand in"],
            id="an extract of a table that is computed",
        ),
        pytest.param(
            'table = "resultatrakning"',
            'table = "driftsredovisning"',
            ["extract 'driftsredovisning'", "its rows are not declared", "List them under [[driftsredovisning]]"],
            id="a statement without lines",
        ),
        pytest.param(
            '"extracts/resultatrakning.csv"',
            '"../resultatrakning.csv"',
            ["plan.toml, '../resultatrakning.csv': is not a file in the plan's own folder", "'extracts/table.csv'"],
            id="an extract outside the folder",
        ),
        pytest.param(
            '"extracts/resultatrakning.csv"',
            '"/etc/passwd"',
            ["is not a file in the plan's own folder"],
            id="an extract by an absolute path",
        ),
        pytest.param(
            "year = 2023",
            "year = 2022",
            ["report: id '2023-helar' and year 2022 differ"],
            id="a report of another year",
        ),
        pytest.param('"0126"', '"126"', ["municipality > id"], id="a code without its zero"),
        pytest.param(
            'direction = "hogre_ar_battre"',
            'direction = "hogre"',
            ["direction: is 'hogre': write one of 'hogre_ar_battre' or 'lagre_ar_battre'"],
            id="an unknown direction",
        ),
    ],
)
def test_a_fault_is_told_with_its_key_and_what_to_write(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    error = refused(written(tmp_path, changed(PLAN, old, new)))
    assert error.where.startswith("plan.toml")
    assert [part for part in told if part not in str(error)] == []


def test_a_goal_without_indicators_is_refused(tmp_path: Path) -> None:
    text = changed(PLAN, "[[goal]]", '[[goal]]\nid = "tomt"\nname = "Tomt"\ncouncil_goal = "klimat"\n\n[[goal]]')
    assert "goal 'tomt' > indicator: is missing: write it" in str(refused(written(tmp_path, text)))
    empty = changed(text, 'name = "Tomt"', 'name = "Tomt"\nindicator = []')
    assert "goal 'tomt' > indicator: is empty: a goal has at least one indicator" in str(
        refused(written(tmp_path, empty))
    )


@pytest.mark.parametrize(
    ("start", "told"),
    [
        pytest.param("[[goal]]", "goal: id 'fordon' stands twice", id="a goal"),
        pytest.param("[[scb.series]]", "scb.series: id 'folkmangd' stands twice", id="a series"),
        pytest.param("[[extract]]", "extract: id 'resultatrakning' stands twice", id="an extract"),
    ],
)
def test_an_entry_that_stands_twice_is_refused(tmp_path: Path, start: str, told: str) -> None:
    _, found, rest = PLAN.partition(f"\n{start}\n")
    entry = found + rest.partition("\n\n[[goal.indicator]]")[0].partition("\n\n[[extract]]")[0]
    text = changed(PLAN, entry, f"{entry}\n{entry}")
    if start == "[[goal]]":
        indicator = (
            '\n[[goal.indicator]]\nid = "annan"\nname = "Annan"\nunit = "antal"\ndecimals = 0\nlag = 0\n'
            'direction = "hogre_ar_battre"\nsource = { extract = "indikatorutfall", unit = "antal" }\n'
        )
        text = changed(PLAN, entry, f"{entry}\n{indicator}{entry}\n")
    assert told in str(refused(written(tmp_path, text)))


def test_every_fault_is_told_at_once_up_to_ten(tmp_path: Path) -> None:
    text = changed(changed(PLAN, "lag = 0", "lag = 9"), 'unit = "kvot"\ndecimals = 2', 'unit = "kvot"\ndecimals = -1')
    message = str(refused(written(tmp_path, text)))
    assert "indicator 'andel' > lag" in message
    assert "indicator 'per_invanare' > decimals" in message
    many = changed(PLAN, '[rule]\nversion = "1"', '[rule]\nversion = "1"\n' + "".join(f"k{n} = 1\n" for n in range(13)))
    assert "(and 3 more)" in str(refused(written(tmp_path, many)))
