"""What readers see now: the current generation, what it says of itself, and what is wrong with it.

Here belongs reading it. What is to become of it is decided in ``output.publication.planning``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from output.errors import PublicationError
from output.publication.folder import PublicFolder
from output.publication.manifest import Manifest, read_manifest
from output.publication.releases import Index, ReleaseEntry, read_index
from output.publication.wholeness import faults_by_folder
from output.site import DRIFT, LATEST, RELEASES


@dataclass(frozen=True)
class Standing:
    """The current generation. ``faults`` are by folder; folders that are whole are not in it.

    ``history`` is the generation that holds the releases: the current one, or the one before where
    the current one has lost its list. ``operational`` holds the content's hash by table in ``drift/``.
    """

    generation: Path | None
    history: Path | None
    manifest: Manifest | None
    index: Index
    faults: Mapping[str, list[str]]
    operational: Mapping[str, str]

    @property
    def releases(self) -> Path:
        """Where the files of releases lie."""
        if self.history is None:
            message = "there is no generation that holds releases"
            raise LookupError(message)
        return self.history / RELEASES

    def whole(self, folder: str) -> Path | None:
        """A folder of the current generation, or nothing where it is not there or not whole."""
        if self.generation is None or self.faults.get(folder) or not (self.generation / folder).exists():
            return None
        return self.generation / folder

    def require_carried(self, remade: ReleaseEntry | None) -> None:
        """Refuse to go on with a damaged release, unless it is one that is made again from the same content."""
        for entry in self.index.releases:
            faults = self.faults.get(f"{RELEASES}/{entry.id}")
            if faults and entry != remade:
                raise PublicationError(
                    f"the release is damaged: {'; '.join(faults)}.",
                    where=f"{RELEASES}/{entry.id}",
                    remedy=f"Restore its files from a backup, or take it back: etappmal withdraw {entry.id} --why …",
                )


def standing(folder: PublicFolder) -> Standing:
    """What readers see now. Raises PublicationError where the public folder is not one of this project."""
    current = folder.current()
    history = next((each for each in folder.newest_first() if read_index(each)), None)
    operational = read_manifest(current / DRIFT) if current else None
    found = read_index(history) if history else None
    return Standing(
        generation=current,
        history=history,
        manifest=read_manifest(current / LATEST) if current else None,
        index=found or Index(software_sha256=""),
        faults=faults_by_folder(current) if current else {},
        operational={entry.dataset: entry.content_sha256 for entry in operational.datasets} if operational else {},
    )
