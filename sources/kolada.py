"""Kolada, version 3: what is asked, page by page to the end, and whether its ids are still what they were.

Here belong the requests and the following of pages. What a body must look like stands in
``kolada_bodies``; timeouts and retries in ``http``.

``count`` is the number of records of a page, never of all pages. Nothing is given back unless all
pages came and agree. A next page is asked for at our own base address, whatever host the service
writes in ``next_url``: it may know itself by another name, and must not send us elsewhere.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice, product
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import polars as pl

from sources.archive import Answer, Request
from sources.errors import AnswerError
from sources.kolada_bodies import OBSERVATIONS, Page, read_kpis, read_municipalities, read_values
from sources.kolada_patterns import ends_here, holds_nothing, read_patterned
from sources.transport import Transport, refusing

SERVICE: Final = "kolada"
MOST_IDS: Final = 25
PER_PAGE: Final = ("per_page", "5000")
MOST_PAGES: Final = 10_000
KEY: Final = ("kalla_id", "kommun_id", "ar", "kon")
RETIRED: Final = re.compile(r"gammal definition|\(\s*[-\N{EN DASH}]\s*\d{4}\s*\)", re.IGNORECASE)

Reader = Callable[[Request, Answer], Page]


@dataclass(frozen=True)
class Observations:
    """Complete observations, and the requests that they took.

    The frame's columns are those of ``kolada_bodies.OBSERVATIONS``; the key is KPI, unit, year and gender.
    ``empty`` are those of the requests that were answered with none.
    """

    frame: pl.DataFrame
    requests: tuple[Request, ...]
    empty: tuple[Request, ...] = ()


class Fault(StrEnum):
    """What may be the matter with a KPI of the plan."""

    UNKNOWN = "okänd"
    RENAMED = "ny titel"
    RETIRED = "utgången"


@dataclass(frozen=True)
class Finding:
    """A KPI that is not what the plan takes it for. ``title`` is Kolada's title today, if it has one."""

    kpi: str
    fault: Fault
    title: str | None
    message: str


