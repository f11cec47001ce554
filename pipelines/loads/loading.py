"""The whole country: every KPI of Kolada for every municipality and region, into the warehouse.

Here belongs what a load asks for, in which order, and what it has already. How an answer is read
belongs in ``sources``, how history is written in ``pipelines.storage.warehouse``.

A load is known by when it began, and what it has is noted in the transaction that writes it. So one
that was killed goes on: a KPI in the warehouse is not read again, and an answer in the archive that
came since the load began is not asked for again. A load needs no plan, and publishes nothing.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace as with_other
from typing import Final

import polars as pl

from contracts import check, contract
from pipelines.loads.load_notes import Notes, Turn
from pipelines.loads.load_silence import odd_silence, refuse_nothing, refuse_silence
from pipelines.loads.load_telling import Loaded, Progress, noted
from pipelines.runs.locking import writing
from pipelines.settings import Settings
from pipelines.storage.places import place_of
from pipelines.storage.warehouse import Reading, Warehouse
from sources.archive import Archive, Request
from sources.errors import AnswerError
from sources.http import Live, Service
from sources.kolada import KEY, MOST_IDS, PER_PAGE, SERVICE, Kolada, Observations, requests

TABLE: Final = "kolada_hela_landet"
COUNTRY: Final = "kolada:land"
"""The name under which loads are noted in the warehouse."""

YEARS: Final = 25
BUFFER: Final = 500_000
"""Values that are gathered before they are checked and written."""

ASKED_AGAIN: Final = 3
"""Times that an odd silence is asked about once more: one in ten that is wrong stays so once in ten thousand."""

EVERY_DAYS: Final = 30.0


def load(
    settings: Settings,
    *,
    full: bool = False,
    every_days: float = EVERY_DAYS,
    wait: float = 600.0,
    begins: str = "",
    tell: Callable[[Progress], None] = lambda _: None,
) -> Loaded:
    """Load the whole country, or the KPIs whose id begins so; go on with a load that did not end.

    Everything is read the first time, with ``full``, when that was ``every_days`` ago and when there
    is a new municipality or region; else only what has changed, and KPIs that are new. A part of the
    country's KPIs is always read in full.
    Raises LockHeldError, and AnswerError where an answer is missing or refused: what was written by
    then stays, the rest is read by the next load.
    """
    live = with_other(settings, source="live")
    with (
        writing(live.home, "etappmal load", wait),
        opened(live, begins=begins, full=full or bool(begins), every_days=every_days, tell=tell) as load_,
        noted(live, f"{TABLE} {begins}".rstrip()) as note,
    ):
        done = load_.read(begins)
        load_.end()
        note(done)
    return done


@contextmanager
def opened(
    live: Settings,
    *,
    begins: str = "",
    full: bool = False,
    every_days: float = EVERY_DAYS,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Iterator["Load"]:
    """A load, begun or gone on with, of the KPIs whose id begins so. Whoever opens it holds the lock."""
    with ExitStack() as stack:
        warehouse = Warehouse(place_of(live))
        stack.callback(warehouse.close)
        notes = Notes.of(warehouse, f"{COUNTRY}:{begins}" if begins else COUNTRY)
        turn = notes.turn(_now(), full=full, every_days=every_days)
        service = Service(live.kolada_url, rate=live.kolada_rate)
        transport = stack.enter_context(
            Live(
                {"kolada": service},
                Archive(live.archive),
                timeout=live.timeout,
                retry_seconds=live.retry_seconds,
                since=turn.began.replace(tzinfo=dt.UTC),
                turns=live.turns,
            )
        )
        yield Load(transport, warehouse, notes, turn, tell)


class Load:
    """One load at work."""

    def __init__(
        self, transport: Live, warehouse: Warehouse, notes: Notes, turn: Turn, tell: Callable[[Progress], None]
    ) -> None:
        """Begin counting."""
        self._transport = transport
        self._kolada = Kolada(transport)
        self._warehouse = warehouse
        self._notes = notes
        self._turn = turn
        self._tell = tell
        self._progress = Progress()
        self._counts = {"nya": 0, "ändrade": 0, "borttagna": 0}
        self._missing: list[str] = []

    def parts(self) -> list[str]:
        """The beginnings of ids by which all can be read in parts; where changes are asked for, that of every id."""
        listed, units = self._lists()
        self._begin_anew_for_others(units)
        return [""] if self._turn.since is not None else sorted({kpi[:2] for kpi in listed})

    def read(self, begins: str) -> Loaded:
        """Read the lists, then what has changed or everything, of the KPIs whose id begins so."""
        every, units = self._lists()
        listed = [kpi for kpi in every if kpi.startswith(begins)]
        self._begin_anew_for_others(units)
        since, began = self._turn.since, self._turn.began
        had = self._notes.kpis_read(began if since is None else self._notes.last_full)
        years = range(began.year - YEARS + 1, began.year + 1)
        wanted = [kpi for kpi in listed if kpi not in had]
        blocks = [wanted[start : start + MOST_IDS] for start in range(0, len(wanted), MOST_IDS)]
        each = -(-len(units) // MOST_IDS)
        self._progress.expected = len(blocks) * each + (0 if since is None else each)
        self._read(blocks, units, years)
        if since is not None:
            self._change(units, years, since)
        self._advance(0, 0)
        earlier = self._notes.kpis_read(self._notes.last_full) if self._notes.ended else set()
        return Loaded(
            reading="full" if since is None else "changes",
            requests=self._transport.asked,
            values=self._progress.values,
            new=self._counts["nya"],
            changed=self._counts["ändrade"],
            removed=self._counts["borttagna"],
            seconds=self._progress.seconds,
            missing=tuple(sorted(self._missing)),
            unlisted=tuple(sorted(earlier - set(every))),
        )

    def end(self) -> None:
        """Note that all of it is read."""
        _, units = self._lists()
        complete = self._turn.since is None
        self._warehouse.note_reading(self._notes.name, _scope(units), self._turn.began, complete=complete)

    def _begin_anew_for_others(self, units: Sequence[str]) -> None:
        """Read everything where there are other units than at the last load."""
        if self._turn.since is not None and _scope(units) != self._notes.scope:
            self._turn = self._notes.begin(_now(), None)

    def _lists(self) -> tuple[list[str], list[str]]:
        """All KPIs, and all municipalities and regions."""
        kpis, units = self._kolada.kpis()["id"].to_list(), self._kolada.municipalities()["id"].to_list()
        asked = (
            (Request(SERVICE, "/kpi", (PER_PAGE,)), kpis, r"\w+"),
            # A group, whose values are unweighted means, has another id.
            (Request(SERVICE, "/municipality"), units, r"\d{4}"),
        )
        for request, ids, form in asked:
            strange = [each for each in ids if not re.fullmatch(form, each)]
            if strange or not ids:
                what = f"the list holds {strange[0]!r}, which is no id." if strange else "the list is empty."
                with self._refusing([request]):
                    raise AnswerError(what, where=request.name, remedy="Load again later.")
        return kpis, units

    @contextmanager
    def _refusing(self, asked: Iterable[Request]) -> Iterator[None]:
        """Refuse what the archive holds of these requests if this block fails: the next load asks again."""
        try:
            yield
        except AnswerError as error:
            self._refuse(asked, error.what)
            raise

    def _refuse(self, asked: Iterable[Request], why: str) -> None:
        """Refuse what the archive holds of these requests."""
        for request in asked:
            answer = self._transport.archive.find(request)
            if answer is not None:
                self._transport.refuse(request, answer, why)

    def _read(self, blocks: Sequence[Sequence[str]], units: Sequence[str], years: range) -> None:
        """Read these KPIs in full, block by block."""
        asked = (request for block in blocks for request in requests(block, units, years))
        pages = -(-len(units) // MOST_IDS) * -(-len(years) // MOST_IDS)
        answers = self._kolada.batches(asked, pages)
        held: list[Observations] = []
        kpis: list[str] = []
        for number, block in enumerate(blocks, start=1):
            held.append(self._taken(self._made_sure(next(answers)), pages))
            kpis += block
            if number == len(blocks) or _values(held) >= BUFFER:
                with self._refusing(_requests(held)):
                    self._keep(_together(held), kpis, units, years)
                held, kpis = [], []

    def _change(self, units: Sequence[str], years: range, since: dt.date) -> None:
        """Read what has changed, and is gone, since a day."""
        answers = self._kolada.blocks(requests(None, units, years, from_date=since))
        for held in _filled(map(self._taken, answers)):
            told = _together(held)
            if not told.is_empty():
                with self._refusing(_requests(held)):
                    self._remember(told, tuple(told["kalla_id"].unique().sort()), complete=False)

    def _made_sure(self, answer: Observations) -> Observations:
        """The answer to one question's KPIs for all units; an odd silence is asked again, and believed if it stays."""
        for _ in range(ASKED_AGAIN):
            asked = odd_silence(answer)
            if not asked:
                break
            self._refuse(asked, "the answer holds nothing, where nearly all other units have values.")
            # One after the other: these are few, and the others are still being fetched.
            told = [self._kolada.block(request) for request in asked]
            frames = pl.concat([answer.frame, *(each.frame for each in told)], rechunk=False)
            answer = Observations(frames, answer.requests, tuple(request for each in told for request in each.empty))
        return answer

    def _taken(self, answer: Observations, requests: int = 1) -> Observations:
        """The answer to so many requests, counted."""
        self._advance(requests, answer.frame.height)
        return answer

    def _advance(self, answered: int, values: int) -> None:
        """Count, and tell."""
        self._progress.answered += answered
        self._progress.values += values
        self._progress.requests = self._transport.asked
        self._tell(self._progress)

    def _keep(self, told: pl.DataFrame, kpis: Sequence[str], units: Sequence[str], years: range) -> None:
        """Write these KPIs in full, and note in the same transaction that they are read.

        A KPI of which nothing is known is written as it is; what is known of others is compared.
        """
        if not self._progress.values and self._turn.since is None and not self._notes.kpis_read(self._turn.began):
            refuse_nothing(kpis)
        known = self._warehouse.known_ids(contract(TABLE, "core"), kpis)
        empty = known - set(told["kalla_id"].unique()) if known else known
        self._missing += empty
        fresh = [kpi for kpi in kpis if kpi not in known]
        old = sorted(known - empty)
        if old:
            refuse_silence(self._warehouse.known_pairs(contract(TABLE, "core"), old), told, kpis, units)
        with self._warehouse.together():
            if fresh:
                # What was removed before it was ever known is nothing to remember.
                here = told.remove("borttagen") if told["borttagen"].any() else told
                here = here.filter(_among(fresh)) if old else here
                self._remember(here, fresh, complete=True, units=units, years=years, fresh=True)
            if old:
                self._remember(told.filter(_among(old)), old, complete=True, units=units, years=years)
            self._warehouse.note_reading(f"{self._notes.name}:read", ",".join(kpis), self._turn.began, complete=True)

    def _remember(
        self,
        told: pl.DataFrame,
        asked: Collection[str],
        *,
        complete: bool,
        units: Sequence[str] | None = None,
        years: Sequence[int] | None = None,
        fresh: bool = False,
    ) -> None:
        """Hold values to their contract and remember them.

        Raises AnswerError where one breaks a rule.
        """
        declared = contract(TABLE, "core")
        gone = told.filter("borttagen") if told["borttagen"].any() else told.clear()
        stay = told if gone.is_empty() else told.remove("borttagen")
        # Bytes of old that say something else than what was known since are known anew from this load.
        known_from = pl.max_horizontal("hamtad", pl.lit(self._turn.began, pl.Datetime("us")))
        rows = stay.with_columns(kand_fran=known_from, kand_till=pl.lit(None, pl.Datetime("us"))).select(
            list(declared.polars_schema)
        )
        checked = check(rows, declared)
        if checked.breaches:
            breach = checked.breaches[0]
            raise AnswerError(
                f"{breach.count} values break the rule {breach.rule}: {', '.join(breach.values)}.",
                where=f"kolada, {rows['kalla_id'][breach.rows[0]]} and others",
                remedy="Nothing of these KPIs is written; load again later.",
            )
        counts = self._warehouse.remember(
            declared,
            checked.good,
            Reading(
                rows=rows,
                removed=gone.select(*KEY, kand_fran=known_from),
                asked=tuple(asked),
                complete=complete,
                scope="",
                units=None if units is None else tuple(units),
                years=None if years is None else tuple(years),
                fresh=fresh,
            ),
        )
        for name, count in counts.items():
            self._counts[name] += count


def _now() -> dt.datetime:
    """The time in UTC, as the warehouse keeps it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def _scope(units: Sequence[str]) -> str:
    """What a load is about, in short."""
    return hashlib.sha256(",".join(units).encode()).hexdigest()


def _among(kpis: Sequence[str]) -> pl.Expr:
    """Whether a value is of one of these KPIs."""
    return pl.col("kalla_id").is_in(kpis)


def _values(held: Iterable[Observations]) -> int:
    """How many values these answers hold."""
    return sum(answer.frame.height for answer in held)


def _requests(held: Iterable[Observations]) -> list[Request]:
    """What these answers were asked by."""
    return [request for answer in held for request in answer.requests]


def _together(held: Iterable[Observations]) -> pl.DataFrame:
    """The values of these answers, where they lie."""
    return pl.concat((answer.frame for answer in held), rechunk=False)


def _filled(answers: Iterable[Observations]) -> Iterator[list[Observations]]:
    """Answers, as many at a time as fill a buffer."""
    held: list[Observations] = []
    for answer in answers:
        held.append(answer)
        if _values(held) >= BUFFER:
            yield held
            held = []
    if held:
        yield held
