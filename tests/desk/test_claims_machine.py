"""Claims under random hands: agents that race, turns and messages under way, deaths, silence.

Whatever happens, what a sender begins is said by whoever has the conversation, or urgent.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.settings import Settings
from bot.world import load_world
from desk.claims import LEASE, ClaimLost, HeldBy, Taken
from dialogs.case import ASSISTANT, Colleague
from dialogs.message import Identity, Inbound, Reply, ReplyKind
from dialogs.ports import Due, Given, Outgoing, StaleCase, TurnRecord
from dialogs.turn import take_turn
from storage.memory import memory_stores
from tests.desk.office import LI, START, WANG, Office
from tests.storage.making import unique

WORLD = load_world(Settings(_env_file=None))
STAFF = st.sampled_from([LI, WANG])
PRIVATE = "只给同事看的话"


class ClaimsMachine(RuleBasedStateMachine):
    """One applicant on a channel with senders, two colleagues, and time."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(WORLD, memory_stores(lambda: START))
        self.office.claims.pause = self._while_waiting
        self.who = Identity("telegram", "")
        self.scope = ""
        self.in_hand: list[Due] = []
        self.under_way: list[TurnRecord] = []
        self.has: Colleague | None = None  # whom `take` told that they have it, until it ended
        self.begun: list[Outgoing] = []
        self.epochs: list[int] = []

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:
        """Wait for it."""
        return asyncio.run(what)

    @initialize()
    def begin(self) -> None:
        """Somebody says hello, and staff note something about them."""
        self.who, self.scope = self.run(self.office.begin())
        now = self.office.now
        self.run(self.office.stores.notebook.add(self.scope, LI.name, PRIVATE, (), now))

    # --- the applicant and the assistant ------------------------------------------------------

    @rule(text=st.sampled_from(["备案要多久", "同意", "转人工", "对", "上一步"]))
    def applicant_writes(self, text: str) -> None:
        """A message, answered or kept."""
        replies = self.run(self.office.say(self.who, text))
        if self.has is not None:
            assert replies == ()

    @rule(text=st.sampled_from(["要付钱吗", "继续"]))
    def a_turn_begins(self, text: str) -> None:
        """Another process computes a turn, and takes its time to store it."""
        case = self.run(self.office.assistant.case(self.who))
        inbound = Inbound(self.who, unique("m"), self.office.now, text=text)
        result = take_turn(case, inbound, self.office.now, WORLD, lambda: unique("f"))
        said = tuple(Outgoing(unique("out"), self.who, one) for one in result.replies)
        self.under_way.append(
            TurnRecord(case, result.case, inbound, said, heard=result.heard, at=self.office.now)
        )

    @precondition(lambda self: self.under_way)
    @rule()
    def a_turn_is_stored(self) -> None:
        """Refused as stale if anything happened since."""
        record = replace(self.under_way.pop(0), at=self.office.now)
        try:
            self.run(self.office.stores.cases.commit(record))
        except StaleCase:
            return
        assert self.has is None or not record.outgoing

    @rule(urgent=st.booleans())
    def a_reminder_is_given(self, urgent: bool) -> None:
        """What the sweep decides: while somebody is here, only what is urgent."""
        reply = Reply(ReplyKind.REMINDER, "提醒")
        out = Outgoing(unique("out"), self.who, reply, urgent=urgent)
        self.run(
            self.office.assistant.give(
                self.who, lambda case: Given((out,) if urgent or case.hold is None else ())
            )
        )

    # --- staff --------------------------------------------------------------------------------

    @rule(who=STAFF)
    def takes(self, who: Colleague) -> None:
        """One has it, the other learns who."""
        had = None
        try:
            self._got(self.run(self.office.claims.take(who, self.scope)), who)
        except HeldBy as refused:
            had = refused.hold.agent
        if had is not None:
            assert self.has is not None
            assert had == self.has.id != who.id

    @rule(who=STAFF)
    def takes_over(self, who: Colleague) -> None:
        """A supervisor."""
        self._got(self.run(self.office.claims.take_over(who, self.scope, "换班")), who)

    @rule(who=STAFF)
    def both_take(self, who: Colleague) -> None:
        """At the same moment."""
        other = WANG if who is LI else LI

        async def race() -> list[Taken | BaseException]:
            takes = (self.office.claims.take(one, self.scope) for one in (who, other))
            return await asyncio.gather(*takes, return_exceptions=True)

        outcomes = self.run(race())
        for one, outcome in zip((who, other), outcomes, strict=True):
            if isinstance(outcome, Taken):
                self._got(outcome, one)
        assert sum(isinstance(one, HeldBy) for one in outcomes) == 1

    @rule(who=STAFF)
    def speaks(self, who: Colleague) -> None:
        """Only whoever has it can."""
        try:
            self.run(self.office.claims.say(who, self.scope, "您好"))
        except ClaimLost:
            assert self.has is None or self.has.id != who.id
        else:
            assert self.has is not None
            assert self.has.id == who.id

    @rule(who=STAFF, back=st.booleans())
    def leaves(self, who: Colleague, back: bool) -> None:
        """To the assistant, or to the queue."""
        leave = self.office.claims.hand_back if back else self.office.claims.release
        try:
            self.run(leave(who, self.scope))
        except ClaimLost:
            assert self.has is None or self.has.id != who.id
        else:
            assert self.has is not None
            assert self.has.id == who.id
            self.has = None

    @rule()
    def silence_ends_claims(self) -> None:
        """The sweep."""
        for one in self.run(self.office.stores.claims.lapsed(self.office.now)):
            self.run(self.office.claims.expire(one.id, one.epoch))
            self.has = None

    # --- senders and time ---------------------------------------------------------------------

    @rule()
    def a_sender_claims(self) -> None:
        """The next message."""
        self.in_hand += self.run(self.office.next_out())

    @precondition(lambda self: self.in_hand)
    @rule(fate=st.sampled_from(["delivered", "retry", "undeliverable", "dies"]))
    def a_sender_sends(self, fate: str) -> None:
        """Begun if its lease runs, with one end or another."""
        self.run(self._send(self.in_hand.pop(0), fate))

    @rule(by=st.sampled_from([timedelta(seconds=5), timedelta(seconds=61), LEASE]))
    def time_passes(self, by: timedelta) -> None:
        """Leases run out."""
        self.office.now += by

    @invariant()
    def private_things_stay_private(self) -> None:
        """Notes never reach an outbox."""
        assert all(PRIVATE not in (one.reply.text if one.reply else "") for one in self.begun)

    async def _send(self, due: Due, fate: str = "delivered") -> None:
        now, outbox = self.office.now, self.office.stores.outbox
        if due.until <= now:
            await outbox.retry(due, now)
            return
        out = due.outgoing
        if self.has is not None:
            notice = out.reply is not None and f"客服{self.has.name}" in out.reply.text
            of_the_assistant = out.author == ASSISTANT and (out.urgent or notice)
            assert of_the_assistant or out.author == self.has.author, out
        self.begun.append(out)
        if fate == "delivered":
            await outbox.delivered(due, None, now)
        elif fate == "retry":
            await outbox.retry(due, now + timedelta(seconds=1))
        elif fate == "undeliverable":
            await outbox.undeliverable(due, "blocked", now)

    async def _while_waiting(self, _: float) -> None:
        """What happens while `take` waits: senders finish, or time passes over dead ones."""
        self.has = None  # nobody was told yet
        if self.in_hand:
            await self._send(self.in_hand.pop(0))
        else:
            self.office.now += timedelta(seconds=20)
        await asyncio.sleep(0)

    def _got(self, taken: Taken, who: Colleague) -> None:
        self.has = who
        self.epochs.append(taken.hold.epoch)
        assert self.epochs == sorted(self.epochs)


ClaimsMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestClaims = ClaimsMachine.TestCase
