"""How sure the best article is the right one, and from when that is enough to answer."""

from dataclasses import astuple, dataclass
from math import exp
from typing import Final

ANSWER_FROM: Final = 0.55
"""Confidence from which the assistant answers on its own."""

CLARIFY_FROM: Final = 0.15
"""Confidence from which it asks which article is meant."""

AS_ASKED: Final = 0.95
"""Overlap from which a question is one of the known ways to ask, a word aside."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the best article; ``confidence_of`` weighs it."""

    score: float = 0.0  # nearness of the best article
    lead: float = 0.0  # how much nearer it is than the next one, as a share of its own
    strange: float = 0.0  # share of the question that no article asks about
    fullness: float = 0.0  # 0 for a question of nothing, 1 for one that says enough
    stranger: float = 0.0  # nearness of what is not ours, as a share of the best article's
    ours: float = 0.0  # 1 if the question holds a word that only questions about filing hold
    matched: float = 0.0  # 0 if the article asks with no word of the question, 1 for four
    length: float = 0.0  # 0 for a question of nothing, 1 for a long one
    odds: float = 0.0  # how much more often its terms stand in our questions than in others
    sense: float = 0.0  # nearness of the best article in what is meant
    nearest: float = 0.0  # overlap with the nearest phrasing of the article; weighed where whole


NO_EVIDENCE: Final = Evidence()

BASE: Final = -3.15
WEIGHTS: Final = Evidence(2.42, 3.65, 0.14, -0.84, -2.09, 0.23, 0.52, 2.18, 0.88, 2.91)

_SAYS_ENOUGH = 0.75  # fullness of more than a scrap
_CLEAR = 0.15  # lead that a scrap needs
_CONTESTED = 0.9  # unless strangers ask nearly the same
_AS_WRITTEN = 0.7  # how sure that is at least


def is_as_written(evidence: Evidence) -> bool:
    """Whether an article is asked just so, and no stranger."""
    if evidence.fullness < _SAYS_ENOUGH and evidence.lead < _CLEAR:
        return False
    return evidence.nearest >= AS_ASKED and evidence.stranger < _CONTESTED


def confidence_of(evidence: Evidence) -> float:
    """How likely the best article is the right one, by a logistic curve.

    Its weights were fitted on ways to ask that were left out of the search, as
    ``tools/fit_confidence.py`` does.
    """
    weighed = zip(astuple(WEIGHTS), astuple(evidence), strict=True)
    likely = 1 / (1 + exp(-BASE - sum(weight * value for weight, value in weighed)))
    return max(likely, _AS_WRITTEN) if is_as_written(evidence) else likely
