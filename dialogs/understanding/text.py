"""Open text without what people say around it: 我们公司叫…, 地址在…, …就行."""

import re

from dialogs.flow import Step
from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.sorts import is_address, is_name
from filing.identifiers.normalise import aligned
from filing.simplified import simplify

_MOST_PREFACES = 4
_QUOTED = re.compile(r"[“\"《「『]?([^“”\"《》「」『』]{2,40})[”\"》」』][\u4e00-\u9fff]{0,8}")
_EDGES = ' ,，。;；:：、!！~～=\n\t"“”《》'


def stripped(
    text: str,
    step: Step,
    *,
    keep_ending: bool = False,
    of_person: bool = False,
    led: bool = False,
) -> str:
    """``text`` as typed, without prefaces and, unless ``keep_ending``, closing particles.

    Particles go only where something led up to the text: its label (``led``) or a preface.
    """
    words = lexicon()
    own = [words.open_front]
    if is_address(step):
        own.append(words.address_front)
    if is_name(step):
        own.append(words.name_front)
    if of_person:
        own.append(words.person_front)
    rest = text.strip(_EDGES)
    shortened = led
    for _ in range(_MOST_PREFACES):
        plain = _plain(rest)
        lengths = (found.end() for front in own if (found := front.match(plain)))
        length = max(lengths, default=0)
        if not 0 < length < len(rest):
            break
        rest = rest[length:].strip(_EDGES)
        shortened = True
    quoted = _QUOTED.fullmatch(rest) if is_name(step) else None
    if quoted:
        return quoted.group(1)
    if shortened and not keep_ending:
        back = words.open_back.search(_plain(rest))
        if back and back.start():
            rest = rest[: back.start()].strip(_EDGES)
    return rest


def _plain(text: str) -> str:
    folded = aligned(simplify(text))
    lower = folded.lower()
    return lower if len(lower) == len(folded) else folded
