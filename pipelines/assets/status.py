"""Status: indicators against milestones, goals by their indicators, the report as a whole."""

import polars as pl

from pipelines.assets.table_asset import table_asset
from pipelines.runs.run import Run
from pipelines.transforms import grades, milestones


@table_asset("indikatorer", deps=["indikatorregister", "indikatorutfall", "rapporter"])
def indikatorer(run: Run) -> pl.DataFrame:
    """Each indicator with its status."""
    rule = run.core("rapporter").row(0, named=True)
    return milestones.indikatorer(
        run.core("indikatorregister"),
        run.open("indikatorutfall"),
        run.report,
        decided=rule["beslutsdatum"] is not None,
        tie_is_reached=rule["gransfall_uppnatt"],
    )


@table_asset("malbedomning", deps=["malregister", "indikatorer", "rapporter"])
def malbedomning(run: Run) -> pl.DataFrame:
    """Each goal with its computed and its decided grade."""
    rule = run.core("rapporter").row(0, named=True)
    return grades.malbedomning(
        run.core("malregister"),
        run.open("indikatorer"),
        run.report,
        rule=rule["regelversion"],
        tie_is_reached=rule["gransfall_uppnatt"],
    )


@table_asset("samlad_bedomning", deps=["malbedomning", "rapporter"])
def samlad_bedomning(run: Run) -> pl.DataFrame:
    """The report as a whole."""
    return grades.samlad_bedomning(run.core("rapporter"), run.open("malbedomning"), run.report)
