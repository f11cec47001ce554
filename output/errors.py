"""What may go wrong when tables go out, said so that the reader knows what to do next.

    PublicationError        a table that must not be published, or a folder that cannot be written
    ├── BusyFolderError     another publication is writing in the same folder
    └── ReasonError         a reason that cannot be shown to readers

Here belong the errors alone. Each is raised where the fault is found.
"""


class PublicationError(Exception):
    """Something that must not be published, or a public folder that cannot be written.

    ``where`` names the dataset with row and column, or the folder.
    """

    def __init__(self, what: str, *, where: str, remedy: str) -> None:
        """Keep the three parts; the message joins them in one paragraph."""
        super().__init__(f"{where}: {what} {remedy}")
        self.what = what
        self.where = where
        self.remedy = remedy


class BusyFolderError(PublicationError):
    """Another publication is writing in the same folder."""


class ReasonError(PublicationError):
    """The reason for a withdrawal, which cannot be shown to readers."""
