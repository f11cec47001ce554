"""Benchmarks: run by hand and by their own command, never by the tests."""
