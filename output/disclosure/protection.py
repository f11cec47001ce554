"""Which cells must be left blank so that none of those that are can be worked out from the others.

Here belongs the algorithm, on cells and sums of cells. Which cells a table has and what they count does
not: that is ``output.disclosure.small_counts``.

A blank cell is safe when there is another world in which it is different and everything that was
published is the same. Such a world is looked for by moving one person: one more or one less in the cell,
and whatever sums that upsets set right by moving one in another blank cell. Whoever reads is taken to
know the threshold and which cells are below it, so that those stay below it in the other world too, and
the others at it or above.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

LONGEST: Final = 1_000
"""Moves that are tried for one cell. If no other world is found by then, the cell counts as not safe."""

PAIR: Final = 2
"""Cells in a sum of two: one says what the other does."""

DEEPEST: Final = 50
"""Cells that differ in another world at most."""


class Cell(NamedTuple):
    """A figure: its table, the number of its row in the published order, and its column."""

    table: str
    row: int
    column: str


Sum = Mapping[Cell, int]
"""Cells with their signs: added up, they make nothing."""


@dataclass(frozen=True)
class Bounds:
    """Between which values a figure is known to lie, ends included; None for no end."""

    least: int | None = None
    most: int | None = None

    def hold(self, value: int) -> bool:
        """Whether a value lies between them."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


class UnprotectedError(Exception):
    """A cell that can be worked out whatever else is left blank, from what was published before."""

    def __init__(self, cell: Cell) -> None:
        """Keep the cell."""
        super().__init__(cell)
        self.cell = cell


@dataclass
class Figures:
    """Cells with their values, and the sums that relate them.

    ``guessed`` are sums that a reader may see in the figures, though nobody has said that they are any.
    ``bounds`` gives what is known of a cell once it is blank. ``public`` are cells whose value has been
    published before: leaving one of them blank hides nothing. ``derived`` are cells that are worked out of
    others, which are left blank rather than what they are worked out of. ``implied`` are cells that are
    published nowhere: blank whatever is done. ``of`` is filled with the sums of each cell.
    """

    values: Mapping[Cell, int]
    sums: Sequence[Sum]
    bounds: Mapping[Cell, Bounds]
    guessed: Sequence[Sum] = ()
    public: Collection[Cell] = frozenset()
    derived: Collection[Cell] = frozenset()
    implied: Collection[Cell] = frozenset()
    of: dict[Cell, list[Sum]] = field(default_factory=lambda: defaultdict(list), init=False)

    def __post_init__(self) -> None:
        """Find the sums of each cell."""
        for each in (*self.sums, *self.guessed):
            for cell in each:
                self.of[cell].append(each)

    def protected(self, blank: Collection[Cell], *, passing: bool = False) -> set[Cell]:
        """These cells, and those that must be blank with them so that none of them can be worked out.

        Those that are published nowhere are not told. Raises UnprotectedError where a cell can be worked out
        whatever is left blank; ``passing`` passes one over that is published nowhere, or that a guess gives away.
        """
        hidden = self._with_copies(blank)
        waiting = deque(sorted(hidden - set(self.public)))
        hidden |= set(self.implied)
        while waiting:
            cell = waiting.popleft()
            if self._is_safe(cell, hidden):
                continue
            other = min(self._candidates(cell, hidden), default=None)
            if other is None:
                # Where nothing that it hangs together with was ever published, there is nothing to work it out from.
                if self.is_published_beside(cell) and not (passing and self._is_guessed(cell)):
                    raise UnprotectedError(cell)
                continue
            more = self._with_copies([other[-1]]) - hidden
            hidden |= more
            # More blank cells only make others safer: what was safe stays so.
            waiting.extend((cell, *sorted(more)))
        return hidden - set(self.implied)

    def _with_copies(self, cells: Collection[Cell]) -> set[Cell]:
        """These cells, and those that say the same: two that make nothing together."""
        found, waiting = set(cells), list(cells)
        while waiting:
            pairs = (each for each in self.of[waiting.pop()] if len(each) == PAIR)
            copies = {cell for each in pairs for cell in each} - found
            found |= copies
            waiting += sorted(copies)
        return found

    def _is_safe(self, cell: Cell, hidden: set[Cell]) -> bool:
        """Whether another world has another value in a cell."""
        movable = hidden - set(self.public)
        return any(self.allowed(cell, step) and _Search(self, movable).settles({cell: step}) for step in (1, -1))

    def allowed(self, cell: Cell, step: int) -> bool:
        """Whether a cell may be so much more."""
        return self.bounds.get(cell, Bounds()).hold(self.values[cell] + step)

    def is_published_beside(self, cell: Cell) -> bool:
        """Whether a cell hangs together, by whatever sums, with one whose value has been published before."""
        seen, waiting = {cell}, [cell]
        while waiting:
            near = {other for each in self.of[waiting.pop()] for other in each} - seen
            seen |= near
            waiting += near
        return not seen.isdisjoint(self.public)

    def _is_guessed(self, cell: Cell) -> bool:
        """Whether a cell is published nowhere, or can only be worked out where a sum is guessed."""
        return cell in self.implied or not replace(self, guessed=()).is_published_beside(cell)

    def _candidates(self, cell: Cell, hidden: set[Cell]) -> Iterator[tuple[int, bool, bool, int, int, Cell]]:
        """Cells that may be left blank too, with what is given up by it.

        The nearest, derived ones, parts, those of the most sums, small ones.
        """
        seen, ring, distance = {cell}, [cell], 0
        while ring:
            distance += 1
            shared = Counter(other for one in ring for each in self.of[one] for other in each)
            near = sorted(shared.keys() - seen)
            seen.update(near)
            for other in near:
                if other not in hidden and other not in self.public:
                    is_total = any(each[other] > 0 for each in self.of[other])
                    yield distance, other not in self.derived, is_total, -shared[other], abs(self.values[other]), other
            ring = [other for other in near if other in hidden]


@dataclass
class _Search:
    """A search for another world, within so many moves."""

    figures: Figures
    movable: set[Cell]
    left: int = LONGEST

    def settles(self, moves: dict[Cell, int]) -> bool:
        """Whether moves can be completed so that no sum is upset."""
        self.left -= 1
        if self.left < 0 or len(moves) > DEEPEST:
            return False
        upset = next(
            (
                (each, rest)
                for cell in moves
                for each in self.figures.of[cell]
                if (rest := sum(sign * moves.get(other, 0) for other, sign in each.items()))
            ),
            None,
        )
        if upset is None:
            return True
        each, rest = upset
        return any(
            self.figures.allowed(other, -rest * sign) and self.settles({**moves, other: -rest * sign})
            for other, sign in each.items()
            if other in self.movable and other not in moves
        )
