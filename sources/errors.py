"""What may go wrong with what comes in, said so that a controller knows what to do next.

    SourceError            an input or a source was refused or is incomplete
    ├── ExtractError       a file of the municipality's own
    ├── PlanError          the goal register does not hold
    ├── CorrectionError    an entry of the corrections ledger is no longer needed
    └── AnswerError        an answer of a statistics service is missing, damaged or wrong
        └── LostAnswerError    the archive no longer holds an answer as it came

Here belong the errors alone. Each is raised where the fault is found.
"""


class SourceError(Exception):
    """A fault in what comes in: what is wrong, where, and what to do about it.

    ``where`` names the file with row and column, the key of the plan, or the request.
    """

    def __init__(self, what: str, *, where: str, remedy: str) -> None:
        """Keep the three parts; the message joins them in one paragraph."""
        super().__init__(f"{where}: {what} {remedy}")
        self.what = what
        self.where = where
        self.remedy = remedy


class ExtractError(SourceError):
    """A file of the municipality's own that cannot be used."""


class PlanError(SourceError):
    """A goal register that does not hold."""


class CorrectionError(SourceError):
    """Entries of the corrections ledger that the source no longer calls for: which, and what it says now."""


class AnswerError(SourceError):
    """An answer of a statistics service that is missing, damaged or wrong."""


class LostAnswerError(AnswerError):
    """An answer that once came, and that the archive no longer holds as it came."""
