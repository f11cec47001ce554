"""Tests of the pages: their sentences, their structure, and how they stand in a browser."""
