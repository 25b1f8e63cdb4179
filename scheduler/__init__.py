"""Reminders: which should exist, whom they can reach, and their delivery."""
