"""What the lexicon holds once compiled: sayings, statements, questions, corrections, step words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.understanding.understood import Intent

_NOT_WORD = re.compile(r"[\W_]+")


def squeezed(text: str) -> str:
    """``text`` with nothing but letters and digits."""
    return _NOT_WORD.sub("", text)


@dataclass(frozen=True, slots=True)
class Saying:
    """What a whole message, or a clause of one, means."""

    intent: Intent
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Phrases:
    """Sayings by their words: whole ones, patterns of whole ones, and decisive parts."""

    say: Mapping[str, Saying]
    like: re.Pattern[str]  # one named group for each saying in ``liked``
    liked: Mapping[str, Saying]
    within: tuple[tuple[Saying, re.Pattern[str]], ...]
    emoji: Mapping[str, Saying]


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole clause that answers a closed question."""

    step: str
    value: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A word that names a step or a role.

    ``weak`` ones need a clear sign behind them; ``generic`` ones mean whatever of their sort
    is being asked; after some a person's name follows.
    """

    text: str
    step: str | None
    role: str | None = None
    weak: bool = False
    generic: bool = False
    names_a_person: bool = False


@dataclass(frozen=True, slots=True)
class Questions:
    """How a clause shows that it asks."""

    ending: re.Pattern[str]
    never: re.Pattern[str]
    starting: re.Pattern[str]
    anywhere: re.Pattern[str]
    tags: re.Pattern[str]
    topics: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Corrections:
    """How a clause shows that an earlier answer changes."""

    cues: re.Pattern[str]
    before: re.Pattern[str]
    denied_before: re.Pattern[str]
    denial: re.Pattern[str]  # in front of a value
    denied: re.Pattern[str]  # anywhere before it
    denied_after: re.Pattern[str]
    instead: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything read from the lexicon files, compiled."""

    typos: Mapping[str, str]
    particles: re.Pattern[str]
    leading: re.Pattern[str]
    trailing: re.Pattern[str]
    commands: Phrases
    acts: Phrases
    verdicts: Phrases  # on an answer just told
    smalltalk: Phrases
    none_at_all: str  # how an option is called that says there is none
    not_known: str
    lacking: str  # patterns with a blank for the words of a step
    declining: str
    questions: Questions
    corrections: Corrections
    statements: Mapping[str, tuple[Statement, ...]]  # by the step that must be open, or ""
    words: Mapping[str, tuple[Word, ...]]  # by first character, longest first
    role_steps: Mapping[str, Mapping[str, str]]
    value_steps: Mapping[str, Mapping[str, Mapping[str, str]]]  # step, its value, words
    connector: re.Pattern[str]
    copula: re.Pattern[str]
    copulas: re.Pattern[str]  # all that may stand before open text
    role_names: tuple[str, ...]  # the steps that ask for the name of a person with a role
    sameness: re.Pattern[str]
    same_use: re.Pattern[str]  # use the answer of what is named
    above: re.Pattern[str]  # the same as the answer before
    persons: frozenset[str]  # whose answer it may be, beside ``sameness``
    called: Mapping[str, tuple[str, ...]]  # what a step is called only beside ``sameness``
    volunteered: tuple[str, ...]
    open_front: re.Pattern[str]
    name_front: re.Pattern[str]
    person_front: re.Pattern[str]
    address_front: re.Pattern[str]
    open_back: re.Pattern[str]
    choice_front: re.Pattern[str]
    choice_back: re.Pattern[str]
    edge: re.Pattern[str]  # what may stand before a step's word where it begins something
    says_what_one_is: re.Pattern[str]
    no_person: re.Pattern[str]
    no_body: re.Pattern[str]
    body_end: re.Pattern[str]
    surnames: frozenset[str]
