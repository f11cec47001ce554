"""Tests, by package: what each part promises, shown with a few rows or through the commands a user types."""
