"""Spoilt input by the hundred thousand: nothing may break, and nothing valid may get lost."""
