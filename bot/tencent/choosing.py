"""Which choice somebody means by a number they typed or a line they tapped."""

import re
import unicodedata
from dataclasses import replace
from typing import Final

from bot.tencent.compose import numbered, read_choice
from dialogs.message import Button, Inbound, ReplyKind
from dialogs.ports import Outbox, Transcript

_NUMBER: Final = re.compile(r"(?:选|选择|第)?\s*(\d{1,2})\s*(?:个|项|号)?\s*[.。、,，)）!！]?")
_LOOK_BACK: Final = 20  # lines of the transcript
_NEVER_SHOWN: Final = frozenset({"withdrawn", "undeliverable"})


async def chosen_by_number(transcript: Transcript, inbound: Inbound) -> Inbound:
    """The message; a number alone is the choice the latest question gave that number.

    Any other number, or one that the question does not have, stays what was typed.
    """
    number = number_in(inbound.text)
    if number is None:
        return inbound
    choices = await _latest_choices(transcript, inbound)
    if not 1 <= number <= len(choices):
        return inbound
    chosen = choices[number - 1]
    return replace(inbound, text=None, button=chosen.value, label=chosen.label)


async def tapped(outbox: Outbox, inbound: Inbound, data: str) -> Inbound:
    """The message; a line tapped below a message to this very person is its choice."""
    place = read_choice(data)
    outgoing = await outbox.find(place[0]) if place is not None else None
    if place is None or outgoing is None or outgoing.reply is None:
        return inbound
    buttons = outgoing.reply.buttons
    if outgoing.identity != inbound.identity or place[1] >= len(buttons):
        return inbound
    button = buttons[place[1]]
    if button.url:
        return inbound
    return replace(inbound, text=None, button=button.value, label=button.label)


def number_in(text: str | None) -> int | None:
    """The number a text is, however it is typed: ``2``, ``２``, ``②``, ``2.`` or ``选2``."""
    if text is None or len(text) > 12:
        return None
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(found.group(1)) if found else None


async def _latest_choices(transcript: Transcript, inbound: Inbound) -> tuple[Button, ...]:
    entries = await transcript.latest(inbound.identity, _LOOK_BACK)
    for entry in reversed(entries):
        if entry.said is None or entry.status in _NEVER_SHOWN:
            continue
        choices = numbered(entry.said)
        if choices or entry.said.kind is ReplyKind.QUESTION:
            return choices  # none where the latest question wants something written
    return ()
