"""What to do with an update: refuse, hand to the assistant, let the key rest.

Shared by both libraries, the poller and the webhook. An update is done, and may be confirmed
to Telegram, when :meth:`TelegramCore.take` returns.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from bot.materials.receiving import Door
from bot.pacing import Buckets, Rate
from bot.telegram.client import Client, Key, Keyboard
from bot.telegram.compose import read_key_data
from bot.telegram.errors import PASSING, TelegramFault
from bot.telegram.files import fetched
from bot.telegram.texts import say
from bot.telegram.translate import (
    OTHER_LOCALE,
    Event,
    InGroup,
    Nothing,
    Pressed,
    Reach,
    Said,
    chat_of,
    translate,
)
from dialogs.case import Case
from dialogs.message import Button, Identity, Inbound
from dialogs.ports import Outbox
from dialogs.reminding import LINK_CODE

logger = logging.getLogger(__name__)

FLOOD: Final = Rate(burst=60, per_second=2)
"""How fast one person may write; what comes faster is refused before it costs a turn."""

_GROUPS_REMEMBERED: Final = 10_000
_HINTS: Final = 1.5
"""Seconds a stopping process waits for hints on their way."""


class Conversations(Protocol):
    """What the channel asks of the assistant."""

    async def handle(self, inbound: Inbound) -> object:
        """Take one message; it is committed on return."""
        ...

    async def connect(self, code: str, chat: str) -> bool:
        """Let a chat opened by somebody's link be reminded; False for a wrong or old code."""
        ...

    async def case(self, identity: Identity) -> Case:
        """The identity's case as it stands."""
        ...


class Reachability(Protocol):
    """Who wants to know whether a person can be written to (reminders choose by it)."""

    async def changed(self, identity: Identity, *, reachable: bool, at: datetime) -> None:
        """A person blocked the bot, or let it in again. May come more than once."""
        ...


