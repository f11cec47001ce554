"""The assets, in the order of the sentence: sources → plan and statistics → status → open data.

One asset for each table that a reader would look for, named as the table. Bodies are short: what
is computed stands in ``pipelines.transforms``.
"""
