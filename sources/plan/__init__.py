"""The goal register: areas, goals, indicators, milestones, sources and decisions, as a municipality writes them.

Reading a plan folder and refusing one that does not hold belong here. Computing a status from it
belongs in ``pipelines.transforms``.
"""

from sources.plan.loading import Plan, load_plan, plan_faults

__all__ = ["Plan", "load_plan", "plan_faults"]
