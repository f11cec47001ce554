"""The selection expressions of PxWebApi 2, worked out against a variable's codes.

Here belongs what ``*``, ``?``, ``top``, ``bottom``, ``range``, ``from`` and ``to`` mean. They are
worked out by us, so that the number of cells is known before anything is asked, and so that the
answer can be held to the codes.
"""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final

from sources.errors import AnswerError
from sources.jsonstat import Dimension

CALL: Final = re.compile(r"(top|bottom|range|from|to)\(([^()]*)\)", re.IGNORECASE)


def is_expression(word: str) -> bool:
    """Whether this stands for codes instead of being one."""
    return "*" in word or "?" in word or CALL.fullmatch(word.strip("[]")) is not None


def codes_of(variable: Dimension, words: Sequence[str], *, newest_first: bool) -> tuple[str, ...]:
    """The codes that codes and expressions stand for together, in the variable's own order.

    ``top`` of a time variable counts from the newest, of any other from the first.
    """
    chosen = {code for word in words for code in _one(variable, word, newest_first=newest_first)}
    return tuple(code for code in variable.codes if code in chosen)


def _one(variable: Dimension, word: str, *, newest_first: bool) -> Sequence[str]:
    """The codes that one code or expression stands for."""
    call = CALL.fullmatch(word.strip("[]"))
    if call is not None:
        name, arguments = call[1].lower(), [each.strip() for each in call[2].split(",")]
        return _called(variable, name, arguments, word, newest_first=newest_first)
    if is_expression(word):
        pattern = word.casefold().replace("[", "[[]")
        return [code for code in variable.codes if fnmatchcase(code.casefold(), pattern)]
    return [variable.codes[_place(variable, word, word)]]


def _called(
    variable: Dimension, name: str, arguments: Sequence[str], word: str, *, newest_first: bool
) -> Sequence[str]:
    """The codes of a call such as ``top(5)``."""
    codes = variable.codes
    if name in {"top", "bottom"}:
        if not (len(arguments) <= len(("count", "offset")) and all(each.isdecimal() for each in arguments)):
            raise _unknown(variable, word)
        count, offset = (*map(int, arguments), 0)[:2]
        order = codes[::-1] if newest_first == (name == "top") else codes
        return order[offset : offset + count]
    places = [_place(variable, each, word) for each in arguments]
    ends = {"range": 2, "from": 1, "to": 1}
    if len(places) != ends[name]:
        raise _unknown(variable, word)
    first = 0 if name == "to" else places[0]
    last = len(codes) - 1 if name == "from" else places[-1]
    return codes[first : last + 1]


def _place(variable: Dimension, code: str, word: str) -> int:
    """The position of a code, in whatever case."""
    folded = [each.casefold() for each in variable.codes]
    if code.casefold() not in folded:
        raise _unknown(variable, word)
    return folded.index(code.casefold())


def _unknown(variable: Dimension, word: str) -> AnswerError:
    """The error for a code or expression that stands for nothing."""
    return AnswerError(
        f"{word!r} is no code or expression of this variable.",
        where=f"scb, {variable.name}",
        remedy=f"Its codes run from {variable.codes[0]!r} to {variable.codes[-1]!r}." if variable.codes else "",
    )
