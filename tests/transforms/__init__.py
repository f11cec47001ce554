"""Transforms: a few rows in, the expected rows beside them."""
