"""What holds for every declared table: prose in two languages, keys, decimals, names, and the promised columns."""

import re
from typing import Final

import pytest

import contracts.vocabulary
from contracts import Contract, contract
from contracts import contracts as declared_contracts
from contracts.declare import DUCKDB_TYPES
from contracts.rulebook import REFERENCES, rules_of
from contracts.vocabulary import Reason, Severity, Text, Word

NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

TABLES: Final = [pytest.param(found, id=found.table) for found in declared_contracts()]
PUBLISHED: Final = [pytest.param(found, id=found.name) for found in declared_contracts("open")]
ENDINGS: Final = {"_tkr": "tkr", "_mnkr": "mnkr", "_procent": "procent", "_pe": "procentenheter"}
VOCABULARIES: Final = [
    pytest.param(found, id=found.__name__)
    for found in vars(contracts.vocabulary).values()
    if isinstance(found, type) and issubclass(found, Word) and found is not Word
]

PROMISED: Final = {
    "malbedomning": "namndmal_id malomrade kf_mal namndmal antal_indikatorer antal_bedombara antal_uppnadda "
    "antal_gransfall beraknad_maluppfyllelse beslutad_maluppfyllelse stammer steg motivering motivering_av "
    "regelversion rapport kalla kalla_rad",
    "samlad_bedomning": "beraknad_maluppfyllelse beslutad_maluppfyllelse antal_namndmal "
    "antal_beslutad_i_mycket_hog_grad antal_beslutad_i_hog_grad antal_beslutad_delvis antal_beslutad_ej "
    "antal_beslutad_kan_ej_bedomas antal_beraknad_i_mycket_hog_grad antal_beraknad_i_hog_grad antal_beraknad_delvis "
    "antal_beraknad_ej antal_beraknad_kan_ej_bedomas antal_indikatorer antal_uppnadda antal_gransfall "
    "tackning_procent rapport",
    "indikatorer": "indikator_id indikator namndmal_id enhet riktning utfall_ar utfall etappmal_ar etappmal_operator "
    "etappmal_varde malvarde_ar malvarde_operator malvarde etappmal_status orsak rapporterad_status "
    "rapporterad_av_malet stammer utfall_kalla status_kalla avstand trend kalla forklaring rapport",
    "indikatorutfall": "indikator_id ar kon utfall utfall_status kalla kalla_id mognad kand_fran kand_till rapport",
    "uppdrag": "uppdrag_id namndmal_id uppdrag fran_kf status fortsattning rapport",
    "resultatrakning": "rad_id rad radtyp budget_tkr utfall_tkr avvikelse_tkr fg_ar_tkr rapport kalla kalla_rad",
    "driftsredovisning": "verksamhet_id verksamhet over_id radtyp budget_tkr utfall_tkr avvikelse_tkr "
    "avvikelse_procent fg_ar_tkr rapport kalla kalla_rad",
    "driftsredovisning_ar": "verksamhet_id verksamhet over_id radtyp ar utfall_tkr forandring_procent rapport kalla",
    "sarskilda_satsningar": "satsning_id satsning radtyp budget_tkr utfall_tkr forbrukning_procent uppdrag_id rapport",
    "digitaliseringspott": "reserverat_tkr tilldelat_tkr utfall_tkr antal_beviljade antal_klara antal_pagaende "
    "antal_planerade antal_avbrutna ar rapport kalla",
    "extern_finansiering": "finansiering_id finansiar bidrag_tkr kostnad_tkr netto_tkr i_budget_tkr namndmal_id "
    "rapport kalla",
    "budgetram": "steg handelse belopp_mnkr ram_mnkr rapport kalla",
    "investeringar": "investering_id investering over_id radtyp budget_tkr utfall_tkr avvikelse_tkr "
    "upparbetning_procent rapport kalla",
    "investeringsoverforing": "investering_id belopp_tkr belopp_mnkr rapport kalla",
    "investeringsprojekt": "fas_id fas radtyp budget_tkr utfall_tkr avvikelse_tkr rapport kalla",
    "exploateringsprojekt": "fas_id fas radtyp utgift_tkr inkomst_tkr netto_tkr budget_tkr avvikelse_tkr rapport kalla",
    "exploateringsutfall": "fas_id fas radtyp prognos_tkr utfall_tkr avvikelse_tkr rapport kalla",
    "antal_anstallda": "organisation matt ar varde forandring rapport kalla",
    "personalomsattning": "organisation ar varde_procent forandring_pe utveckling rapport kalla",
    "sjukfranvaro": "organisation grupp ar varde_procent forandring_pe rapport kalla",
    "stickprov": "organisation antal_stickprov antal_fel andel_fel_procent andel_fel_delar2_procent rapport kalla",
    "kontrollresultat": "kontroll_id process matt varde enhet ar rapport kalla",
    "riskatgarder": "id process atgard status rapport",
    "granskningsatgarder": "id granskning atgard status rapport",
    "systematiska_kontroller": "id process kontroll status rapport",
    "direktupphandlingar": "organisation matt enhet ar varde rapport kalla",
    "fordonsflotta": "organisation andel_fossilfri_procent antal rapport kalla",
    "textuppgifter": "uppgift_id avsnitt uppgift varde enhet kvalificering kalla_rad kopplad_till rapport kalla",
    "jamforelser": "indikator_id ar jamforelse_id jamforelse typ utfall rang rang_av kalla rapport",
    "jamforelsetal_kolada": "kpi_id kpi kommun_id ar kon varde status kalla hamtad",
    "omraden": "omrade_id niva omrade indelning galler_fran galler_till over_id areal_km2 jamforbar forandring",
    "omradesgrupper": "grupp_id grupp omrade_id indelning belagg",
    "omradesmatt": "matt_id matt enhet riktning taljare namnare kalla_id namndmal_id indikator_id",
    "omradesvarden": "omrade_id indelning matt_id ar kon taljare namnare varde varde_status kalla_id hamtad",
    "omradesskillnader": "omrade_id matt_id ar varde kommun_varde avvikelse_pe lan_varde avvikelse_lan_pe riket_varde "
    "rang rang_av forandring_5ar_pe seriebrott",
    "spridningsmatt": "kommun_id niva matt_id ar antal_omraden lagst hogst spann_pe kvot_hogst_lagst "
    "variationskoefficient olikhetsindex referensgrupp varde_status",
    "omradestyper": "omrade_id ar socioekonomiskt_index omradestyp omradestyp_text",
    "siffergranskning": "kontroll_id kategori tabell rad pastatt beraknat differens tolerans utslag forklaring rapport",
}
"""The columns that each published table has promised its readers: names that are kept once published."""


