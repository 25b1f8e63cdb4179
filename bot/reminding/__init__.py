"""Reminders in the running program: the sweeps' ticks, their figures, e-mail and SMS."""
