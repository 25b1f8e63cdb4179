"""People who file on Telegram one after the other, and what must be true of each at the end."""

import asyncio
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from time import monotonic

from bench.applicants import Expected, go_on, history, plain, repeats, undisturbed
from bot.clock import real_clock
from bot.testing.telegram import FakeBot, Person
from dialogs.message import Identity
from dialogs.ports import CaseStore

_PATIENCE = 400.0
_EXPECTED: list[Expected] = []  # the same for everybody: held once
_ASKING = asyncio.Lock()


@dataclass(slots=True)
class Crowd:
    """So many at once, each through a whole filing; another comes when one is done."""

    bot: FakeBot
    expected: Expected
    at_once: int
    first: int = 10_001  # the number of the first of them
    turns: int = 0
    people: list[Person] = field(default_factory=list)
    _enough: asyncio.Event = field(default_factory=asyncio.Event)
    _coming: "asyncio.Future[list[None]] | None" = None

    @classmethod
    async def of(cls, bot: FakeBot, at_once: int, first: int = 10_001) -> "Crowd":
        """A crowd that knows how the conversation goes when nothing disturbs it."""
        async with _ASKING:
            if not _EXPECTED:
                _EXPECTED.append(await undisturbed())
        return cls(bot, _EXPECTED[0], at_once, first)

    def come(self, most: int | None = None) -> None:
        """Let them begin; nobody new after ``most`` people, if that is given."""
        numbers = count(self.first)

        async def one_after_the_other() -> None:
            while not self._enough.is_set() and (most is None or len(self.people) < most):
                person = Person(self.bot, next(numbers))
                self.people.append(person)
                for line in self.expected.script:
                    await go_on(person, line)
                    self.turns += 1

        self._coming = asyncio.gather(*(one_after_the_other() for _ in range(self.at_once)))

    async def some_turns(self, goal: int, patience: float = 5.0) -> None:
        """Wait until they have said so much more, or for a while."""
        goal += self.turns
        deadline = monotonic() + patience
        while self.turns < goal and monotonic() < deadline:
            await asyncio.sleep(0.002)

    async def finish(self) -> None:
        """Let nobody new come, and wait until everybody has been told everything."""
        assert self._coming is not None
        self._enough.set()
        await self._coming
        await self.bot.updates.emptied(_PATIENCE)
        last = re.escape(self.expected.said[-1]).replace(re.escape("{filing}"), r"\w+")
        deadline = monotonic() + _PATIENCE
        while monotonic() < deadline:
            # Not by how many there are: some came twice.
            shown = [await person.messages() for person in self.people]
            ends = (messages[-1].text.strip() if messages else "" for messages in shown)
            if all(re.fullmatch(last, end) for end in ends):
                return
            await asyncio.sleep(0.1)

    async def judged(self, cases: CaseStore) -> "Judged":
        """Compare every stored state and every chat with the undisturbed conversation."""
        found = Judged()
        for person in self.people:
            identity = Identity("telegram", str(person.number))
            case = await cases.open(identity, real_clock(), "zh-CN")
            answers, events = history(case)
            found.answers_lost += len(set(self.expected.answers) - set(answers))
            wanted = (self.expected.answers, self.expected.events)
            found.states_different += (answers, events) != wanted
            shown = [plain(message.text, case) for message in await person.messages()]
            again = repeats(shown, self.expected.said)
            if again is None:
                found.chats_garbled += 1
                _tell_where(person.number, shown, self.expected.said)
            found.repeated += again or 0
        return found


def _tell_where(number: int, shown: Sequence[str], expected: Sequence[str]) -> None:
    """Say on standard error what somebody was shown in which order, by places in the script."""
    places = [expected.index(text) + 1 if text in expected else 0 for text in shown]
    told = f"chat {number} is garbled: {places} of {len(expected)}"
    print(told, file=sys.stderr, flush=True)


@dataclass(slots=True)
class Judged:
    """What became of a crowd; only messages may repeat, and only those in flight."""

    answers_lost: int = 0
    states_different: int = 0
    chats_garbled: int = 0  # a message missing, changed or out of order
    repeated: int = 0

    @property
    def broken(self) -> dict[str, int]:
        """What must be 0."""
        return {
            "answers lost": self.answers_lost,
            "states that differ from the model": self.states_different,
            "chats with a message missing, changed or out of order": self.chats_garbled,
        }
