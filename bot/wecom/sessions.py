"""Sessions in WeCom and claims of our conversations, kept in step.

A session that a servicer has, or that waits for one, holds the conversation: the assistant is
silent, and the desk sees who has it. One that ended, or went back to programs, frees it.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.wecom.client import WeComClient
from bot.wecom.errors import Refused, WeComFault
from bot.wecom.texts import say
from bot.wecom.translate import Person
from dialogs.case import Case, Colleague
from dialogs.holding import ClaimLost
from dialogs.message import Identity
from dialogs.ports import DuplicateCall, Receipt
from dialogs.turn import TurnResult, staff
from dialogs.world import World
from storage.wecom_ports import Session, SessionState, WeComStore

logger = logging.getLogger(__name__)

HOLDER: Final = "wecom:"
"""How the id of a claim begins that stands for a servicer in WeCom."""

LEASE: Final = timedelta(hours=48)
"""How long such a claim stands without a sign of either side: as long as WeCom's session."""

QUEUE: Final = "queue"
"""In place of a servicer: whoever of them is free."""

_DOUBT_AFTER: Final = timedelta(minutes=1)
"""How old what we know of a session may be when somebody writes into one that is held."""


class Acting(Protocol):
    """What sessions ask of the assistant."""

    world: World

    async def act(self, identity: Identity, compute: Callable[[Case], TurnResult]) -> object:
        """Commit an act of staff."""
        ...

    async def case(self, identity: Identity) -> Case:
        """The identity's case as it stands."""
        ...


def holder(servicer: str) -> Colleague:
    """A servicer as our conversations know them; empty while nobody has taken the session yet."""
    name = say("servicer", None, name=servicer) if servicer else say("queue", None)
    return Colleague(f"{HOLDER}{servicer}", name)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Whose turn it is to speak. ``servicer`` is who gets those that ask for a person, if any."""

    assistant: Acting
    store: WeComStore
    client: WeComClient
    clock: Callable[[], datetime]
    servicer: str | None = None

    async def wrote(self, identity: Identity) -> bool:
        """A customer wrote: a session begins, or goes on. Whether we may speak again since."""
        person = Person.of(identity.external_id)
        known = await self.store.session(identity.external_id)
        if known is not None and known.state is SessionState.BOT:
            return False
        if known is not None and known.state.is_held:
            if self.clock() - known.at < _DOUBT_AFTER:
                return False
            return (await self.asked(identity)).lets_us_speak
        try:
            await self.client.move(person, SessionState.BOT)
        except Refused:
            return (await self.asked(identity)).lets_us_speak
        except WeComFault as fault:  # programs may speak in a new session, too
            logger.info("a session is not taken: %s", fault)
            return True
        await self.changed(identity, SessionState.BOT, "", self.clock())
        return True

    async def asked(self, identity: Identity) -> SessionState:
        """Ask WeCom who has the session, and believe it."""
        try:
            state, servicer = await self.client.state(Person.of(identity.external_id))
        except WeComFault as fault:
            logger.info("nobody says who has a session: %s", fault)
            known = await self.store.session(identity.external_id)
            return SessionState.NEW if known is None else known.state
        await self.changed(identity, state, servicer, self.clock())
        return state

    async def changed(
        self, identity: Identity, state: SessionState, servicer: str, at: datetime
    ) -> None:
        """A session is in this state since ``at``: the conversation is held, or freed."""
        external_id = identity.external_id
        if not await self.store.put_session(external_id, Session(state, at, servicer)):
            return
        if state.is_held:
            await self.hold(identity, servicer)
        else:
            await self._free(identity)

    async def is_at_our_desk(self, identity: Identity) -> bool:
        """Whether a colleague at our own desk has the conversation."""
        hold = (await self.assistant.case(identity)).hold
        return hold is not None and not hold.agent.startswith(HOLDER)

    async def hold(self, identity: Identity, servicer: str) -> None:
        """Let a servicer have the conversation, whoever had it; renewed if it is theirs."""
        assistant, now = self.assistant, self.clock()

        def compute(case: Case) -> TurnResult:
            return staff.hold_elsewhere(case, holder(servicer), now, assistant.world, LEASE)

        await assistant.act(identity, compute)

    async def spoke(self, identity: Identity, servicer: str, text: str, key: str) -> None:
        """Put down what a servicer wrote in WeCom, once for each ``key``.

        It has reached the customer already.
        """
        assistant, who = self.assistant, holder(servicer)
        await self.hold(identity, servicer)

        def compute(case: Case) -> TurnResult:
            said = staff.say(case, who, text, (), self.clock(), assistant.world, LEASE)
            receipt = Receipt(f"{HOLDER}{identity.external_id}:{key}", "{}")
            return replace(said, author=f"agent:{who.id}", receipt=receipt)

        with suppress(DuplicateCall):
            await assistant.act(identity, compute)

    async def hand_over(self, identity: Identity) -> None:
        """Give somebody who waits for a person to WeCom's servicers, if that is set up."""
        if self.servicer is None:
            return
        case = await self.assistant.case(identity)
        if case.hold is not None or case.handover != "waiting":
            return
        to_queue = self.servicer == QUEUE
        state = SessionState.QUEUE if to_queue else SessionState.HUMAN
        servicer = "" if to_queue else self.servicer
        try:
            await self.client.move(Person.of(identity.external_id), state, servicer)
        except WeComFault as fault:  # then a colleague at our own desk comes
            logger.error("a session is not handed over to WeCom's servicers: %s", fault)
            return
        await self.changed(identity, state, servicer, self.clock())

    async def _free(self, identity: Identity) -> None:
        case = await self.assistant.case(identity)
        if case.hold is None or not case.hold.agent.startswith(HOLDER):
            return
        assistant, who = self.assistant, case.hold.colleague

        def compute(case: Case) -> TurnResult:
            if who.id == HOLDER:  # nobody took it out of the queue
                return staff.nobody_came(case, who, self.clock(), assistant.world)
            if case.hold is not None and case.hold.agent == who.id:
                # A userid is for the desk: to the customer it is somebody of the company.
                called = replace(case.hold, name=say("colleague", case.locale))
                case = replace(case, hold=called)
            return staff.hand_back(case, who, self.clock(), assistant.world)

        try:
            await assistant.act(identity, compute)
        except ClaimLost:  # taken over at our desk meanwhile
            logger.info("a claim for a servicer had ended before their session did")


def is_servicers(author: str) -> bool:
    """Whether something was said by a servicer in WeCom."""
    return author.startswith(f"agent:{HOLDER}")
