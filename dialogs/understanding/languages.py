"""Which language a message is written in, where it is long enough to tell."""

import re
from functools import cache
from typing import Final

from dialogs.understanding.tables import table_of

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_WORD: Final = re.compile(r"(?<![\w.@/-])[A-Za-z]+(?:['’][A-Za-z]+)?(?![\w@/-]|\.\w)")
_FEWEST_HAN: Final = 5  # 你好 is said by everybody
_FEWEST_WORDS: Final = 3
_FEWEST_EVERYDAY: Final = 2  # a company's name has at most one of them


def language_of(text: str) -> str | None:
    """The locale of a sentence; None for a greeting, a name, a number or a mixture."""
    if _HAN.search(text):
        return "zh-CN" if len(_HAN.findall(text)) >= _FEWEST_HAN else None
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    everyday = sum(word in everyday_words() for word in words)
    if len(words) < _FEWEST_WORDS or everyday < _FEWEST_EVERYDAY:
        return None
    return "en"


@cache
def everyday_words() -> frozenset[str]:
    """The words that make a sentence English; read once."""
    return frozenset(table_of("languages")["english"])
