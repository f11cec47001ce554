"""Columns that recur in many tables, declared once.

Here belongs a column whose meaning is the same wherever it stands. A column of one table is
declared in that table.
"""

from typing import Any, Final

import polars as pl

from contracts.declare import Rule, column
from contracts.vocabulary import Origin, Reason, RowKind, Severity, Text

SLUG: Final = r"^[a-z0-9]+(_[a-z0-9]+)*$"
FOUR_DIGITS: Final = r"^\d{4}$"


def kommun_id(*, source: Origin = Origin.PLAN, severity: Severity = Severity.BLOCK) -> Any:
    """The municipality that a row is about, by its four-digit code."""
    return column(
        "Kommunkod",
        "Municipality code",
        "Kommunens fyrsiffriga kod, med inledande nolla.",
        "The municipality's four-digit code, with its leading zero.",
        source=source,
        severity=severity,
        str_matches=FOUR_DIGITS,
    )


def rapport() -> Any:
    """The report that a row belongs to."""
    return column(
        "Rapport",
        "Report",
        "Rapporten som raden hör till: år och helår, delår 1 (april) eller delår 2 (augusti).",
        "The report that the row belongs to: year and full year, interim 1 (April) or 2 (August).",
        source=Origin.PLAN,
        str_matches=r"^\d{4}-(helar|delar1|delar2)$",
    )


def kalla() -> Any:
    """The source of a row's figures."""
    return column("Källa", "Source", "Var siffrorna kommer ifrån.", "Where the figures come from.", source=Origin.PLAN)


def kalla_rad(*, heading: str | None = None) -> Any:
    """The line of the report's text from which a row comes."""
    return column(
        "Rad i källan",
        "Line in the source",
        "Raden i rapportens text som uppgiften kommer från.",
        "The line of the report's text that the figure comes from.",
        unit="rad",
        nullable=True,
        source=Origin.PLAN,
        heading=heading,
        ge=1,
    )


def slug(title: str, english: str, description: str, english_description: str, **more: Any) -> Any:
    """An identifier: lower-case letters a-z, digits and underscores, the same in every release."""
    return column(title, english, description, english_description, str_matches=SLUG, **more)


def row_id(title: str, english: str, description: str, english_description: str) -> Any:
    """A row of a statement, by the identifier in the plan."""
    return slug(title, english, description, english_description, source=Origin.PLAN)


def namndmal_id(**more: Any) -> Any:
    """A committee goal, by the identifier in the plan."""
    return slug(
        "Nämndmålets id",
        "Committee goal id",
        "Nämndmålet som raden hör till.",
        "The committee goal that the row belongs to.",
        source=Origin.PLAN,
        references="namndmal_id",
        **more,
    )


def radtyp(*, heading: str | None = None) -> Any:
    """What a row of a statement is."""
    return column(
        "Radtyp",
        "Kind of row",
        "Om raden är en post, en delsumma, tabellens summa eller en upplysning utanför summan.",
        "Whether the row is an item, a subtotal, the total, or a memo outside the total.",
        values=RowKind,
        source=Origin.PLAN,
        heading=heading,
    )


def over_id(*, source: Origin = Origin.PLAN) -> Any:
    """The row that this row is part of."""
    return slug(
        "Överordnad rad",
        "Parent row",
        "Raden som denna rad ingår i. Tomt för tabellens summa och för upplysningar.",
        "The row that this row is part of. Blank for the table's total and for memos.",
        source=source,
        nullable=True,
    )


def orsak() -> Any:
    """Why a figure of a row is missing."""
    return column(
        "Orsak",
        "Reason",
        "Varför en siffra i raden saknas. Tomt när ingen saknas.",
        "Why a figure of the row is missing. Blank where none is.",
        values=Reason,
        nullable=True,
    )


def ar(**more: Any) -> Any:
    """A calendar year."""
    return column("År", "Year", "Kalenderår.", "Calendar year.", unit="år", ge=1900, le=2200, **more)


def tkr(title: str, english: str, description: str, english_description: str, **more: Any) -> Any:
    """An amount in thousands of kronor, with the report's sign: costs and deficits are negative."""
    return column(title, english, description, english_description, unit="tkr", nullable=True, **more)


def budget_tkr(heading: str) -> Any:
    """The budget of a row."""
    return tkr(
        "Budget",
        "Budget",
        "Budget för perioden, tusental kronor.",
        "Budget for the period, SEK thousand.",
        heading=heading,
    )


def utfall_tkr(heading: str) -> Any:
    """The outcome of a row."""
    return tkr(
        "Utfall",
        "Outcome",
        "Utfall för perioden, tusental kronor.",
        "Outcome for the period, SEK thousand.",
        heading=heading,
    )


def avvikelse_tkr(stated: str) -> Any:
    """The variance, computed: outcome minus budget. ``stated`` is the heading of the stated one."""
    return tkr(
        "Avvikelse",
        "Variance",
        "Utfall minus budget, uträknat. Minus är sämre än budget. För upplysningsrader det belopp källan anger.",
        "Outcome minus budget, computed. Minus is worse than budget. For memo rows the amount stated by the source.",
        heading=stated,
        stated=True,
    )


def procent(title: str, english: str, description: str, english_description: str, **more: Any) -> Any:
    """A share in percent, with one decimal."""
    return column(
        title, english, description, english_description, unit="procent", **{"nullable": True, "decimals": 1, **more}
    )


def organisation_id() -> Any:
    """Who a row is about, by an identifier made of the name."""
    return slug(
        "Organisationens id",
        "Organisation id",
        "Nämnden, förvaltningen, avdelningen eller kommunen som raden handlar om.",
        "The committee, administration, department or municipality that the row is about.",
    )


def organisation(*, heading: str = "Organisation") -> Any:
    """Who a row is about, by name."""
    return column(
        "Organisation",
        "Organisation",
        "Namnet på nämnden, förvaltningen, avdelningen eller kommunen.",
        "The name of the committee, administration, department or municipality.",
        heading=heading,
    )


def status(of: str, english: str, *, heading: str | None = None) -> Any:
    """Why a value is missing. ``of`` is the Swedish title of the column that it explains."""
    return column(
        f"{of}: orsak till tomt värde",
        f"{english}: reason for a blank",
        f"Varför värdet saknas i kolumnen {of.lower()}. Tomt där värdet finns.",
        f"Why the value is missing in the column {english.lower()}. Blank where there is a value.",
        nullable=True,
        values=Reason,
        heading=heading,
    )


def no_year_missing(*series: str) -> Rule:
    """The rule that a series, the rows of a report that share these columns, leaves out no year."""
    step = pl.col("ar") - pl.col("ar").shift().over("kommun_id", "rapport", *series, order_by="ar")
    return Rule(
        "ar:lucka",
        Text("Ingen serie hoppar över ett år.", "No series leaves out a year."),
        step.fill_null(1) <= 1,
        Severity.WARN,
    )


def value_or_reason(value: str, reason: str) -> Rule:
    """The rule that a row has either a value or the reason why it is missing."""
    return Rule(
        f"{value}:varde_eller_orsak",
        Text("Raden har ett värde eller en orsak till att det saknas.", "The row has a value or the reason for none."),
        pl.col(value).is_null() != pl.col(reason).is_null(),
    )
