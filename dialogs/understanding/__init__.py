"""Reading what an applicant wrote, deterministically: no guess that cannot be explained."""

from dialogs.understanding.understand import understand
from dialogs.understanding.understood import Intent, Understood

__all__ = ["Intent", "Understood", "understand"]
