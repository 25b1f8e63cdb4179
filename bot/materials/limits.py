"""How much of a file is taken."""

from typing import Final

MAX_BYTES: Final = 20 * 2**20
"""Of a file that comes in: scans of phones and what a Telegram bot may fetch stay below."""

MAX_PIXELS: Final = 40_000_000
"""Of a picture that comes in, as its header says, before anything is decoded."""

MAX_PAGES: Final = 6
"""Of a PDF: the longest paper of a filing has four."""

LONGEST_SIDE: Final = 4096
"""Pixels of what is kept: 12-megapixel photos of phones stay as they are."""

LEAST_SIDE: Final = 1600
"""The longest side is not made smaller than this to save bytes: small print must stay legible."""
