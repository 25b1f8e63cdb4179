"""Channels joined, parted and erased in any order, with messages under way on all of them.

Whatever happens, what is begun to be sent to somebody, and what they may read, was said to the
person they are at that moment.
"""

import asyncio
import shutil
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dialogs.case import Case
from dialogs.message import Identity
from dialogs.ports import Due, StaleCase
from storage.links import SqlLinks
from storage.memory import memory_stores
from storage.migrate import upgrade
from storage.ports import Stores
from tests.storage.conftest import Place, emptied
from tests.storage.making import NOW, say, turn, unique, with_answers

WHERE = ("telegram", "wechat", "web")
WHO = st.integers(0, 3)


class LinksMachine(RuleBasedStateMachine):
    """Four identities on three channels, each of whom may be anybody's."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stores = self.open()
        self.people = [Identity(WHERE[n % 3], unique("who")) for n in range(4)]
        self.person: dict[Identity, int] = {}  # whose identity it is
        self.merged: dict[int, int] = {}  # who became which other person
        self.filings: dict[int, set[str]] = {}
        self.in_hand: list[Due] = []
        self.known: list[Case] = []  # cases turns are being worked out on
        self.persons = 0

    def open(self) -> Stores:
        """The stores it works on."""
        return memory_stores(lambda: NOW)

    def run(self, what: Awaitable[Any]) -> Any:
        """Wait for it."""
        return self.loop.run_until_complete(what)

    def case(self, who: Identity) -> Case:
        """As it is read by whoever writes."""
        found: Case = self.run(self.stores.cases.open(who, NOW, "zh-CN"))
        return found

    def now(self, person: int) -> int:
        """Who somebody has become."""
        while person in self.merged:
            person = self.merged[person]
        return person

    # --- what people do ---------------------------------------------------------------------

    @rule(n=WHO)
    def begin_a_turn(self, n: int) -> None:
        """A turn is worked out on a case that others may change before it is stored."""
        self.known.append(self.case(self.people[n]))

    @precondition(lambda self: self.known)
    @rule(place=st.integers(0, 20), answers=st.booleans(), also=WHO)
    def store_a_turn(self, place: int, *, answers: bool, also: int) -> None:
        """Stored, unless something changed: then it says nothing to anybody."""
        case = self.known.pop(place % len(self.known))
        who = case.identity
        person = self.person.get(who)
        label = self.persons + 1 if person is None else person
        after = with_answers(case, domain=unique("d")) if answers else case
        to = self.people[also] if self.people[also] in case.everywhere else who
        try:
            self.run(self.stores.cases.commit(turn(case, say(to, f"{label}"), after=after)))
        except StaleCase:
            return
        if person is None:
            self.persons = label
            self.person[who] = label
        self.filings.setdefault(label, set()).update(after.filings)

    @rule(n=WHO, answers=st.booleans(), also=WHO)
    def write(self, n: int, *, answers: bool, also: int) -> None:
        """A turn that nothing comes between."""
        self.begin_a_turn(n)
        self.store_a_turn(len(self.known) - 1, answers=answers, also=also)

    @rule(a=WHO, b=WHO, agrees=st.sampled_from([True, True, False]))
    def link(self, a: int, b: int, *, agrees: bool) -> None:
        """One asks for a code, another uses it, and the first one says yes or no."""
        owner, user = self.people[a], self.people[b]
        code = unique("code")
        if self.run(self.stores.links.open(owner, code, "", NOW)) is None:
            assert owner not in self.person
            return
        used = self.run(self.stores.links.use(code, user, NOW))
        if self.person.get(user) == self.person[owner]:
            assert used.how == "own"
            return
        assert used.how == "waits"
        before = self.person.get(user)
        settled = self.run(self.stores.links.settle(used.id, owner, NOW, agrees=agrees))
        assert settled.how == ("joined" if agrees else "refused")
        if not agrees:
            return
        mine = self.person[owner]
        if before is not None:
            self.merged[before] = mine
            self.filings.setdefault(mine, set()).update(self.filings.pop(before, set()))
        self.person[user] = mine
        for one, whose in self.person.items():
            self.person[one] = mine if whose == before else whose

    @rule(a=WHO, b=WHO)
    def unlink_any(self, a: int, b: int) -> None:
        """Somebody wants to part with a channel that may not be theirs."""
        self._unlink(self.people[a], self.people[b])

    @rule(place=st.integers(0, 20))
    def unlink(self, place: int) -> None:
        """Somebody parts with one of their channels."""
        linked = [
            (one, other)
            for one, mine in self.person.items()
            for other, theirs in self.person.items()
            if mine == theirs and one != other
        ]
        if linked:
            self._unlink(*linked[place % len(linked)])

    def _unlink(self, owner: Identity, gone: Identity) -> None:
        mine = self.person.get(owner)
        together = [one for one, whose in self.person.items() if whose == mine]
        may = mine is not None and gone in together and len(together) > 1
        assert self.run(self.stores.links.unlink(owner, gone, NOW)) == may
        if may:
            del self.person[gone]

    @rule(n=WHO, really=st.sampled_from([False, False, True]))
    def erase(self, n: int, *, really: bool) -> None:
        """A person's data is erased, from whichever of their channels."""
        person = self.person.get(self.people[n])
        if person is None or not really:
            return
        self.run(self.stores.filings.erase(self.case(self.people[n]).applicant_id))
        self.person = {one: whose for one, whose in self.person.items() if whose != person}
        self.filings.pop(person, None)

    # --- what senders do --------------------------------------------------------------------

    @rule()
    def claim(self) -> None:
        """Senders begin with what is due: it is for who the person is now."""
        for channel in WHERE[:2]:
            self._claim(channel)

    def _claim(self, channel: str) -> None:
        for due in self.run(self.stores.outbox.claim(channel, NOW, 10)):
            assert due.outgoing.reply is not None
            said_to = self.now(int(due.outgoing.reply.text))
            assert self.person.get(due.outgoing.identity) == said_to
            self.in_hand.append(due)

    @precondition(lambda self: self.in_hand)
    @rule()
    def deliver(self) -> None:
        """One went out."""
        self.run(self.stores.outbox.delivered(self.in_hand.pop(), None, NOW))

    @precondition(lambda self: self.in_hand)
    @rule()
    def put_back(self) -> None:
        """The platforms are away: everything is put back, and looked for again."""
        while self.in_hand:
            self.run(self.stores.outbox.retry(self.in_hand.pop(), NOW))
        self.claim()

    # --- what must be so --------------------------------------------------------------------

    @invariant()
    def everybody_reads_their_own(self) -> None:
        """The transcript of each is that of the person they are, and of nobody else."""
        for who in self.people:
            lines = self.run(self.stores.transcript.since(who, 0))
            said = {self.now(int(one.said.text)) for one in lines if one.said is not None}
            assert said <= {self.person[who]} if who in self.person else not lines
            assert [one.seq for one in lines] == sorted(one.seq for one in lines)

    @invariant()
    def everybody_has_their_own(self) -> None:
        """Filings and channels are those of the person; none is lost, none is somebody else's."""
        for who in self.people:
            case = self.case(who)
            mine = self.person.get(who)
            together = {one for one, whose in self.person.items() if whose == mine}
            assert set(case.everywhere) == (together if mine is not None else {who})
            begun = {key for key, one in case.filings.items() if one.answers}
            assert begun == {*self.filings.get(mine or 0, ())}

    def teardown(self) -> None:
        """Nothing is left running."""
        self.run(self.stores.close())
        self.loop.close()


