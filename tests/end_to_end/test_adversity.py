"""What goes wrong on a server: no room, no rights, a damaged file, a clock that jumps, a plan edited half-way.

Each is told in words, leaves what readers see as it was, and has a way back that is walked here.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tests.end_to_end.place import ETAPPMAL, Ended, Place, rewrite

pytestmark = pytest.mark.slow


def told_well(ended: Ended, status: int) -> str:
    """The errors of a command that ended so; there is no traceback among them."""
    assert ended.status == status, ended.err
    assert "Traceback" not in ended.err
    return ended.err


def mounted(place: Place, *mounts: str) -> Sequence[str]:
    """What starts a command where these mounts hold, for it alone; skips where that is not allowed."""
    unshare = shutil.which("unshare")
    words = [unshare or "", "--mount", "sh", "-e", "-c", "; ".join([*mounts, 'exec "$@"']), "sh"]
    if unshare is None or subprocess.run([*words, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting is not allowed on this machine")
    assert place.folder.exists()
    return words


def change(place: Place) -> None:
    """A change that is worth publishing."""
    rewrite(place.edit_plan() / "extracts" / "antal_anstallda.csv", ";420;39;", ";421;40;")


@pytest.mark.parametrize("megabytes", [1, 2])
def test_a_disk_that_has_no_room_for_what_is_published(refreshed: Place, megabytes: int) -> None:
    change(refreshed)
    small = refreshed.folder / "small"
    small.mkdir()
    words = mounted(refreshed, f"mount -t tmpfs -o size={megabytes}m tmpfs '{small}'")
    ended = refreshed.run("refresh", settings={"ETAPPMAL_PUBLIC": str(small / "public")}, before=words)
    assert "No space left on device" in told_well(ended, 1)
    assert refreshed.run("refresh").status == 0


def test_a_home_without_room(refreshed: Place) -> None:
    change(refreshed)
    seen = refreshed.seen()
    full = refreshed.folder / "full"
    full.mkdir()
    words = mounted(
        refreshed,
        f"mount -t tmpfs -o size=24m tmpfs '{full}'",
        f"cp -a '{refreshed.home}/.' '{full}/'",
        f"dd if=/dev/zero of='{full}/filler' bs=4096 2>/dev/null || true",
    )
    ended = refreshed.run("refresh", settings={"ETAPPMAL_HOME": str(full)}, before=words)
    assert ended.status in {1, 2, 4}, ended.err
    assert "Traceback" not in ended.err
    assert "space" in ended.err.lower() or "disk" in ended.err.lower()
    assert refreshed.seen() == seen
    assert refreshed.run("refresh").status == 0


def test_a_home_that_may_only_be_read(refreshed: Place) -> None:
    change(refreshed)
    seen = refreshed.seen()
    home = refreshed.home
    words = mounted(refreshed, f"mount --bind '{home}' '{home}'", f"mount -o remount,bind,ro '{home}'")
    told = told_well(refreshed.run("refresh", before=words), 2)
    assert "ETAPPMAL_HOME" in told
    assert "Read-only file system" in told
    assert refreshed.seen() == seen
    assert refreshed.run("refresh").status == 0


def test_a_warehouse_that_was_damaged_is_moved_away_and_built_up_again(refreshed: Place) -> None:
    seen, warehouse = refreshed.seen(), refreshed.home / "snapshot" / "warehouse.duckdb"
    data = bytearray(warehouse.read_bytes())
    data[4096 : len(data) // 2] = os.urandom(len(data) // 2 - 4096)
    warehouse.write_bytes(data)
    ended = refreshed.run("refresh")
    told = told_well(ended, 4)
    assert str(warehouse) in told
    assert "Move the file away and run etappmal refresh" in told
    assert refreshed.seen() == seen
    warehouse.rename(refreshed.folder / "damaged.duckdb")
    again = refreshed.run("refresh")
    assert again.status == 0, again.err
    assert "unchanged" in again.out
    assert refreshed.seen() == seen


def at(when: datetime) -> Sequence[str]:
    """What starts a command at another time; skips where there is no such program."""
    faketime = shutil.which("faketime")
    if faketime is None:
        pytest.skip("faketime is not on this machine")
    return [faketime, "-f", f"@{when:%Y-%m-%d %H:%M:%S}"]


def test_a_clock_that_has_gone_back_is_told_and_set_right_again(refreshed: Place) -> None:
    change(refreshed)
    seen = refreshed.seen()
    ended = refreshed.run("refresh", before=at(datetime(2001, 1, 1, tzinfo=UTC)))
    assert "clock" in told_well(ended, 2)
    assert refreshed.seen() == seen
    assert refreshed.run("refresh").status == 0


def test_a_clock_that_was_ahead_is_told_and_the_backup_is_the_way_back(refreshed: Place) -> None:
    backups = refreshed.folder / "backups"
    assert refreshed.run("backup", str(backups)).status == 0
    change(refreshed)
    assert refreshed.run("refresh", before=at(datetime.now(UTC) + timedelta(days=4000))).status == 0
    told = told_well(refreshed.run("refresh"), 2)
    assert "clock" in told
    assert "etappmal restore" in told
    (file,) = backups.iterdir()
    assert refreshed.run("restore", str(file)).status == 0
    assert refreshed.run("refresh").status == 0


def test_a_plan_that_is_edited_while_it_is_read_from_is_what_the_run_began_with(refreshed: Place) -> None:
    plan = refreshed.edit_plan()
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    command = [str(ETAPPMAL), "refresh", "--json"]
    with subprocess.Popen(
        command,
        env=refreshed.environment,
        cwd=refreshed.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        (plan / "plan.toml").write_text("half a pla", encoding="utf-8")
        out, _ = process.communicate(timeout=120)
    assert first
    assert process.returncode == 0
    assert json.loads(out)["state"] == "unchanged"
    assert "plan.toml" in told_well(refreshed.run("refresh"), 2)
    (plan / "plan.toml").write_text(text, encoding="utf-8")
    assert refreshed.run("refresh").status == 0


def test_a_file_that_is_removed_half_way_is_named(refreshed: Place) -> None:
    seen = refreshed.seen()
    (refreshed.edit_plan() / "extracts" / "uppdrag.csv").unlink()
    assert "extracts/uppdrag.csv" in told_well(refreshed.run("refresh"), 1)
    assert refreshed.seen() == seen
