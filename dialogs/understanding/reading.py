"""A message made ready for reading: written out, folded, with its shapes and clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.shapes import Shape, scan
from dialogs.understanding.spoken import written
from dialogs.understanding.words import Questions, squeezed
from filing.identifiers.normalise import aligned
from filing.simplified import simplify

MAX_LENGTH = 4000
"""Characters read of a message; what stands behind them is not looked at."""

_ASKING = re.compile(r"[吗么?？]\W?$")
_LONGEST_BARE = 60
"""A longer clause is no command, whatever it says."""

_END = re.compile(
    r"(?:[;；。!！?？\n、~～…]|[,，](?!\s*(?:ltd|inc|llc|limited|co\.|corp)))+|(?<=[^0-9a-z])\.+(?=\s|$)",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"([^0-9]{1,8}?)\1+")
_MOST_CLAUSES = 80
"""What stands behind so many is one last clause."""

_FILLERS_TAKEN_OFF = 8
_LOOK_BACK = 40


@dataclass(frozen=True, slots=True)
class Clause:
    """``text[start:end]`` up to, and without, the punctuation mark that ends it."""

    start: int
    end: int
    plain: str
    forms: tuple[str, ...]  # see ``bare_forms``
    is_question: bool
    is_tag: bool  # asks leave for what was just said: 可以吗


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``plain`` is ``text`` in simplified half-width lower case, place by place."""

    text: str
    plain: str
    shapes: tuple[Shape, ...]
    clauses: tuple[Clause, ...]
    forms: tuple[str, ...]  # the bare forms of the whole

    @property
    def question(self) -> str | None:
        """The clauses that ask, as typed; None if there are none."""
        asking = [self.text[one.start : one.end].strip() for one in self.clauses if one.is_question]
        return "，".join(asking) or None

    @property
    def statements(self) -> tuple[Clause, ...]:
        """The clauses that say something rather than ask."""
        return tuple(one for one in self.clauses if not one.is_question and not one.is_tag)

    def silent(self) -> bool:
        """Whether there is no letter or digit in it."""
        return not squeezed(self.plain)


def read(typed: str, *, to_open_text: bool = False) -> Message:
    """Prepare ``typed``; ``to_open_text`` if any words at all may be the answer asked for.

    In an answer of open text only a clause that begins or ends as a question is one.
    """
    text = written(typed[:MAX_LENGTH])
    plain = _put_right(_lowered(aligned(simplify(text))))
    shapes = scan(plain)
    forms = bare_forms(plain)
    clauses = tuple(_clauses(text, plain, shapes, forms, strict=to_open_text))
    return Message(text, plain, shapes, clauses, forms)


def bare_forms(plain: str) -> tuple[str, ...]:
    """``plain`` without blanks and marks, as it is and with fillers taken off either end."""
    if len(plain) > _LONGEST_BARE:
        return ()
    words = lexicon()
    whole = plain.strip()
    forms: dict[str, None] = {}
    _note_forms(whole, forms)
    thin = words.particles.sub("", whole)
    if thin != whole and squeezed(thin) not in forms:
        _note_forms(thin, forms)
    forms.pop("", None)
    return tuple(forms) or ("",)


def _note_forms(whole: str, forms: dict[str, None]) -> None:
    words = lexicon()
    short = whole
    for shorter in (whole, *_less(whole, words.trailing)):
        forms[squeezed(shorter)] = None
        short = shorter
        for one in _less(shorter, words.leading):
            forms[squeezed(one)] = None
            short = one
    once = _REPEATED.fullmatch(squeezed(short))
    if once:
        forms[once.group(1)] = None


def _less(text: str, filler: re.Pattern[str]) -> Iterator[str]:
    """``text`` with fillers taken off one end, one more at a time."""
    for _ in range(_FILLERS_TAKEN_OFF):
        found = filler.search(text)
        if found is None:
            break
        text = _trimmed(text[found.end() :] if found.start() == 0 else text[: found.start()])
        if not text:
            break
        yield text


def _trimmed(text: str) -> str:
    return text.strip(" ,.!~;:?'\"-")


def _clauses(
    text: str, plain: str, shapes: tuple[Shape, ...], forms: tuple[str, ...], *, strict: bool
) -> Iterator[Clause]:
    """The clauses of a text; ``forms`` are those of the whole, kept if it is one clause."""
    start = 0
    for match in islice(_END.finditer(text), _MOST_CLAUSES):
        if any(shape.start < match.end() and match.start() < shape.end for shape in shapes):
            continue
        yield from _clause(plain, start, match.start(), match.group(), None, strict=strict)
        start = match.end()
    yield from _clause(plain, start, len(text), "", None if start else forms, strict=strict)


def _clause(
    plain: str, start: int, end: int, mark: str, forms: tuple[str, ...] | None, *, strict: bool
) -> Iterator[Clause]:
    body = plain[start:end]
    if not body.strip():
        return
    questions = lexicon().questions
    asked = body.strip() + ("?" if "?" in mark or "？" in mark else "")
    is_tag = questions.tags.fullmatch(squeezed(body)) is not None
    is_question = not is_tag and _asks(asked, questions, strict=strict)
    known = bare_forms(body) if forms is None else forms
    yield Clause(start, end, body, known, is_question, is_tag)


def _asks(clause: str, questions: Questions, *, strict: bool) -> bool:
    if _ASKING.search(clause):
        return True
    if questions.never.match(clause):
        return False
    ends = questions.ending.search(clause, max(0, len(clause) - _LOOK_BACK)) is not None
    if ends or questions.starting.match(clause):
        return True
    return not strict and questions.anywhere.search(clause) is not None


def _put_right(plain: str) -> str:
    for slip, meant in lexicon().typos.items():
        if slip in plain:
            plain = plain.replace(slip, meant)
    return plain


def _lowered(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