def _complete(text: Text) -> bool:
    return all(part.strip() == part and len(part) > 1 for part in text)


@pytest.mark.parametrize(("name", "columns"), PROMISED.items(), ids=PROMISED)
def test_the_promised_columns_are_there(name: str, columns: str) -> None:
    assert set(columns.split()) - set(contract(name).polars_schema) == set()


@pytest.mark.parametrize("found", TABLES)
def test_a_table_is_described_in_two_languages(found: Contract) -> None:
    assert _complete(found.title)
    assert _complete(found.description)
    assert found.description.sv.endswith(".")
    assert found.description.en.endswith(".")
    assert all(_complete(rule.text) for rule in found.rules)


@pytest.mark.parametrize("found", TABLES)
def test_a_table_has_a_key_of_columns_that_are_never_blank(found: Contract) -> None:
    columns = {column.name: column for column in found.columns}
    assert found.key
    assert not any(columns[name].nullable for name in found.key)
    assert set(found.partition) <= set(found.key)


@pytest.mark.parametrize("found", TABLES)
def test_the_published_order_ends_in_the_key(found: Contract) -> None:
    assert set(found.sort) <= set(found.polars_schema)
    assert set(found.key) <= set(found.sort)
    assert len(found.sort) == len(set(found.sort))


@pytest.mark.parametrize("found", TABLES)
def test_the_rules_of_a_table_have_names_of_their_own(found: Contract) -> None:
    names = [rule.name for rule in found.rules]
    assert len(names) == len(set(names))
    assert all(NAME.fullmatch(part) for name in names for part in name.split(":"))


@pytest.mark.parametrize("found", PUBLISHED)
def test_a_published_table_says_which_municipality_its_rows_are_about(found: Contract) -> None:
    assert found.polars_schema.names().count("kommun_id") == 1


@pytest.mark.parametrize("found", [pytest.param(found.values[0], id=found.id) for found in PUBLISHED])
def test_an_extract_is_known_by_columns_that_it_has(found: Contract) -> None:
    headed = {column.name for column in found.columns if column.heading}
    assert set(found.extract_key) <= headed
    assert bool(found.extract_key) == bool(headed)
    headings = [column.heading for column in found.columns if column.heading]
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("found", TABLES)
def test_every_column_is_described_in_two_languages(found: Contract) -> None:
    assert NAME.fullmatch(found.name)
    assert [
        column.name
        for column in found.columns
        if not NAME.fullmatch(column.name)
        or not _complete(column.title)
        or not _complete(column.description)
        or not all(part.endswith(".") for part in column.description)
        or column.dtype not in DUCKDB_TYPES
    ] == []


@pytest.mark.parametrize("found", TABLES)
def test_decimals_belong_to_floats_and_every_published_float_has_them(found: Contract) -> None:
    published = found.layer == "open"
    assert [
        column.name
        for column in found.columns
        if (column.decimals is not None and column.duckdb_type != "DOUBLE")
        or (published and column.duckdb_type == "DOUBLE" and column.decimals is None)
    ] == []


@pytest.mark.parametrize("found", PUBLISHED)
def test_the_end_of_a_name_is_its_unit(found: Contract) -> None:
    assert [
        column.name
        for column in found.columns
        for end, unit in ENDINGS.items()
        if column.name.endswith(end) and column.unit != unit
    ] == []


@pytest.mark.parametrize("name", ["kolada_varden", "kolada_hela_landet", "scb_varden"])
def test_an_observation_that_breaks_a_rule_is_set_aside_and_the_others_go_on(name: str) -> None:
    rules = rules_of(contract(name, "core"))
    assert {rule.severity for rule in rules if rule.column in ("kommun_id", "ar", "kon")} == {Severity.QUARANTINE}


def test_every_reference_is_worded() -> None:
    named = {(found.name, reference) for found in declared_contracts("open") for reference in found.references}
    assert {reference for name, reference in named if reference != name} == set(REFERENCES)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_word_of_a_vocabulary_has_prose_and_is_its_own_value(vocabulary: type[Word]) -> None:
    words = list(vocabulary)
    assert len(words) > 1
    assert len({str(word) for word in words}) == len(words)
    for word in words:
        assert _complete(word.text)
        assert vocabulary[word.name] is word
        assert f"{word}" == word.value


@pytest.mark.parametrize("found", PUBLISHED)
def test_a_count_of_persons_can_be_left_blank_with_its_reason(found: Contract) -> None:
    columns = {column.name: column for column in found.columns}
    for column in found.columns:
        if column.counts_persons:
            assert column.nullable
            assert columns[f"{column.name}_status"].values is Reason
