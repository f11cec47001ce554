"""Plan folders beside each other: one for each report of a municipality, found by what their plans are about.

Here belongs finding them. Whether a plan holds is settled when it is read: one that cannot be read is none here.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

REGISTER: Final = "plan.toml"


def own_folder(folder: Path) -> Path:
    """The plan folder that a path names: itself, or that of the newest report among those that lie in it."""
    if (folder / REGISTER).exists():
        return folder
    found = {report: place for report, _, place in _found(folder)}
    return found[max(found)] if found else folder


def report_folders(folder: Path) -> Mapping[str, Path]:
    """The folders of the plans beside a plan, and its own, by the report of each, the oldest first.

    They are of the same municipality. Of two plans of one report the plan's own goes before.
    """
    beside = list(_found(folder.parent))
    own = next(((report, whose) for report, whose, place in beside if place.samefile(folder)), None)
    if own is None:
        return {}
    found = {report: place for report, whose, place in beside if whose == own[1]} | {own[0]: folder}
    # The reports of a year sort as they follow each other: delar1, delar2, helar.
    return dict(sorted(found.items()))


def _found(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """The plan folders in a folder: the report of each, whose it is, and where it lies."""
    for path in sorted(folder.glob(f"*/{REGISTER}")):
        try:
            plan = tomllib.loads(path.read_text(encoding="utf-8-sig"))
            yield str(plan["report"]["id"]), str(plan["municipality"]["id"]), path.parent
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
