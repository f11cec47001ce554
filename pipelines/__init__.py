"""Dagster, thin: assets, checks, schedule and resources around the transforms, and the ``etappmal`` command.

Orchestration belongs here. What is computed stands in ``pipelines.transforms``, what may be
published in ``contracts``, where figures come from in ``sources``.
"""
