"""Tests of ``sources``: what comes in."""
