"""The selection expressions of PxWebApi 2: which codes they stand for."""

import pytest

from sources.errors import AnswerError
from sources.jsonstat import Dimension
from sources.selecting import codes_of
from tests.sources.test_scb import CODES


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (["*"], "2020 2021 2022 2023"),
        (["202?"], "2020 2021 2022 2023"),
        (["top(1)"], "2023"),
        (["TOP(2,1)"], "2021 2022"),
        (["bottom(1)"], "2020"),
        (["range(2021,2022)"], "2021 2022"),
        (["[range(2021, 2022)]"], "2021 2022"),
        (["from(2022)"], "2022 2023"),
        (["to(2020)", "top(1)"], "2020 2023"),
        (["2021", "from(2023)"], "2021 2023"),
    ],
)
def test_expressions(words: list[str], codes: str) -> None:
    tid = Dimension("Tid", "år", CODES["Tid"], {}, {})
    assert " ".join(codes_of(tid, words, newest_first=True)) == codes


def test_top_of_another_variable_is_the_first() -> None:
    region = Dimension("Region", "region", CODES["Region"], {}, {})
    assert codes_of(region, ["top(2)"], newest_first=False) == ("00", "01")


@pytest.mark.parametrize("word", ["top()", "top(x)", "top(1,2,3)", "range(2020)", "from(1950)", "2050"])
def test_an_expression_that_means_nothing_is_refused(word: str) -> None:
    tid = Dimension("Tid", "år", CODES["Tid"], {}, {})
    with pytest.raises(AnswerError, match="no code or expression"):
        codes_of(tid, [word], newest_first=True)
