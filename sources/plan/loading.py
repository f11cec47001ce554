"""Reading a plan folder: the goal register, the statement lines, the claims, the extracts and their place.

Here belongs the way from files to a ``Plan``, and the wording of every fault in them. What a
register must hold is declared in ``sources.plan.register``.
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, get_args

import polars as pl
from pydantic import BaseModel, TypeAdapter, ValidationError

from contracts import contract, contracts
from contracts.personal_data import WITHHELD, found_in
from sources.errors import ExtractError, PlanError
from sources.extracts import ExtractFile, resolve
from sources.files import UnfitFileError, read_regular
from sources.plan.approval import APPROVAL, Approval
from sources.plan.claims import Claim, Claims
from sources.plan.corrections import CORRECTIONS, Correction, Ledger, require_corrections
from sources.plan.register import ExtractPlan, Register, StatementLine
from sources.plan.texts import SHOWN, PlanText, key_of, require_seen, texts_of

REGISTER = "plan.toml"
LINES = "lines.toml"
CLAIMS = "claims.toml"
FILES: Final[Mapping[str, Any]] = {
    REGISTER: Register,
    LINES: dict[str, tuple[StatementLine, ...]],
    CLAIMS: Claims,
    CORRECTIONS: Ledger,
    APPROVAL: Approval,
}
"""The files of a plan, each with its shape. Only the register must be there."""

MAX_BYTES: Final = 10_000_000


@dataclass(frozen=True)
class Plan:
    """A plan folder that holds: its register, its statement lines and its claims.

    ``lines`` maps the name of a statement to the rows it must hold, ``corrections`` are the known errors
    at its sources. ``files`` maps the name of each file of the plan itself to its bytes, as they were read.
    ``dropped`` maps a table to the new file that is read in place of the one in the folder.
    """

    folder: Path
    register: Register
    lines: Mapping[str, tuple[StatementLine, ...]]
    claims: tuple[Claim, ...]
    files: Mapping[str, bytes]
    corrections: tuple[Correction, ...] = ()
    approval: Approval | None = None
    dropped: Mapping[str, Path] = field(default_factory=dict)

    @property
    def archive(self) -> Path:
        """Where the recorded answers of the plan lie."""
        return self.folder / "archive"

    def observed(self, name: str) -> Mapping[str, Sequence[str]]:
        """What the plan uses of a table of observations: its KPIs or series, for which municipalities."""
        register = self.register
        if name == "omradesceller":
            return {
                "kalla_id": [cell for each in (register.areas.series if register.areas else ()) for cell in each.cells]
            }
        ids = (
            [kpi.id for kpi in register.kolada.kpi] if name == "kolada_varden" else [s.id for s in register.scb.series]
        )
        return {"kalla_id": ids, "kommun_id": register.units}

    def corrections_of(self, table: str) -> tuple[Correction, ...]:
        """The known errors of a table of observations or of an extract."""
        return tuple(entry for entry in self.corrections if entry.table == table)

    @property
    def texts(self) -> Iterator[PlanText]:
        """Every text of the plan's own files."""
        return (text for name, data in self.files.items() for text in texts_of(name, _toml(data, name)))

    @cached_property
    def extracts(self) -> Mapping[str, ExtractFile]:
        """The extracts by the table they feed."""
        return {
            extract.table: ExtractFile(
                table=extract.table,
                name=extract.file,
                path=self.dropped.get(extract.table) or resolve(self.folder, extract.file),
                encoding=extract.encoding,
                separator="\t" if extract.separator == "tab" else extract.separator,
                decimal=extract.decimal,
                sheet=extract.sheet,
                ledger=extract.ledger,
                owner=extract.owner,
                sums=extract.sums,
            )
            for extract in self.register.extract
        }


