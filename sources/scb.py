"""Statistics Sweden (SCB), PxWebApi 2: what is asked, split to fit its limits, and held to what was asked.

Here belong the query and the check that the answer is the whole of it. How json-stat 2 is read
stands in ``jsonstat``; timeouts, retries and pace in ``http``.

SCB sums up in silence over a variable that a query leaves out, and from 2025 the parts no longer
add up to the totals. So each variable of the table is either in the selection or named among the
totals, and a total that has a code of its own is asked for by that code. A table that is updated
between two parts of a query is not read.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final, TypeAlias

import polars as pl

from sources.archive import Request
from sources.errors import AnswerError
from sources.jsonstat import Dataset, parsed, read, wrong
from sources.selecting import codes_of, is_expression
from sources.transport import Transport, refusing

SERVICE: Final = "scb"
MOST_CELLS: Final = 150_000
"""The service's limit as it is known; what it says itself goes before."""

SHARE_OF_RATE: Final = 0.95
LONGEST_INTERVAL: Final = 60
"""Seconds between two calls beyond which a limit is no limit but a fault."""

FASTEST: Final = 100
"""Calls a second beyond which nothing is gained."""

Selection: TypeAlias = Mapping[str, Sequence[str] | str]
Codes: TypeAlias = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Config:
    """What the service says of itself."""

    most_cells: int
    calls: int
    seconds: int


