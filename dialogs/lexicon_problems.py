"""Whether every file by which applicants are understood can be used."""

from collections.abc import Callable, Iterator

from dialogs.turn.duty_words import duty_words
from dialogs.understanding.footer_requests import footer_words
from dialogs.understanding.hints import hint_book
from dialogs.understanding.insisting import insisting_words
from dialogs.understanding.languages import everyday_words
from dialogs.understanding.letter_requests import letter_words
from dialogs.understanding.lexicon import LOCALES, lexicon
from dialogs.understanding.paper_requests import paper_words
from dialogs.understanding.report_words import report_words
from dialogs.understanding.rights_requests import rights_words
from dialogs.understanding.tables import problems_of
from knowledge.errors import Problem

READERS: tuple[tuple[str, Callable[[], object]], ...] = (
    *((locale, lexicon) for locale in LOCALES),
    ("hints", hint_book),
    ("reports", report_words),
    ("papers", paper_words),
    ("letters", letter_words),
    ("footer", footer_words),
    ("duties", duty_words),
    ("rights", rights_words),
    ("insisting", insisting_words),
    ("languages", everyday_words),
)
"""Each file of the lexicon, and what makes something of it."""


def lexicon_problems() -> Iterator[Problem]:
    """What is wrong with the lexicon, each with file, line and cure.

    What is read stays read, so that looking before the first message makes that one no slower.
    """
    seen: set[Problem] = set()
    for name, load in READERS:
        for problem in problems_of(name, load):
            if problem not in seen:
                seen.add(problem)
                yield problem
