"""Where answers come from: what every transport does, and the archive as one of them.

Here belongs what needs no network. The services themselves are asked in ``http``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, TypeVar

from sources.archive import Answer, Archive, Request
from sources.errors import AnswerError, LostAnswerError

Item = TypeVar("Item")
Result = TypeVar("Result")


class Transport(Protocol):
    """Where answers come from.

    ``taken`` tells which answers were used: their hashes, by canonical request. ``asked`` counts the
    requests that a service was sent, ``received`` the bytes of bodies that came.
    """

    taken: dict[str, str]
    asked: int
    received: int

    def fetch(self, request: Request) -> Answer:
        """The answer to a request, or an AnswerError."""

    def gather(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Do a task that fetches, for each item, perhaps several at once; results in the items' order."""

    def refuse(self, request: Request, answer: Answer, why: str) -> None:
        """Say that an answer that came whole is not what it should be."""

    def was_left(self, request: Request, /) -> bool:
        """Whether the answer was left in the archive by one who broke off, and perhaps never read."""

    def pace(self, service: str, rate: float) -> None:
        """Ask a service at most so many times a second from now on."""


@contextmanager
def refusing(transport: Transport, answered: Iterable[tuple[Request, Answer]]) -> Iterator[None]:
    """Refuse these answers if reading them in this block fails."""
    try:
        yield
    except AnswerError as error:
        for request, answer in answered:
            transport.refuse(request, answer, error.what)
        raise


class Replay:
    """Answers from the archive alone: no network.

    ``pinned`` names, by canonical request, the hash of the answer that a run used; it had come ``until`` then.
    """

    def __init__(
        self, archive: Archive, pinned: Mapping[str, str] | None = None, until: datetime | None = None
    ) -> None:
        """Answer from this archive; ``taken`` tells afterwards which answers were used."""
        self._archive = archive
        self._pinned = pinned
        self._until = until
        self.taken: dict[str, str] = {}
        # The archive is no service.
        self.asked = self.received = 0

    def fetch(self, request: Request) -> Answer:
        """The archived answer; an AnswerError names the request when there is none."""
        wanted = None if self._pinned is None else self._pinned.get(request.canonical, "")
        answer = self._archive.find(request, wanted, self._until)
        if answer is None:
            remedy, fault = "Fetch it live, or leave it out of the plan.", LostAnswerError if wanted else AnswerError
            raise fault("the archive holds no answer to this request.", where=request.name, remedy=remedy)
        self.taken[request.canonical] = answer.sha256
        return answer

    def gather(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Do the task for one item after the other."""
        return map(task, items)

    def refuse(self, request: Request, answer: Answer, why: str) -> None:
        """Nothing to do: what the archive holds stays as it is."""

    def was_left(self, _: Request) -> bool:
        """Never: nothing can be asked for anew."""
        return False

    def pace(self, service: str, rate: float) -> None:
        """Nothing to do: the archive is no one's server."""
