"""An assistant small enough to check a channel by: it repeats what it heard, with two buttons."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.clock import real_clock
from dialogs.assistant import Courier
from dialogs.case import Case
from dialogs.message import Button, Identity, Inbound, Reply, ReplyKind
from dialogs.ports import CaseStore, DuplicateInbound, Outgoing, StaleCase, TurnRecord

ANSWERS = (Button("好", "yes"), Button("不好", "no"))


def repeat(inbound: Inbound) -> tuple[Reply, ...]:
    """One reply that says how the message was understood."""
    said = inbound.text or inbound.button or inbound.other
    if inbound.files:
        said = f"{inbound.files[0].name} {inbound.files[0].media_type} {inbound.files[0].size}"
    return (Reply(ReplyKind.QUESTION, f"听到：{said}", ANSWERS),)


async def at_once(inbound: Inbound) -> None:
    """Takes no time to think."""


@dataclass
class Parrot:
    """Takes turns like the assistant does: in order for each identity, committed once."""

    cases: CaseStore
    clock: Callable[[], datetime] = real_clock
    answer: Callable[[Inbound], tuple[Reply, ...]] = repeat
    think: Callable[[Inbound], Awaitable[None]] = at_once
    delete_if: Callable[[Inbound], bool] = lambda inbound: False
    couriers: dict[str, Courier] = field(default_factory=dict)
    heard: list[Inbound] = field(default_factory=list)  # each message once

    async def connect(self, code: str, chat: str) -> bool:
        """One link is known."""
        return code == "remind-known"

    async def handle(self, inbound: Inbound) -> None:
        """Commit one turn; a message heard before changes nothing."""
        await self.think(inbound)
        before = await self.case(inbound.identity)
        outgoing = tuple(
            Outgoing(secrets.token_urlsafe(9), inbound.identity, reply)
            for reply in self.answer(inbound)
        )
        if self.delete_if(inbound):
            gone = Outgoing(secrets.token_urlsafe(9), inbound.identity, delete=inbound.message_id)
            outgoing = (gone, *outgoing)
        after = replace(before, version=before.version + 1)
        try:
            claimed = await self.cases.commit(
                TurnRecord(
                    before,
                    after,
                    inbound,
                    outgoing,
                    heard=inbound.words,
                    at=self.clock(),
                    hand_over=bool(self.couriers),
                )
            )
        except DuplicateInbound:
            return
        self.heard.append(inbound)
        await asyncio.sleep(0)
        for courier in self.couriers.values():
            courier(inbound.identity, claimed)

    async def case(self, identity: Identity) -> Case:
        """The case as it stands."""
        return await self.cases.open(identity, self.clock(), "zh-CN")


class Stubborn(Parrot):
    """Takes a turn again that another process was quicker with, as the assistant does."""

    async def handle(self, inbound: Inbound) -> None:
        """See ``Parrot``."""
        for _ in range(20):
            with suppress(StaleCase):
                return await super().handle(inbound)
        raise StaleCase("another process is busy")
