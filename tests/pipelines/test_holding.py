"""What a file is held to beside its contract: each fault is told with file, row, column and what to do."""

from pathlib import Path

import pytest

from contracts import contract
from pipelines.intake.holding import require_texts
from sources.errors import ExtractError
from sources.extracts import Extract, ExtractFile, read_extract

HEADINGS = "Organisation;Mått;År;Antal;Skillnad;Källrad\n"


def handed_in(folder: Path, *organisations: str) -> Extract:
    """A file of headcounts with a row for each organisation."""
    path = folder / "antal.csv"
    rows = "".join(f"{name};Antal anställda;2023;{10 + at};;\n" for at, name in enumerate(organisations))
    path.write_text(HEADINGS + rows, encoding="utf-8")
    return read_extract(
        ExtractFile("antal_anstallda", path, name="extracts/antal.csv"), contract("antal_anstallda").extract
    )


@pytest.mark.parametrize(
    ("organisations", "told"),
    [
        pytest.param(
            ("Enhet X", "Enhet Y", "enhet-x"),
            "extracts/antal.csv (antal_anstallda), row 4, column 'Organisation': 'Enhet X' (row 2) and 'enhet-x' "
            "(row 4) have the same identifier, enhet_x. Write one organisation in one way, and two so that they differ "
            "in a letter or a digit.",
            id="two names with one identifier",
        ),
        pytest.param(
            ("Enhet X", "!!!"),
            "extracts/antal.csv (antal_anstallda), row 3, column 'Organisation': '!!!' has no letter a-z and no digit, "
            "which identifiers are made of. Write the name of the organisation with letters.",
            id="no letter",
        ),
        pytest.param(
            ("@Enhet",),
            "extracts/antal.csv (antal_anstallda), row 2, column 'Organisation': begins with =, +, - or @, so that a "
            "spreadsheet would run the text as a formula. Write the text without that sign; a number with its sign may "
            "stand.",
            id="formula",
        ),
    ],
)
def test_a_text_that_cannot_be_published_is_refused(tmp_path: Path, organisations: tuple[str, ...], told: str) -> None:
    with pytest.raises(ExtractError) as refused:
        require_texts(handed_in(tmp_path, *organisations))
    assert str(refused.value) == told


def test_other_texts_pass(tmp_path: Path) -> None:
    require_texts(handed_in(tmp_path, "Enhet X", "Enhet Y", "Enhet X", "-3", "Åäö"))
