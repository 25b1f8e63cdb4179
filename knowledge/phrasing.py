"""When two wordings are one and the same question."""

import re

from filing.identifiers.normalise import half_width
from filing.simplified import simplify

_SILENT = re.compile(r"[\W_]+|(?<=.)(?:呢|吗|嘛|么|啊|呀|吧)(?=\W*$)")


def same_question(phrasing: str) -> str:
    """What is left without width, case, punctuation, traditional characters and particles.

    Two phrasings with the same remainder are one.
    """
    plain = simplify(half_width(phrasing)).casefold()
    return _SILENT.sub("", plain)
