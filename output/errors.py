"""What may go wrong when tables go out, said so that the reader knows what to do next.

Here belongs the error alone. It is raised where the fault is found.
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
