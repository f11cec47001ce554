"""A refresh on trial: the whole job in a home and a public folder of its own, which are gone afterwards.

Here belongs how it is run and what it came to. What a plan is held to before that stands in
``pipelines.plans.checking_plan``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg

from pipelines.definitions import JOB, build_definitions
from pipelines.runs.failures import faults_of, refusals_of
from pipelines.runs.reports import tags_of_own
from pipelines.runs.run import Run, open_run
from pipelines.settings import Settings


@dataclass(frozen=True)
class Tried:
    """What a refresh would have refused, and what it would have held back."""

    refused: tuple[str, ...]
    held_back: tuple[str, ...]


def tried(settings: Settings, plan: Path) -> Tried:
    """What a first refresh of a plan comes to on its recorded answers; nobody is told of it."""
    runs: list[Run] = []
    with TemporaryDirectory(prefix="etappmal-check-") as folder, dg.DagsterInstance.ephemeral() as instance:
        at = replace(settings.elsewhere(Path(folder) / "home", Path(folder) / "public"), plan=plan.absolute())

        @contextmanager
        def opened(run_id: str, who: str, _tags: Mapping[str, str]) -> Iterator[Run]:
            """Open the run, and keep it: its summary says what is held back."""
            with open_run(at, run_id, who) as run:
                runs.append(run)
                yield run

        result = (
            build_definitions(opened)
            .resolve_job_def(JOB)
            .execute_in_process(
                instance=instance,
                tags=tags_of_own(instance, at),
                run_config={
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                    "ops": {"publication": {"config": {"dry_run": True}}},
                },
                raise_on_error=False,
            )
        )
    told = [] if result.success else [*refusals_of(result), *faults_of(result)] or ["a refresh would fail."]
    return Tried(tuple(told), tuple(one for run in runs for one in run.summary.held_back))
