"""What every table must look like: one pandera model for each table, declared once.

Types, units, titles, keys, allowed values and disclosure stand here and nowhere else. How rows
come about does not: that is ``sources`` (as handed in) and ``pipelines.transforms`` (computed).
"""

from contracts import (
    area_differences,
    area_figures,
    area_sums,
    areas,
    assignments,
    control,
    corrections,
    figures,
    forecasts,
    freshness,
    goal_history,
    goals,
    investments,
    money,
    people,
    quarantine,
    register,
    revisions,
    statistics,
    trees,
)
from contracts.checking import BROKEN, Breach, Checked, ContractError, check, require_table
from contracts.declare import Column, Contract, Rule, contract, contracts

__all__ = [
    "BROKEN",
    "Breach",
    "Checked",
    "Column",
    "Contract",
    "ContractError",
    "Rule",
    "area_differences",
    "area_figures",
    "area_sums",
    "areas",
    "assignments",
    "check",
    "contract",
    "contracts",
    "control",
    "corrections",
    "figures",
    "forecasts",
    "freshness",
    "goal_history",
    "goals",
    "investments",
    "money",
    "people",
    "quarantine",
    "register",
    "require_table",
    "revisions",
    "statistics",
    "trees",
]
