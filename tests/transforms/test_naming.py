"""Identifiers made of names."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.transforms.naming import slug


def _slug(name: str) -> str:
    """The identifier of one name."""
    return str(pl.DataFrame({"namn": [name]}).select(slug("namn")).item())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Förskolenämnden", "forskolenamnden", id="swedish letters"),
        pytest.param("HR-avdelningen", "hr_avdelningen", id="hyphen"),
        pytest.param("  Vård- och  omsorgsnämnden ", "vard_och_omsorgsnamnden", id="spaces"),
        pytest.param("A\u030angarn 2", "angarn_2", id="decomposed letter"),
    ],
)
def test_a_name_becomes_an_identifier(name: str, expected: str) -> None:
    assert _slug(name) == expected


@given(st.text(alphabet="abcåäöÅÄÖé -/&.0123456789", min_size=1).filter(lambda name: any(map(str.isalnum, name))))
def test_an_identifier_keeps_its_pattern_and_stays_itself(name: str) -> None:
    once = _slug(name)
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", once)
    assert _slug(once) == once
