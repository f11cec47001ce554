"""Tests of the pipelines: warehouse, settings, lock and summary."""
