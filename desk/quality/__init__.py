"""Conversations read again: which, by whom, against what, and what came of it."""
