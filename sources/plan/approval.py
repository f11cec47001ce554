"""The approval that a plan carries: who has approved which tables, as they were declared then.

Here belongs the shape of ``approval.toml``. What is approved, and how a hash is made of it, is
``contracts.terms``; what waits for an approval is asked in ``pipelines.plans.approving``.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import StringConstraints

from sources.plan.parts import Strict, Words
from sources.plan.register import MunicipalityId

APPROVAL: Final = "approval.toml"

Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class Approval(Strict):
    """An approval. ``datasets`` has the hash of each dataset as it was declared; it holds for one municipality."""

    municipality: MunicipalityId
    by: Words
    at: dt.datetime
    datasets: Mapping[str, Fingerprint]
