"""Refreshes that are killed at random moments: what readers see is one whole generation, and the next one publishes.

Each round hands in another figure, so that there is something to publish, and dies by SIGKILL: every other one
at any moment of its run, the rest while a generation is being built and switched in.
"""

import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

import pytest

from output.folder import BUILD, PublicFolder
from output.generation import verify
from output.releases import read_index
from tests.end_to_end.place import ETAPPMAL, LONGEST, Place, rewrite

FIGURE: Final = ";420;39;"
BEFORE: Final = 381
"""The headcount of the year before, that the figure's change is against."""

PUBLISHING: Final = 1 / 3
"""The share of a refresh within which a generation that has been begun is switched in."""


def hand_in(extract: Path, original: str, figure: int) -> None:
    """Write the extract with another headcount."""
    extract.write_text(original, encoding="utf-8")
    rewrite(extract, FIGURE, f";{figure};{figure - BEFORE};")


def killed(place: Place, chance: random.Random, longest: float, *, in_build: bool) -> bool:
    """Start a refresh and kill it at a moment of chance; whether it was still running then."""
    build = PublicFolder(place.public).generations / BUILD
    process = subprocess.Popen(
        [str(ETAPPMAL), "refresh"],
        env=place.environment,
        cwd=place.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + LONGEST
    while in_build and not build.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    try:
        process.wait(chance.uniform(0, longest * PUBLISHING if in_build else longest))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait(timeout=LONGEST) == -signal.SIGKILL


@pytest.mark.parametrize(
    "rounds", [pytest.param(6, marks=pytest.mark.slow, id="six"), pytest.param(100, marks=pytest.mark.soak, id="many")]
)
def test_what_is_public_is_whole_whenever_a_refresh_is_killed(refreshed: Place, rounds: int) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    chance = random.Random(seed)  # noqa: S311 - moments, and no secrets
    extract = refreshed.edit_plan() / "extracts" / "antal_anstallda.csv"
    original = extract.read_text(encoding="utf-8")
    began = time.monotonic()
    hand_in(extract, original, 421)
    assert refreshed.run("refresh").status == 0
    longest = time.monotonic() - began
    ends = {"before": 0, "after": 0, "not killed": 0}
    for number in range(rounds):
        before, figure = refreshed.published(), 422 + number
        hand_in(extract, original, figure)
        died = killed(refreshed, chance, longest, in_build=number % 2 == 1)
        told = f"round {number} of seed {seed}"
        assert verify(refreshed.public) == [], told
        after = refreshed.published()
        assert after == before or f",{figure},".encode() in after["antal_anstallda.csv"], told
        ends["not killed" if not died else "before" if after == before else "after"] += 1
    print(f"seed {seed}: {ends}")
    assert ends["before"] + ends["after"] >= rounds / 2, ends
    assert refreshed.run("refresh").status == 0
    assert f",{421 + rounds},".encode() in refreshed.published()["antal_anstallda.csv"]
    assert refreshed.run("verify").status == 0
    index = read_index(refreshed.public)
    assert index
    assert len({entry.content_sha256 for entry in index.releases}) == len(index.releases)
    assert len(list(PublicFolder(refreshed.public).generations.iterdir())) <= 2
