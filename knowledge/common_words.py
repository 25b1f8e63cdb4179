"""Words of two characters that people use every day."""

from functools import cache
from importlib.resources import files


@cache
def common_words() -> frozenset[str]:
    """The 17,000 most common words of two characters; see the head of the data file."""
    text = (files("knowledge") / "data" / "common_words.txt").read_text(encoding="utf-8")
    signs = "".join(line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(signs[place : place + 2] for place in range(0, len(signs), 2))
