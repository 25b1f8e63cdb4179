"""How a person's help was: asked once when it is over, by button or in words, with a comment."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from dialogs.case import Helped
from dialogs.message import ReplyKind
from dialogs.turn.draft import Draft
from dialogs.turn.sensitive import has_number, keep_out_message
from filing.identifiers.normalise import half_width

COMMENT: Final = "rating_comment"
"""What is pending while the next words are a comment on the help."""

CHANGEABLE: Final = timedelta(days=1)
"""How long after the help it can be rated, and the rating changed."""

_FRESH: Final = timedelta(hours=2)
"""How long words like "very good" that do not say what they rate are taken for a rating."""

_LOWEST, _HIGHEST, _GOOD = 1, 5, 4
_LONGEST: Final = 1000
_NUMBERS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5} | {
    str(number): number for number in range(_LOWEST, _HIGHEST + 1)
}
_MARK: Final = re.compile(
    r"(?:(?:我)?(?:给|打|评)(?:个|你们?|您|他|她)?)?([1-5一二两三四五])\s*(?:分|星|颗星)(?:好评)?(?:吧|哦)?"
    r"|(?:i (?:give|rate)(?: (?:it|you|them|him|her))? )?(?:a )?([1-5])(?: ?/ ?5| stars?| points?)"
    r"|(?:rate|rating|评分|打分)\s*:?\s*([1-5])",
    re.IGNORECASE,
)
_VERY: Final = "(?:很|非常|十分|特别|太|超|超级)"
_WORDS: Final = (
    (5, rf"{_VERY}(?:满意|好|棒|赞)(?:了)?|五星好评|满分|very satisfied|excellent"),
    (1, rf"{_VERY}(?:不满意|差|糟|糟糕|烂)(?:了)?|差评|very dissatisfied|terrible"),
    (4, r"(?:还|挺|比较|蛮)?(?:满意|不错)(?:的|了)?|satisfied|good"),
    (2, r"(?:不太?|不怎么|不是很)满意|不满意|dissatisfied|bad"),
    (3, r"一般般?|还行|还可以|凑合|马马虎虎|so[- ]so|average"),
)
_SAID: Final = tuple((mark, re.compile(words, re.IGNORECASE)) for mark, words in _WORDS)
_NOTHING: Final = re.compile(
    r"(?:没有?|不用|不说|算了|没什么)(?:了|啦)?|no(?:thing)?|never ?mind", re.IGNORECASE
)


def ask_rating(draft: Draft, helped: Helped) -> None:
    """Ask how the help was that has just ended."""
    draft.attend(helped=helped)
    draft.say(
        ReplyKind.HANDOVER,
        "rating.ask",
        name=helped.agent,
        buttons=tuple(
            draft.button(f"rate:{mark}:{helped.epoch}", f"rate_{mark}")
            for mark in range(_HIGHEST, _LOWEST - 1, -1)
        ),
    )


def press_rating(draft: Draft, value: str) -> None:
    """Take the rating of a button ``rate:<mark>:<epoch>``, if it is of the last help, in time."""
    mark, _, epoch = value.partition(":")
    helped = _changeable(draft)
    if helped is None or epoch != str(helped.epoch) or mark not in _NUMBERS:
        draft.notice("rating.closed")
        return
    _rate(draft, helped, int(mark))


def begin_comment(draft: Draft) -> None:
    """Take the next words as a comment on the help."""
    if _changeable(draft) is None:
        draft.notice("rating.closed")
        return
    draft.attend(pending=COMMENT)
    draft.notice("rating.write")
    draft.ask_after = False


def hear(draft: Draft, text: str) -> bool:
    """Take a text if it rates the help, or comments on it; else leave it."""
    plain = half_width(text).strip(" 。.!！~～,，")
    if draft.attention.pending == COMMENT:
        draft.attend(pending=None)
        _comment(draft, "" if _NOTHING.fullmatch(plain) else text)
        return True
    helped = _changeable(draft)
    if helped is None or draft.attention.pending is not None:
        return False
    mark = _mark(plain, is_fresh=helped.rating is None and _is_fresh(draft, helped))
    if mark is None:
        return False
    _rate(draft, helped, mark)
    return True


def _mark(plain: str, *, is_fresh: bool) -> int | None:
    if found := _MARK.fullmatch(plain):
        return _NUMBERS[next(one for one in found.groups() if one)]
    if is_fresh:
        return next((mark for mark, words in _SAID if words.fullmatch(plain)), None)
    return None


def _rate(draft: Draft, helped: Helped, mark: int) -> None:
    draft.rating = mark
    draft.attend(helped=replace(helped, rating=mark))
    comment = () if helped.commented else (draft.button("cmd:rating_comment", "rating_comment"),)
    draft.say(
        ReplyKind.HANDOVER,
        "rating.thanks",
        mark=mark,
        is_good=mark >= _GOOD,
        changed=helped.rating is not None,
        buttons=comment,
    )


def _comment(draft: Draft, text: str) -> None:
    helped = draft.attention.helped
    if not text.strip() or helped is None:
        draft.notice("rating.no_comment")
        return
    if has_number(draft, text):
        keep_out_message(draft)
        return
    draft.rating_comment = text.strip()[:_LONGEST]
    draft.attend(helped=replace(helped, commented=True))
    draft.notice("rating.commented")


def _changeable(draft: Draft) -> Helped | None:
    helped = draft.attention.helped
    if helped is None or draft.now - helped.ended_at > CHANGEABLE:
        return None
    return helped


def _is_fresh(draft: Draft, helped: Helped) -> bool:
    return draft.now - helped.ended_at <= _FRESH