class TelegramCore:
    """The channel's behaviour, for one bot.

    ``door`` lets in files that are sent; without one none are kept. ``count`` is told the
    reason of everything refused or passed over. Hints beside the conversation (a refusal in a
    group, a key let rest) are sent once and not tried again; what the assistant says goes
    through the outbox.
    """

    def __init__(
        self,
        assistant: Conversations,
        outbox: Outbox,
        client: Client,
        clock: Callable[[], datetime],
        *,
        username: str = "",
        reachability: Reachability | None = None,
        count: Callable[[str], None] = lambda reason: None,
        flood: Rate = FLOOD,
        door: Door | None = None,
    ) -> None:
        self.username = username
        self._assistant = assistant
        self._outbox = outbox
        self._client = client
        self._clock = clock
        self._reachability = reachability
        self._count = count
        self._door = door
        self._heard = Buckets(flood, _monotonic)
        self._warned = Buckets(Rate(burst=1, per_second=1 / 60), _monotonic)
        self._groups: OrderedDict[int, None] = OrderedDict()
        self._hints: set[asyncio.Task[None]] = set()

    async def take(self, update: object) -> None:
        """Take one update, as parsed JSON; done on return.

        Raises only what passes by itself (``PASSING``), such as a database that is away: then
        the update must not be confirmed. Taking it again has no further effect.
        """
        now = self._clock()
        chat = chat_of(update)
        event = translate(update, now)
        if chat is not None and not self._heard.take(chat, _sent_at(event, now)):
            self._too_fast(chat, event)
            return
        try:
            await self._act(event)
        except PASSING:
            raise
        except Exception as error:  # a record nobody can read must not stop the others' chats
            self._count("failed")
            logger.error("an update is passed over: %s", type(error).__name__)
            self._apologise(event)

    async def finish(self) -> None:
        """Wait for the hints on their way; not for long."""
        if self._hints:
            await asyncio.wait(set(self._hints), timeout=_HINTS)

    async def _act(self, event: Event) -> None:
        match event:
            case Said(inbound) if (inbound.start or "").startswith(LINK_CODE):
                await self._connect(inbound)
            case Said(inbound):
                told = await self._with_files(await self._in_other_locale(inbound))
                await self._assistant.handle(told)
            case Pressed():
                await self._press(event)
            case InGroup():
                self._refuse_group(event)
            case Reach(identity, reachable):
                self._count("unblocked" if reachable else "blocked")
                if self._reachability is not None:
                    await self._reachability.changed(
                        identity, reachable=reachable, at=self._clock()
                    )
            case Nothing(reason):
                self._count(reason)

    async def _connect(self, inbound: Inbound) -> None:
        """Somebody came by a link of theirs, to be reminded here; no conversation begins."""
        chat = inbound.identity.external_id
        connected = await self._assistant.connect(inbound.start or "", chat)
        text = say("connected" if connected else "link_over", inbound.locale)
        self._hint(self._client.send_text(int(chat), text, None))

    async def _in_other_locale(self, inbound: Inbound) -> Inbound:
        if inbound.button != OTHER_LOCALE:
            return inbound
        spoken = (await self._assistant.case(inbound.identity)).locale
        return replace(inbound, button="locale:en" if spoken == "zh-CN" else "locale:zh-CN")

    async def _with_files(self, inbound: Inbound) -> Inbound:
        if not inbound.files:
            return inbound
        files = await fetched(self._client, self._door, inbound.identity, inbound.files)
        return replace(inbound, files=files)

    async def _press(self, pressed: Pressed) -> None:
        found = await self._button(pressed)
        if found is None:
            self._count("stale_button")
            self._hint(self._client.answer_press(pressed.query, say("stale", pressed.locale)))
            return
        # Named after the button, not the press: pressed twice, it counts once.
        await self._assistant.handle(
            Inbound(
                pressed.identity,
                f"press:{pressed.data}",
                self._clock(),
                button=found.value,
                label=found.label,
                locale=pressed.locale,
            )
        )
        self._hint(self._client.answer_press(pressed.query, None))
        if pressed.message is not None:
            chosen = Key(say("chosen", pressed.locale, label=found.label), data=pressed.data)
            chat = int(pressed.identity.external_id)
            self._hint(self._client.set_keyboard(chat, pressed.message, Keyboard(((chosen,),))))

    async def _button(self, pressed: Pressed) -> Button | None:
        """The button pressed, if it is on a message to this very person."""
        place = read_key_data(pressed.data)
        if place is None:
            return None
        outgoing = await self._outbox.find(place[0])
        if outgoing is None or outgoing.identity != pressed.identity or outgoing.reply is None:
            return None
        buttons = outgoing.reply.buttons
        button = buttons[place[1]] if place[1] < len(buttons) else None
        return None if button is None or button.url else button

    def _apologise(self, event: Event) -> None:
        match event:
            case Said(Inbound(identity=identity, locale=locale)):
                chat = int(identity.external_id)
                self._hint(self._client.send_text(chat, say("failed", locale), None))
            case Pressed(query=query, locale=locale):
                self._hint(self._client.answer_press(query, say("failed", locale)))

    def _too_fast(self, chat: int, event: Event) -> None:
        self._count("flood")
        match event:
            case Said(Inbound(locale=locale)) if self._warned.take(chat):
                self._hint(self._client.send_text(chat, say("flood", locale), None))
            case Pressed(query=query, locale=locale) if self._warned.take(chat):
                self._hint(self._client.answer_press(query, say("flood", locale)))

    def _refuse_group(self, group: InGroup) -> None:
        self._count("group")
        if group.query is not None:
            self._hint(self._client.answer_press(group.query, say("group_press", group.locale)))
            return
        if group.chat in self._groups:
            return
        self._groups[group.chat] = None
        if len(self._groups) > _GROUPS_REMEMBERED:
            self._groups.popitem(last=False)
        link = f"https://t.me/{self.username}?start=group" if self.username else None
        key = Key(say("group_key", group.locale), url=link)
        keyboard = Keyboard(((key,),)) if link else None
        self._hint(self._client.send_text(group.chat, say("group", group.locale), keyboard))

    def _hint(self, call: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(_quietly(call), name="telegram-hint")
        self._hints.add(task)
        task.add_done_callback(self._hints.discard)


def _sent_at(event: Event, now: datetime) -> float:
    """When it was sent, in seconds: what piled up while we were away is no flood."""
    return (event.inbound.at if isinstance(event, Said) else now).timestamp()


async def _quietly(call: Coroutine[Any, Any, object]) -> None:
    try:
        await call
    except TelegramFault as fault:
        logger.debug("a hint was not taken: %s", fault)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