class Scb:
    """The questions to SCB, over whatever brings the answers.

    ``ask_first`` asks for the service's limits and a table's metadata before its figures, to split the
    query and to see that it names all variables. A recorded archive was asked within the known limit
    and for a known table: it need not hold either.
    """

    def __init__(self, transport: Transport, *, lang: str = "sv", ask_first: bool = True) -> None:
        """Ask through this transport, with labels in this language (sv or en)."""
        self._transport = transport
        self._lang = lang
        self._ask_first = ask_first
        self._known: dict[str, Dataset] = {}
        self._limits: Config | None = None

    def config(self) -> Config:
        """The service's limits, asked for once; they also set the pace from here on."""
        if self._limits is None:
            self._limits = self._asked_config()
        return self._limits

    def _asked_config(self) -> Config:
        """Ask for the limits."""
        request = Request(SERVICE, "/config")
        answer = self._transport.fetch(request)
        names = ("maxDataCells", "maxCallsPerTimeWindow", "timeWindow")
        with refusing(self._transport, [(request, answer)]):
            body = parsed(request, answer)
            limits = [body.get(name) for name in names]
            bad = next((name for name, limit in zip(names, limits, strict=True) if not _is_limit(limit)), None)
            if bad is not None:
                raise wrong(request, f"{bad} is {body.get(bad)!r}")
            cells, calls, seconds = (int(limit) for limit in limits if limit is not None)
            if seconds > LONGEST_INTERVAL * calls:
                raise wrong(request, f"timeWindow is {seconds} for {calls} calls")
        self._transport.pace(SERVICE, SHARE_OF_RATE * min(FASTEST, calls // seconds or calls / seconds))
        return Config(cells, calls, seconds)

    def metadata(self, table: str) -> Dataset:
        """A table's variables with all their codes and labels, and when it was updated; asked for once."""
        if table not in self._known:
            request = Request(SERVICE, f"/tables/{table}/metadata", (("lang", self._lang),))
            answer = self._transport.fetch(request)
            with refusing(self._transport, [(request, answer)]):
                self._known[table] = read(request, answer, cells=False)
        return self._known[table]

    def observations(self, table: str, selection: Selection, *, totals: Collection[str] = ()) -> pl.DataFrame:
        """The cells of a selection: a column of codes for each variable, value, status, hamtad, updated.

        A variable's codes are given one by one, or as an expression (``*``, ``top(5)``, ``from(2000)`` …),
        which needs the table's metadata. ``totals`` names the variables whose total is wanted: it is asked for
        by its own code where it has one, and else by leaving the variable out.
        """
        both = sorted({name.casefold() for name in selection} & {name.casefold() for name in totals})
        if both:
            raise _query(table, f"{', '.join(both)} is both selected and among the totals", "Take it out of one.")
        if self._ask_first:
            selection, totals = _accounted_for(table, self.metadata(table), selection, totals)
        codes = self._codes(table, selection)
        parts = split(codes, self.config().most_cells if self._ask_first else MOST_CELLS)
        frames = list(self._transport.gather(lambda part: self._cells(table, part, totals), parts))
        updates = {frame["updated"][0] for frame in frames}
        if len(updates) > 1:
            told = ", ".join(sorted(str(update) for update in updates))
            raise _query(table, f"was updated while it was read ({told})", "Refresh again later.")
        return pl.concat(frames).sort(pl.exclude("value", "status", "hamtad", "updated"), maintain_order=True)

    def _cells(self, table: str, codes: Codes, totals: Collection[str]) -> pl.DataFrame:
        """The cells of one query, held to what was asked."""
        request = data_request(table, codes, self._lang)
        answer = self._transport.fetch(request)
        with refusing(self._transport, [(request, answer)]):
            dataset = read(request, answer)
            _as_asked(request, dataset, codes, totals)
        return (
            dataset.frame()
            .rename({found.name: name for name in codes if (found := dataset.dimension(name))})
            .select(
                *codes,
                "value",
                "status",
                pl.lit(answer.received.replace(tzinfo=None), pl.Datetime("us")).alias("hamtad"),
                pl.lit(dataset.updated, pl.Datetime("us")).alias("updated"),
            )
        )

    def _codes(self, table: str, selection: Selection) -> Codes:
        """The explicit codes of a selection, each once."""
        codes = {}
        for name, given in selection.items():
            words = (given,) if isinstance(given, str) else tuple(given)
            if any(is_expression(word) for word in words):
                metadata = self.metadata(table)
                variable = metadata.dimension(name)
                if variable is None:
                    raise _query(table, f"there is no variable {name!r}", "Correct the plan.")
                words = codes_of(variable, words, newest_first=variable.name in metadata.time)
            if not words:
                raise _query(table, f"{name} selects nothing", "Name its codes, or put it among the totals.")
            codes[name] = _each_once(words)
        return codes


def data_request(table: str, codes: Codes, lang: str = "sv") -> Request:
    """The request for the cells of these codes; the variables' order does not matter, that of codes does."""
    selection = [{"variableCode": name, "valueCodes": list(codes[name])} for name in sorted(codes)]
    body = json.dumps({"selection": selection}, ensure_ascii=False, separators=(",", ":")).encode()
    query = (("lang", lang), ("outputFormat", "json-stat2"))
    return Request(SERVICE, f"/tables/{table}/data", query, method="POST", body=body)


def split(codes: Codes, most_cells: int) -> Iterator[Codes]:
    """Parts of a query, each at most so many cells, which together are the whole; over several variables."""
    cells = prod(len(each) for each in codes.values())
    if cells <= most_cells:
        yield codes
        return
    longest = max(codes, key=lambda name: len(codes[name]))
    step = max(1, most_cells // (cells // len(codes[longest])))
    for start in range(0, len(codes[longest]), step):
        yield from split({**codes, longest: codes[longest][start : start + step]}, most_cells)


def _each_once(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes, each once in whatever case: the service breaks down on a code that is repeated."""
    once: dict[str, str] = {}
    for code in codes:
        once.setdefault(code.casefold(), code)
    return tuple(once.values())


def _accounted_for(
    table: str, metadata: Dataset, selection: Selection, totals: Collection[str]
) -> tuple[Selection, Collection[str]]:
    """The selection with the own codes of the totals that have one, and the totals that have none.

    Raises AnswerError for a query that leaves out another variable, or a total that cannot be had.
    """
    for name in (*selection, *totals):
        if metadata.dimension(name) is None:
            names = ", ".join(each.name for each in metadata.dimensions)
            raise _query(table, f"there is no variable {name!r}", f"The table's variables are {names}.")
    selected, left_out = ({name.casefold() for name in names} for names in (selection, totals))
    for variable in metadata.dimensions:
        key = variable.name.casefold()
        if key in selected:
            continue
        if key not in left_out:
            raise _query(
                table,
                f"{variable.name} is left out, and the service would sum over it in silence",
                "Select its codes, or name it among the totals.",
            )
        own = [code for code in variable.codes if str(variable.labels.get(code)).casefold().startswith("total")]
        if len(own) > 1:
            which = ", ".join(f"{code} ({variable.labels[code]})" for code in own)
            raise _query(table, f"{variable.name} has several totals", f"Select the one that is meant: {which}.")
        if not own and variable.extension.get("elimination") is False:
            raise _query(
                table,
                f"the total of {variable.name} is not had by leaving it out, and has no code of its own",
                "Select its codes.",
            )
        if own:
            selection, totals = {**selection, variable.name: own}, [name for name in totals if name.casefold() != key]
    return selection, totals


def _as_asked(request: Request, dataset: Dataset, codes: Codes, totals: Collection[str]) -> None:
    """Refuse an answer that has other variables or codes than those asked for."""
    for name, wanted in codes.items():
        found = dataset.dimension(name)
        if found is None:
            raise wrong(request, f"the variable {name} was asked for and is not in the answer")
        given, asked = ({code.casefold() for code in each} for each in (found.codes, wanted))
        if given != asked:
            odd = ", ".join(sorted(given ^ asked)[:5])
            raise wrong(request, f"the codes of {name} are not those asked for ({odd})")
    selected, left_out = ({name.casefold() for name in names} for names in (codes, totals))
    for dimension in dataset.dimensions:
        key = dimension.name.casefold()
        if key not in selected and (key not in left_out or len(dimension.codes) > 1):
            raise wrong(request, f"the answer is divided by {dimension.name}, which was not selected")


def _is_limit(value: object) -> bool:
    """Whether a limit of the config is a whole number above 0."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _query(table: str, what: str, remedy: str) -> AnswerError:
    """The error for a query that would not give what it seems to."""
    return AnswerError(f"{what}.", where=f"scb {table}", remedy=remedy)
