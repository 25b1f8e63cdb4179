"""Names of persons and bodies, told from the sentences that stand around them."""

import re

from dialogs.understanding.lexicon import lexicon

_HAN_NAME = re.compile(r"\s*([\u4e00-\u9fff]{1,15}·[\u4e00-\u9fff·]{1,20}|[\u4e00-\u9fff]{2,6})")
_LATIN_NAME = re.compile(r"\s*([A-Z][A-Za-z'\-]+(?: [A-Z][A-Za-z'.\-]*){1,4})")
_NEVER_IN_BODIES = re.compile("[的了]")
_LONGEST = 4
_PARTICLES = "了吧啊呢呀哦哈啦"
_SHORTEST_WITH_PARTICLE = 2


def leading_name(text: str, *, signed: bool) -> tuple[str, int] | None:
    """The person's name ``text`` begins with and where it ends, or None.

    Without a colon before it (``signed``) a Chinese name must begin with a family name.
    """
    found = _LATIN_NAME.match(text)
    if found:
        return found.group(1), found.end()
    found = _HAN_NAME.match(text)
    if not found:
        return None
    name = found.group(1)
    if "·" in name:
        return name, found.end()
    if len(name) > _SHORTEST_WITH_PARTICLE:
        name = name.rstrip(_PARTICLES) or name
    if lexicon().no_person.search(name) or len(name) > _LONGEST:
        return None
    if not signed and not starts_with_surname(name):
        return None
    return name, found.start(1) + len(name)


def starts_with_surname(name: str) -> bool:
    """Whether a Chinese family name stands in front."""
    surnames = lexicon().surnames
    return name[:2] in surnames or (name[:1] in surnames and len(name) < _LONGEST)


def could_be_person(text: str) -> bool:
    """Whether a whole text may be somebody's name rather than a remark."""
    return lexicon().no_person.search(text) is None


def could_be_body(text: str) -> bool:
    """Whether a whole text reads like the name of a body or a website, not like a sentence."""
    return lexicon().no_body.search(text) is None


def ends_like_body(text: str) -> bool:
    """Whether a text ends as names of bodies do, and holds nothing they never hold."""
    return (
        could_be_body(text)
        and not _NEVER_IN_BODIES.search(text)
        and lexicon().body_end.search(text) is not None
    )
