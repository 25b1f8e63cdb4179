"""姓名: a person's name as the certificate prints it, Chinese or Latin."""

import re

from filing.identifiers.normalise import one_line
from filing.invalid import Invalid, invalid

SHORTEST, LONGEST = 2, 30

_DOTS = str.maketrans("•・‧．.●", "······")
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f〇"
_CHINESE = re.compile(rf"[{_HAN}]+(?:·[{_HAN}]+)*")
_BETWEEN_LATIN = frozenset(" .'’·,-")
_HAN_ONLY = re.compile(rf"[{_HAN}·\s]+")
_EDGES = " 。，,；;：:·"
_ANY_HAN = re.compile(f"[{_HAN}]")
_DIGIT = re.compile(r"\d")
_SURNAME_ONLY = re.compile(r"[姓免]贵?[\u4e00-\u9fff]")
_COURTESY = re.compile(r"(?:先生|女士|小姐|经理|老师|总经理|董事长)$")


def parse_person_name(text: str) -> str | Invalid:
    """A name of 2 to 30 characters: 张三, 阿卜杜拉·买买提, or Latin as in a passport.

    Blanks inside a Chinese name go, the many dots people type become ``·``. Codes
    ``name.*``: ``length``, ``digits``, ``courtesy`` (张先生), ``characters``.
    """
    name = one_line(text).strip(_EDGES)
    if not name:
        return invalid("text.empty")
    if _HAN_ONLY.fullmatch(name.translate(_DOTS)):
        name = name.translate(_DOTS).replace(" ", "").strip("·")
    if not SHORTEST <= len(name) <= LONGEST or _SURNAME_ONLY.fullmatch(name):
        return invalid("name.length", min=SHORTEST, max=LONGEST)
    if _DIGIT.search(name):
        return invalid("name.digits")
    if _COURTESY.search(name) and len(name) <= 5:
        return invalid("name.courtesy")
    return name if _CHINESE.fullmatch(name) or _is_latin(name) else invalid("name.characters")


def has_chinese(name: str) -> bool:
    """Whether a name holds Chinese characters."""
    return _ANY_HAN.search(name) is not None


def _is_latin(name: str) -> bool:
    return not has_chinese(name) and all(
        sign.isalpha() or (place and sign in _BETWEEN_LATIN) for place, sign in enumerate(name)
    )
