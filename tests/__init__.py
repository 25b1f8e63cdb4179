"""Tests, one folder per package; names are sentences."""
