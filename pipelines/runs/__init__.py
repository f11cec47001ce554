"""A run: how it begins, what it has at hand, how it keeps from others, and how it ends and is told.

Here belongs what holds for every run, whoever began it. What it reads stands in ``intake``, what it
computes in ``transforms``, what Dagster sees of it in ``assets``.
"""
