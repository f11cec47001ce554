"""Contracts: the data dictionary, empty extracts for a municipality that begins."""

import json
from pathlib import Path
from typing import Any, Final

import click

from pipelines.commands.flags import fail
from pipelines.runs.exits import Exit

LAYERS: Final = ("open", "core", "drift")


@click.command()
@click.argument("tables", metavar="[TABLE]...", nargs=-1)
@click.option("--layer", type=click.Choice(LAYERS), help="Only tables of this layer; open is what is published.")
@click.option("--language", type=click.Choice(("sv", "en")), default="sv", show_default=True, help="Language of texts.")
@click.option("--json", "as_json", is_flag=True, help="Print everything that is declared as JSON, in both languages.")
@click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write an empty extract for each table, with a guide, into this folder instead.",
)
@click.option("--release", is_flag=True, help="Keep the declared schemas as the last released ones instead.")
def contracts(
    *,
    tables: tuple[str, ...],
    layer: str | None,
    language: str,
    as_json: bool,
    templates: Path | None,
    release: bool,
) -> None:
    """Print the data dictionary: every table, column, rule and word that is declared, or only those of some tables."""
    if templates is not None:
        _write_templates(templates)
        return
    if release:
        _release()
        return
    from contracts import contracts as declared
    from contracts.dictionary import entry

    found = [each for each in declared(layer) if not tables or each.name in tables]
    unknown = sorted(set(tables) - {each.name for each in found})
    if unknown:
        known = ", ".join(sorted({each.name for each in declared(layer)}))
        fail(Exit.USAGE, f"no table is called {', '.join(unknown)}; declared are: {known}.")
    entries = [entry(each) for each in found]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False, indent=1))
        return
    click.echo("\n\n".join(_told(each, language) for each in entries))


def _write_templates(folder: Path) -> None:
    """Write the empty extracts."""
    from sources.extracts.templates import write_templates

    try:
        written = write_templates(folder)
    except FileExistsError as error:
        fail(Exit.USAGE, f"{error.filename} is there already, perhaps filled in: name a new folder.")
    except OSError as error:
        fail(Exit.USAGE, f"{folder} cannot be written ({error.strerror}): name a folder of your own.")
    click.echo(f"{folder}: {len(written) - 1} empty extracts, and {written[-1].name}, which tells what each holds.")


def _release() -> None:
    """Keep what is declared as what was released last, if the versions allow it."""
    from contracts import contracts as declared
    from contracts.versions import RELEASED, faults, read_released, record_of, write_released

    wrong = faults(declared("open"), read_released())
    if wrong:
        fail(Exit.REFUSED, *(f"{fault}." for fault in wrong))
    write_released(record_of(declared("open")))
    click.echo(f"{RELEASED}: the declared schemas are now the released ones.")


def _told(table: dict[str, Any], language: str) -> str:
    """A table of the dictionary as text."""
    version = f" {table['version']}" if table["version"] else ""
    lines = [
        f"{table['layer']}.{table['table']}{version}: {table['title'][language]}",
        f"  {table['description'][language]}",
        f"  key: {', '.join(table['key'])}",
    ]
    for column in table["columns"]:
        lines += _column_told(column, language)
    lines += [f"  {rule['rule']} ({rule['severity']['value']}): {rule[language]}" for rule in table["rules"]]
    return "\n".join(lines)


def _column_told(column: dict[str, Any], language: str) -> list[str]:
    """A column of the dictionary as text: its traits on a line, its prose and words below."""
    traits = [
        column["type_text"][language],
        *([column["unit"]] if column["unit"] else []),
        *(["key"] if column["key"] else []),
        *(["may be blank"] if column["nullable"] else []),
        column["source"]["value"],
        column["disclosure"]["value"],
        *(["counts persons"] if column["counts_persons"] else []),
        *([f"heading {column['heading']!r}"] if column["heading"] else []),
    ]
    words = [f"      {word['value']}: {word[language]}" for word in column["values"] or ()]
    prose = f"      {column['title'][language]}. {column['description'][language]}"
    return [f"    {column['name']} ({', '.join(traits)})", prose, *words]
