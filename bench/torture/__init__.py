"""Faults on purpose, counted: what is lost, differs, repeats or comes out of order."""
