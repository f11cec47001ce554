"""Published tables as files: the forms of each dataset, and those that hold or describe all of them.

    delimited   CSV as RFC 4180 has it, and CSV as a Swedish Excel opens it
    excel_cells what a cell of Excel can hold
    parquet     Parquet, described in its own metadata
    csvw        CSV on the Web: what each CSV holds, for programs
    package     ``datapackage.json``, the same for the whole
    dictionary  the data dictionary in both languages
    workbook    one Excel workbook of all datasets
    geojson     the borders of areas, for map programs
    bundle      one zip of all files

Here belongs how a value is written. Everything said of a table comes from its contract.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from output.formats import bundle, csvw, delimited, dictionary, geojson, package, parquet
from output.publication.manifest import About, FileEntry
from output.tables import Published

Tables = Mapping[str, Published]
WholeWriter = Callable[[Path, Tables, Sequence[FileEntry], About], Sequence[Path]]
"""Writes what holds or describes all datasets into a folder that holds their files; the paths written."""


def writers(dataset: str, about: About) -> Mapping[str, Callable[[Published, Path], None]]:
    """What writes each form of a dataset, by how the file's name ends. Borders have one more, for map programs."""
    return {
        ".csv": delimited.write_csv,
        ".csv-metadata.json": partial(csvw.write_csvw, about=about),
        ".excel.csv": delimited.write_excel_csv,
        ".parquet": partial(parquet.write_parquet, about=about),
        **({geojson.ENDING: geojson.write_geojson} if dataset == geojson.DATASET else {}),
    }


def _dictionary(folder: Path, tables: Tables, _: Sequence[FileEntry], __: About) -> Sequence[Path]:
    """The data dictionary."""
    dictionary.write_dictionary(folder, tables)
    return folder / dictionary.CSV, folder / dictionary.JSON


def _package(folder: Path, tables: Tables, files: Sequence[FileEntry], about: About) -> Sequence[Path]:
    """The data package."""
    package.write_package(folder / package.NAME, tables, files, about)
    return (folder / package.NAME,)


def _workbook(folder: Path, tables: Tables, _: Sequence[FileEntry], about: About) -> Sequence[Path]:
    """The workbook, whose library is loaded only when one is written."""
    from output.formats import workbook  # noqa: PLC0415

    workbook.write_workbook(folder / workbook.NAME, tables, about)
    return (folder / workbook.NAME,)


def _bundle(folder: Path, _: Tables, files: Sequence[FileEntry], __: About) -> Sequence[Path]:
    """All of it in one file, written last."""
    bundle.write_bundle(folder / bundle.NAME, [folder / file.path for file in files])
    return (folder / bundle.NAME,)


WHOLE_WRITERS: Final[Sequence[WholeWriter]] = (_dictionary, _package, _workbook, _bundle)
"""What is written of all datasets together, in this order."""
