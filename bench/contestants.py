"""Everybody in the race, by name, and what each is sent."""

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from bench.contestant import Contestant
from bench.form import FILING, QUESTIONS, TYPED


@dataclass(frozen=True, slots=True)
class Entry:
    """One contestant. ``place`` is ``module:function``, imported only in its own process.

    ``answers`` is how many answers one user's conversation leaves behind.
    """

    place: str
    keeps: str  # what survives a killed process, in words
    texts: tuple[str, ...] = TYPED
    answers: int = len(QUESTIONS)

    def load(self) -> Contestant:
        """The function that opens it."""
        module, _, name = self.place.partition(":")
        return cast(Contestant, getattr(import_module(module), name))


OURS = "assistant"
FILING_RUN = "assistant_filing"
TURNS_RUN = "assistant_turns"

_EVERYTHING = "everything: answers, transcript and replies on their way, encrypted"

ENTRIES: dict[str, Entry] = {
    OURS: Entry("bench.ours:assistant_form", _EVERYTHING),
    FILING_RUN: Entry("bench.ours:assistant_filing", _EVERYTHING, FILING, len(FILING) - 1),
    TURNS_RUN: Entry("bench.ours:assistant_turns", _EVERYTHING),
    "aiogram_memory": Entry("bench.peers.aiogram_memory:aiogram_memory", "nothing"),
    "aiogram_sqlalchemy": Entry(
        "bench.peers.aiogram_sqlalchemy:aiogram_sqlalchemy", "answers, not the place in the form"
    ),
    "aiogram_sqlalchemy_defaults": Entry(
        "bench.peers.aiogram_sqlalchemy:aiogram_sqlalchemy_defaults",
        "answers, not the place in the form; also through a power cut",
    ),
    "ptb_pickle": Entry("bench.peers.ptb_pickle:ptb_pickle", "what was there up to 60 s before"),
    "aiogram_dialog": Entry("bench.peers.dialog_windows:aiogram_dialog", "nothing"),
    "sqlite_commit_each": Entry(
        "bench.peers.sqlite_floor:sqlite_each", "everything", answers=len(TYPED)
    ),
    "sqlite_commit_50": Entry(
        "bench.peers.sqlite_floor:sqlite_50", "everything but the last 50 turns", answers=len(TYPED)
    ),
}
"""Ours in three forms, the peers, and the floor: sqlite3 with nothing around it."""