class Kolada:
    """The questions to Kolada, over whatever brings the answers."""

    def __init__(self, transport: Transport) -> None:
        """Ask through this transport."""
        self._transport = transport

    def kpis(self, ids: Iterable[str] | None = None) -> pl.DataFrame:
        """These KPIs, or all: id, title, description and the rest that is known of each.

        An id that Kolada does not know is not in the frame: ``findings`` tells.
        """
        paths = ["/kpi"] if ids is None else [f"/kpi/{','.join(part)}" for part in _parts(sorted(set(ids)))]
        query = (PER_PAGE,) if ids is None else ()
        return self._listed([Request(SERVICE, path, query) for path in paths], read_kpis)

    def municipalities(self) -> pl.DataFrame:
        """All municipalities (type K), regions and the country (type L): id, title, type."""
        return self._listed([Request(SERVICE, "/municipality")], read_municipalities)

    def observations(
        self,
        kpis: Iterable[str] | None,
        municipalities: Iterable[str] | None,
        years: Iterable[int] | None,
        *,
        from_date: date | None = None,
        groups: bool = False,
    ) -> Observations:
        """All observations of these KPIs, units and years; None leaves a dimension open (one at most).

        With ``from_date``, only what has changed since, with ``borttagen`` for what was removed. A group
        of municipalities (G…) is an unweighted mean and is given only if ``groups`` says so.
        """
        asked = requests(kpis, municipalities, years, from_date=from_date, groups=groups)
        return _joined(list(self.blocks(asked)))

    def blocks(self, asked: Iterable[Request]) -> Iterator[Observations]:
        """The observations of each of the requests that ``requests`` made, complete, in their order.

        Several are fetched at once, and no more are held than that takes.
        """
        return self._transport.gather(self.block, asked)

    def batches(self, asked: Iterable[Request], size: int) -> Iterator[Observations]:
        """The observations of so many requests at a time, complete; quicker than ``blocks`` for many full answers.

        The requests name KPIs, municipalities and years.
        """
        begun = self._transport.gather(self._begun, asked)
        while batch := list(islice(begun, size)):
            unread = [each for each in batch if isinstance(each, _Unread)]
            told = self._at_once(unread)
            rest = unread if told is None else []
            yield _joined(
                [
                    *([] if told is None else [told]),
                    *(self.block(each.request, each.answer) for each in rest),
                    *(each for each in batch if isinstance(each, Observations)),
                ]
            )

    def _begun(self, request: Request) -> "Observations | _Unread":
        """An answer of one page as it came; all pages of another, read."""
        answer = self._transport.fetch(request)
        return _Unread(request, answer) if ends_here(answer.body) else self.block(request, answer)

    @staticmethod
    def _at_once(unread: Sequence["_Unread"]) -> Observations | None:
        """The observations of these answers, or None where one of them may not be as it should be."""
        wanted = [asked_of(each.request.path) for each in unread]
        frame = read_patterned([each.answer for each in unread], wanted)
        if frame is None:
            return None
        empty = tuple(each.request for each in unread if holds_nothing(each.answer.body))
        return Observations(frame, tuple(each.request for each in unread), empty)

    def block(self, first: Request, came: Answer | None = None) -> Observations:
        """The observations of a request that ``requests`` made, on all its pages; the first one may have come.

        What was left in the archive and is wrong may never have been read by the load that broke off: it is refused,
        and asked for anew.
        """
        try:
            return self._whole(first, came)
        except AnswerError:
            if not self._transport.was_left(first):
                raise
        return self._whole(first)

    def _whole(self, first: Request, came: Answer | None = None) -> Observations:
        """The observations on all pages of a request."""
        wanted = asked_of(first.path)
        turned = self._pages(first, lambda request, answer: read_values(request, answer, wanted), came)
        frame = pl.concat([each.page.frame for each in turned])
        if "municipality" not in wanted:
            frame = frame.filter(~pl.col("kommun_id").str.starts_with("G"))
        with refusing(self._transport, [(each.request, each.answer) for each in turned]):
            asked = tuple(each.request for each in turned)
            return Observations(_once(first, frame), asked, (first,) if frame.is_empty() else ())

    def _listed(self, asked: Sequence[Request], reader: Reader) -> pl.DataFrame:
        """All pages of a list, each id once."""
        blocks = self._transport.gather(lambda first: self._pages(first, reader), asked)
        frame = pl.concat([each.page.frame for block in blocks for each in block]).unique(maintain_order=True)
        twice = frame.filter(pl.col("id").is_duplicated())
        if not twice.is_empty():
            raise _incomplete(asked[0], f"the list holds {twice['id'][0]!r} twice, and not the same")
        return frame.sort("id")

    def _pages(self, first: Request, reader: Reader, came: Answer | None = None) -> list["_Turned"]:
        """Each page of an answer, to the end; the first one may have come."""
        request: Request | None = first
        turned: list[_Turned] = []
        while request is not None:
            answer = came or self._transport.fetch(request)
            came = None
            with refusing(self._transport, [(request, answer)]):
                page = reader(request, answer)
                following = _next(first, page)
            turned.append(_Turned(request, answer, page))
            with refusing(self._transport, [(each.request, each.answer) for each in turned]):
                if any(following == each.request for each in turned) or len(turned) >= MOST_PAGES:
                    raise _incomplete(request, f"the pages never end: page {len(turned)} leads to {page.next_url!r}")
            request = following
        return turned


@dataclass(frozen=True)
class _Unread:
    """An answer that has been fetched and not read."""

    request: Request
    answer: Answer


@dataclass(frozen=True)
class _Turned:
    """A page that has been fetched and read."""

    request: Request
    answer: Answer
    page: Page


