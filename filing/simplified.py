"""Traditional Chinese characters read as simplified ones, for comparing, never for storing."""

from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[int, str]:
    text = (files("filing") / "data" / "traditional.txt").read_text(encoding="utf-8")
    pairs = (
        pair for line in text.splitlines() if not line.startswith("#") for pair in line.split()
    )
    return {ord(pair[0]): pair[1] for pair in pairs}


def simplify(text: str) -> str:
    """``text`` with every traditional character simplified; its length does not change."""
    return text if text.isascii() else text.translate(_table())