class SqlLinksMachine(LinksMachine):
    """The same on SQLite."""

    def open(self) -> Stores:
        """A database of its own, copied from an empty one."""
        self.folder = Path(mkdtemp())
        shutil.copy(_empty(), self.folder / "beian.db")
        self.stack = AsyncExitStack()
        place = Place(f"sqlite:///{self.folder / 'beian.db'}", self.folder)
        stores: Stores = self.run(self.stack.enter_async_context(place.opened()))
        assert isinstance(stores.links, SqlLinks)
        return stores

    def teardown(self) -> None:
        """Nothing is left lying about."""
        self.run(self.stack.aclose())
        self.loop.close()
        shutil.rmtree(self.folder)


_kept: list[Path] = []


def _empty() -> Path:
    """An empty, up-to-date SQLite file, made once."""
    if not _kept:
        path = Path(mkdtemp()) / "empty.db"
        asyncio.run(upgrade(f"sqlite:///{path}"))
        _kept.append(path)
    return _kept[0]


LinksMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
SqlLinksMachine.TestCase.settings = settings(max_examples=8, stateful_step_count=30, deadline=None)
TestLinks = LinksMachine.TestCase
TestSqlLinks = SqlLinksMachine.TestCase


def test_channels_are_joined_and_parted_on_postgres(postgres_place: Place) -> None:
    class PostgresLinksMachine(LinksMachine):
        """The same on PostgreSQL, emptied after each life."""

        def open(self) -> Stores:
            self.stack = AsyncExitStack()
            stores: Stores = self.run(self.stack.enter_async_context(postgres_place.opened()))
            return stores

        def teardown(self) -> None:
            self.run(self.stack.aclose())
            self.run(emptied(postgres_place.url))
            self.loop.close()

    run_state_machine_as_test(
        PostgresLinksMachine,
        settings=settings(max_examples=5, stateful_step_count=25, deadline=None),
    )
