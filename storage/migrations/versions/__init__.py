"""The schema's revisions, numbered in order."""