def load_plan(folder: Path) -> Plan:
    """Read a plan folder.

    Raises PlanError naming the file and the key, with what to write instead.
    """
    register_text, lines_text = _read(folder / REGISTER), _read(folder / LINES, required=False)
    corrections_text = _read(folder / CORRECTIONS, required=False)
    approval_text = _read(folder / APPROVAL, required=False)
    claims_text = _read(folder / CLAIMS, required=False)
    register = _validated(TypeAdapter(Register), _toml(register_text, REGISTER), REGISTER)
    lines = _validated(TypeAdapter(dict[str, tuple[StatementLine, ...]]), _toml(lines_text, LINES), LINES)
    claims: Claims = _validated(TypeAdapter(Claims), _toml(claims_text, CLAIMS), CLAIMS)
    _check_lines(lines)
    _check_extracts(register, lines)
    corrections = _validated(TypeAdapter(Ledger), _toml(corrections_text, CORRECTIONS), CORRECTIONS).correction
    require_corrections(corrections, [extract.table for extract in register.extract])
    optional = {CLAIMS: claims_text, CORRECTIONS: corrections_text}
    files = {REGISTER: register_text, LINES: lines_text, **{name: text for name, text in optional.items() if text}}
    plan = Plan(
        folder=folder,
        register=register,
        lines=lines,
        claims=claims.claim,
        files=files,
        corrections=corrections,
        # An approval is about a publication, not about figures: it is no input of a run.
        approval=_validated(TypeAdapter(Approval), _toml(approval_text, APPROVAL), APPROVAL) if approval_text else None,
    )
    try:
        _ = plan.extracts
    except ExtractError as error:
        raise PlanError(error.what, where=f"{REGISTER}, {error.where}", remedy=error.remedy) from error
    return plan


def plan_faults(folder: Path) -> list[PlanError]:
    """Every fault of a plan folder: of each file by itself, or else of what the files say together."""
    faults: list[PlanError] = []
    for name, shape in FILES.items():
        try:
            text = _read(folder / name, required=name == REGISTER)
            if text:
                _validated(TypeAdapter(shape), _toml(text, name), name)
        except PlanError as error:
            faults.append(error)
    if not faults:
        try:
            load_plan(folder)
        except PlanError as error:
            faults.append(error)
    return faults


def _read(path: Path, *, required: bool = True) -> bytes:
    """The bytes of a file of the plan."""
    try:
        return read_regular(path, MAX_BYTES)
    except FileNotFoundError:
        if not required:
            return b""
        raise PlanError(
            "there is no such file.",
            where=str(path),
            remedy="Name a plan folder with --plan or ETAPPMAL_PLAN; the shipped one is sources/huddinge/2023.",
        ) from None
    except UnfitFileError as error:
        raise PlanError(f"{error}.", where=str(path), remedy="Put the plan's own file there.") from None
    except OSError as error:
        raise PlanError(f"cannot be read ({error.strerror}).", where=str(path), remedy="See to its access.") from error


