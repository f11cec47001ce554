"""One publication: tables held to their contracts, built beside the current generation, checked, switched in.

Here belongs the order of the steps. What is to be done is decided in ``output.publication.planning``, how it is
written stands in ``output.publication.building``, and how the link is switched in ``output.publication.folder``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from output.disclosure.counted import Tables
from output.disclosure.gate import cleared, said_before
from output.errors import PublicationError
from output.publication.building import build_generation
from output.publication.folder import PublicFolder, make_durable
from output.publication.manifest import About
from output.publication.planning import Occasion, Publication, plan, wanted
from output.publication.wholeness import LINKS, faults_by_folder
from output.site import DRIFT
from output.tables import Frame

NAME_LENGTH: Final = 16
"""Signs of the content's hash that name a generation."""

SHOWN: Final = 5
"""Links that lead nowhere that are told at once."""


def _pass_by(_: str) -> None:
    """Do nothing at a step."""


def publish(
    tables: Mapping[str, Frame],
    public: Path,
    about: About,
    occasion: Occasion,
    *,
    operational: Mapping[str, pl.DataFrame] | None = None,
    gone: Sequence[Tables] = (),
    dry_run: bool = False,
    step: Callable[[str], None] = _pass_by,
) -> Publication:
    """Publish tables by name as one whole generation, unless the current one says the same.

    A lazy frame is a table that is too long for the memory, in its published order (``can_be_long``).
    ``operational`` tables go to ``drift/``; they are no part of a release. ``gone`` is
    what releases said that are not in the folder any more. ``step`` is told each step
    when it is done. Raises PublicationError where a table breaks its contract, what changed cannot be
    told, or the folder cannot be used, and ContractError where a frame is not the table at all;
    readers then see what they saw before.
    """
    if not tables:
        raise PublicationError("there is no table to publish.", where=str(public), remedy="Run the refresh first.")
    folder = PublicFolder(public)
    tables = cleared(tables, said_before(folder.current()), gone, exempt=(about.contact,))
    beside = cleared(operational or {}, layer=DRIFT, exempt=(about.contact,))
    if dry_run:
        return plan(folder, wanted(tables, beside, about), occasion, tables).told
    with folder.writing(), folder.drafts() as drafts:
        what = wanted(tables, beside, about, drafts)
        planned = plan(folder, what, occasion, tables)
        if not planned.told.changed and not planned.renewed:
            return planned.told
        build = folder.begin()
        step("begun")
        build_generation(build, what, planned, step)
        make_durable(build)
        step("durable")
        require_whole(build)
        step("verified")
        generation = folder.name(build, what.manifest.content_sha256[:NAME_LENGTH])
        step("named")
        folder.switch(generation)
        step("switched")
        folder.sweep(generation, planned.standing.generation)
        step("swept")
    return replace(planned.told, generation=generation)


def verify(public: Path) -> list[str]:
    """What is wrong with what is published, every file read from disk. Empty where all is whole."""
    generation = PublicFolder(public).current()
    if generation is None:
        return [f"{public} holds no publication"]
    return [fault for faults in faults_by_folder(generation).values() for fault in faults]


def require_whole(build: Path) -> None:
    """Refuse to show a generation that does not read back as it was written, or whose pages lead nowhere."""
    found = faults_by_folder(build)
    broken = found.pop(LINKS, [])
    faults = [fault for told in found.values() for fault in told]
    if broken:
        more = f"; and {len(broken) - SHOWN} more" if len(broken) > SHOWN else ""
        raise PublicationError(
            f"a link leads nowhere: {'; '.join(broken[:SHOWN])}{more}.",
            where=str(build),
            remedy="This is a fault of the pages and not of the data: report it. What was published before stays.",
        )
    if faults:
        raise PublicationError(
            f"what was written does not read back: {'; '.join(faults)}.",
            where=str(build),
            remedy="Check the disk; what was published before stays.",
        )
