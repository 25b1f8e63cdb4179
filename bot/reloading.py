"""Articles edited while the assistant runs: read, checked and taken over between two turns."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

import structlog

from bot.checking import STEP_KEYS
from dialogs.lexicon_problems import lexicon_problems
from dialogs.world import day_of
from knowledge.answering import Knowledge
from knowledge.article_checks import article_problems, telling_problems
from knowledge.errors import BrokenContent, Problem

LOOKED_AT_EVERY = 2.0
"""Seconds between two looks at the files."""

_LOG = structlog.get_logger("beian.articles")

_Seen: TypeAlias = frozenset[tuple[str, int, int]]


def load_language() -> None:
    """Read the words by which messages are understood; raises BrokenContent."""
    problems = tuple(lexicon_problems())
    if problems:
        raise BrokenContent(problems)


def load_articles(knowledge: Knowledge) -> None:
    """Read all articles; raises BrokenContent if something is wrong with them.

    What ships was checked before; an operator's own are looked at as by ``beian check``.
    """
    if knowledge.extra_dir is not None:
        problems = article_problems(knowledge.extra_dir, knowledge.rulebook.keys, STEP_KEYS)
        if problems:
            raise BrokenContent(problems)
    knowledge.load()


class ArticleWatch:
    """Notices edited articles, and takes them over if all of them are sound.

    A look costs one ``stat`` for each file. Files are read only once they have rested from one
    look to the next, so that half of a save is not taken for an edit. A broken edit is logged
    with file, line and cure, once, and the articles stay as they were. SIGHUP reads at once,
    unless ``hangup`` is false: in a terminal it means that the terminal is gone.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        clock: Callable[[], datetime],
        every: float = LOOKED_AT_EVERY,
        *,
        hangup: bool = True,
    ) -> None:
        self._knowledge = knowledge
        self._clock = clock
        self._every = every
        self._hangup = hangup
        self._folders = [_shipped() / "articles", _shipped() / "phrasings"]
        if knowledge.extra_dir is not None:
            self._folders.append(knowledge.extra_dir / "articles")
        self._read = self._last = self._look()

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until told to stop."""
        hangup = asyncio.Event()
        loop = asyncio.get_running_loop()
        if self._hangup:
            with suppress(NotImplementedError, AttributeError):  # not on Windows
                loop.add_signal_handler(signal.SIGHUP, hangup.set)
        while not stop.is_set():
            await _either(stop, hangup, self._every)
            if hangup.is_set():
                hangup.clear()
                self._read = self._last = await asyncio.to_thread(self._look)
                await self.reload()
            elif not stop.is_set():
                await self.look()

    async def look(self) -> None:
        """Reload if files have changed and rested since the last look."""
        seen = await asyncio.to_thread(self._look)
        rested = seen == self._last
        self._last = seen
        if rested and seen != self._read:
            self._read = seen
            await self.reload()

    async def reload(self) -> bool:
        """Take over the articles as they are now; False if something is wrong with them.

        Turns go on meanwhile, and each sees either the old articles or the new ones.
        """
        fresh, problems = await asyncio.to_thread(self._prepare)
        if problems:
            for problem in problems:
                _LOG.error("articles not taken over", problem=str(problem))
            return False
        self._knowledge.take_over(fresh)
        _LOG.info("articles taken over", count=len(fresh.articles("zh-CN")))
        return True

    def _prepare(self) -> tuple[Knowledge, tuple[Problem, ...]]:
        now = self._knowledge
        fresh = Knowledge(now.rulebook, now.profile, now.extra_dir)
        try:
            problems = article_problems(now.extra_dir, now.rulebook.keys, STEP_KEYS)
            if not problems:
                fresh.load()
                problems = telling_problems(fresh, day_of(self._clock()), known=now)
        except BrokenContent as error:
            problems = error.problems
        except OSError as error:  # a file went away while it was read
            name = str(error.filename or "articles")
            problems = (Problem(name, 0, f"cannot be read ({error.strerror})", "save it again"),)
        return fresh, problems

    def _look(self) -> _Seen:
        return frozenset(entry for folder in self._folders for entry in _entries(folder))


def _shipped() -> Path:
    return Path(str(files("knowledge")))


def _entries(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Path, time of change and size of every content file in a folder."""
    for path in folder.rglob("*"):
        if path.suffix in (".md", ".toml"):
            with suppress(OSError):  # gone since it was listed
                stat = path.stat()
                yield str(path), stat.st_mtime_ns, stat.st_size


async def _either(one: asyncio.Event, other: asyncio.Event, seconds: float) -> None:
    """Wait for one of two events, or for so long."""
    waits = [asyncio.create_task(event.wait()) for event in (one, other)]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