def _toml(text: bytes, name: str) -> dict[str, Any]:
    """Parse a TOML file; the fault's line and column come from the parser."""
    try:
        # Some editors begin a file in UTF-8 with a mark.
        return tomllib.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise PlanError("is not UTF-8.", where=f"{name}, line {line}", remedy="Save the file as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits and endless lists within lists end the parser in errors of their own.
        raise PlanError(f"is not TOML: {error}.", where=name, remedy="Correct the line.") from error


def _validated(adapter: TypeAdapter[Any], data: dict[str, Any], name: str) -> Any:
    """Validate parsed TOML, with every fault told by its key."""
    require_seen(name, data)
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        faults = [_fault(data, dict(fault)) for fault in error.errors(include_url=False)]
        more = f" (and {len(faults) - SHOWN} more)" if len(faults) > SHOWN else ""
        raise PlanError(
            "; ".join(faults[:SHOWN]) + more + ".", where=name, remedy="Correct the plan and run again."
        ) from error


def _fault(data: dict[str, Any], fault: dict[str, Any]) -> str:
    """A fault with its key; what may be personal data is not repeated."""
    told = f"{key_of(data, fault['loc'])}: {_sentence(fault)}"
    return f"{key_of(data, fault['loc'][:1])}: holds {WITHHELD}" if found_in(told) else told


def _sentence(fault: dict[str, Any]) -> str:
    """What is wrong with a key and what to write instead."""
    key = str(fault["loc"][-1]) if fault["loc"] else ""
    match fault["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(key, sorted(_known_keys(Register) | _known_keys(Claims)), n=1)
            return f"the key {key!r} is not known" + (f": did you mean {near[0]!r}?" if near else ": remove it")
        case "missing":
            return "is missing: write it"
        case "enum":
            return f"is {fault['input']!r}: write one of {fault['ctx']['expected']}"
        case "value_error":
            return str(fault["ctx"]["error"])
        case "too_short":
            return "is empty: a goal has at least one indicator, and a list at least one entry"
        case _:
            return f"{fault['msg']}, not {fault['input']!r}"


def _known_keys(model: type[BaseModel]) -> set[str]:
    """Every key that a plan may hold, at any level."""
    keys: set[str] = set()
    for name, declared in model.model_fields.items():
        keys.add(name)
        for part in (declared.annotation, *get_args(declared.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                keys |= _known_keys(part)
    return keys


def _check_lines(lines: Mapping[str, tuple[StatementLine, ...]]) -> None:
    """Refuse doubled ids and labels, and parents that do not exist."""
    for statement, rows in lines.items():
        ids = [row.id for row in rows]
        labels = [row.label for row in rows]
        for what, values in (("id", ids), ("label", labels)):
            twice = next((value for value in values if values.count(value) > 1), None)
            if twice is not None:
                raise PlanError(
                    f"{what} {twice!r} stands twice.", where=f"{LINES}, {statement}", remedy="Give each row its own."
                )
        orphan = next((row for row in rows if row.parent is not None and row.parent not in ids), None)
        if orphan is not None:
            raise PlanError(
                f"parent {orphan.parent!r} is not a row.",
                where=f"{LINES}, {statement}, {orphan.id!r}",
                remedy=f"Write one of {', '.join(ids)}, or leave it out.",
            )
        circle = _circle({row.id: row.parent for row in rows})
        if circle:
            raise PlanError(
                f"the rows {', '.join(circle)} are part of each other.",
                where=f"{LINES}, {statement}",
                remedy="Leave out the parent of the one that is the total.",
            )


def _circle(parents: Mapping[str, str | None]) -> list[str]:
    """The first rows found that are, by their parents, part of themselves."""
    for row in parents:
        way: list[str] = []
        at: str | None = row
        while at is not None and at not in way:
            way.append(at)
            at = parents[at]
        if at is not None:
            return way[way.index(at) :]
    return []


def _check_extracts(register: Register, lines: Mapping[str, tuple[StatementLine, ...]]) -> None:
    """Refuse an extract of a table that is not read from one, and a statement without its rows."""
    readable = {
        declared.name: any(column.references == declared.name for column in declared.columns)
        for declared in contracts("open")
        if any(column.heading for column in declared.columns)
    }
    for extract in register.extract:
        where = f"{REGISTER}, extract {extract.table!r}"
        if extract.table not in readable:
            near = difflib.get_close_matches(extract.table, sorted(readable), n=1)
            raise PlanError(
                "there is no such table to hand in.",
                where=where,
                remedy=f"Did you mean {near[0]!r}?" if near else f"Write one of {', '.join(sorted(readable))}.",
            )
        if readable[extract.table] and extract.table not in lines:
            raise PlanError(
                "its rows are not declared.",
                where=where,
                remedy=f"List them under [[{extract.table}]] in {LINES}: id, label, kind and parent.",
            )
        _check_sums(extract, where)


def _check_sums(extract: ExtractPlan, where: str) -> None:
    """Refuse the sum of a column that the file has not, or that holds no figures."""
    columns = contract(extract.table).extract.columns
    headings = {column.heading: column.dtype for column in columns if column.heading is not None}
    figures = [heading for heading, dtype in headings.items() if dtype in (pl.Int64, pl.Float64)]
    strange = next((heading for heading in extract.sums if heading not in figures), None)
    if strange is not None:
        raise PlanError(
            f"sums names {strange!r}, which is no column of figures.",
            where=where,
            remedy=f"Write one of {', '.join(repr(heading) for heading in figures)}.",
        )