def requests(
    kpis: Iterable[str] | None,
    municipalities: Iterable[str] | None,
    years: Iterable[int] | None,
    *,
    from_date: date | None = None,
    groups: bool = False,
) -> list[Request]:
    """The requests for the first pages of these observations; the order of the arguments does not matter."""
    dimensions = {"kpi": kpis, "municipality": municipalities, "year": years}
    given = {name: sorted(set(map(str, ids))) for name, ids in dimensions.items() if ids is not None}
    if len(given) + 1 < len(dimensions):
        message = "Kolada is asked for at least two of KPIs, municipalities and years"
        raise ValueError(message)
    group = next((unit for unit in given.get("municipality", ()) if unit.startswith("G")), None)
    if group is not None and not groups:
        message = f"{group} is a group, whose value is an unweighted mean: ask for it with groups=True"
        raise ValueError(message)
    query = (PER_PAGE, *((("from_date", from_date.isoformat()),) if from_date else ()))
    parts = product(*([(name, part) for part in _parts(ids)] for name, ids in given.items()))
    return [
        Request(SERVICE, "/data/" + "/".join(f"{name}/{','.join(part)}" for name, part in combination), query)
        for combination in parts
    ]


def findings(catalogue: pl.DataFrame, titles: Mapping[str, str], retired: Collection[str] = ()) -> list[Finding]:
    """What is the matter with the KPIs of the plan, held against Kolada's own list.

    ``titles`` are the titles that the plan accepts, by KPI; ``retired`` the KPIs that it accepts as retired.
    """
    today: dict[str, str] = dict(catalogue.select("id", "title").iter_rows())
    return [found for kpi, accepted in titles.items() for found in _found(kpi, accepted, today.get(kpi), retired)]


def _found(kpi: str, accepted: str, title: str | None, retired: Collection[str]) -> Iterator[Finding]:
    """What is the matter with one KPI."""
    if title is None:
        yield Finding(kpi, Fault.UNKNOWN, None, f"{kpi} is not in Kolada's list of KPIs.")
    elif RETIRED.search(title) and kpi not in retired:
        yield Finding(kpi, Fault.RETIRED, title, f"{kpi} is marked as retired in Kolada: {title!r}.")
    elif title != accepted:
        yield Finding(kpi, Fault.RENAMED, title, f"{kpi} is called {title!r} in Kolada, {accepted!r} in the plan.")


def _joined(blocks: Sequence[Observations]) -> Observations:
    """Observations in one."""
    return Observations(
        pl.concat([OBSERVATIONS.to_frame(), *(block.frame for block in blocks)]),
        tuple(request for block in blocks for request in block.requests),
        tuple(request for block in blocks for request in block.empty),
    )


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    """The ids, at most as many at a time as Kolada takes."""
    return [ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS)]


def asked_of(path: str) -> dict[str, list[Any]]:
    """What a path asks for, by the field of a record."""
    words = path.removeprefix("/data/").split("/")
    asked: dict[str, list[Any]] = {name: ids.split(",") for name, ids in zip(words[::2], words[1::2], strict=True)}
    if "year" in asked:
        asked["period"] = [int(year) for year in asked.pop("year")]
    return asked


def _next(first: Request, page: Page) -> Request | None:
    """The request for the next page: the same resource, with whatever the service adds to the query."""
    if page.next_url is None:
        return None
    try:
        parts = urlsplit(page.next_url)
    except ValueError:
        raise _incomplete(first, f"the next page has no address: {page.next_url!r}") from None
    path = unquote(parts.path).rstrip("/")
    if path and not path.endswith(first.path):
        raise _incomplete(first, f"the next page is another resource: {page.next_url!r}")
    if page.count == 0:
        raise _incomplete(first, f"an empty page leads to another: {page.next_url!r}")
    query = dict(first.query) | dict(parse_qsl(parts.query, keep_blank_values=True))
    return Request(SERVICE, first.path, tuple(query.items()))


def _once(first: Request, frame: pl.DataFrame) -> pl.DataFrame:
    """Each observation once; the same observation with two values is an error."""
    if frame.select(pl.struct(KEY).hash().is_duplicated().any()).item():
        rest = [name for name in frame.columns if name != "hamtad"]
        frame = frame.unique(rest, keep="first", maintain_order=True)
        twice = frame.filter(pl.struct(KEY).is_duplicated())
        if not twice.is_empty():
            row = twice.row(0, named=True)
            key = ", ".join(str(row[name]) for name in KEY)
            raise _incomplete(first, f"the observation {key} has two values")
    return frame


def _incomplete(request: Request, what: str) -> AnswerError:
    """The error for answers that do not add up."""
    return AnswerError(f"{what}.", where=request.name, remedy="Nothing of this answer is used; refresh again later.")
