"""Loads: a whole country of Kolada or a whole table of SCB into the warehouse, beside what a plan asks for.

Here belongs how a load is cut in parts, goes on where it was, and tells how far it has come. What a nightly
refresh asks of the same services stands in ``intake``.
"""
