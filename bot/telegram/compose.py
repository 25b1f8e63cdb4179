"""A reply as Telegram messages: plain text cut to size, and keys with opaque data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from unicodedata import east_asian_width

from bot.cutting import cut
from bot.telegram.client import Key, Keyboard
from dialogs.message import Button, Citation, OutgoingFile
from dialogs.ports import Outgoing

MAX_TEXT: Final = 4096
"""Characters of one message, counted in UTF-16 units as Telegram's own apps do."""

MAX_KEYS: Final = 100
MAX_DATA: Final = 64  # bytes
_KEYS_IN_A_ROW: Final = 3
_ROW_WIDTH: Final = 28  # cells; a Chinese character takes two
_LABEL: Final = 60


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text message; only the last one of a reply has keys."""

    text: str
    keyboard: Keyboard | None = None


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file, sent as a document; a picture, shown in the chat."""

    file: OutgoingFile


Part: TypeAlias = TextPart | FilePart


def compose(outgoing: Outgoing, *, links_as_text: bool = False) -> tuple[Part, ...]:
    """The messages that make up a reply, in order.

    ``links_as_text`` writes the addresses of url keys below the text, for servers that refuse
    such a key. Raises ValueError if the outgoing id is too long for the data behind a key.
    """
    reply = outgoing.reply
    if reply is None:
        return ()
    lines = [reply.signed_text.strip(), *map(_cite, reply.citations)]
    if links_as_text:
        lines += [f"{button.label}: {button.url}" for button in reply.buttons if button.url]
    text = "\n".join(line for line in lines if line)
    files = tuple(FilePart(file) for file in reply.files)
    pieces = split(text)
    if not pieces:
        return files
    shown = keyboard(outgoing.id, reply.buttons, without_links=links_as_text)
    *first, last = pieces
    return (*(TextPart(piece) for piece in first), *files, TextPart(last, shown))


def keyboard(
    outgoing_id: str, buttons: Sequence[Button], *, without_links: bool = False
) -> Keyboard | None:
    """Buttons as rows of keys, short ones side by side; None if there are none."""
    keys = [
        Key(_short(button.label), url=button.url)
        if button.url
        else Key(_short(button.label), data=key_data(outgoing_id, place))
        for place, button in enumerate(buttons[:MAX_KEYS])
        if not (without_links and button.url)
    ]
    rows: list[list[Key]] = []
    for key in keys:
        row = [*rows[-1], key] if rows else [key]
        if rows and len(row) <= _KEYS_IN_A_ROW and _width(row) <= _ROW_WIDTH:
            rows[-1] = row
        else:
            rows.append([key])
    return Keyboard(tuple(map(tuple, rows))) if rows else None


def key_data(outgoing_id: str, place: int) -> str:
    """The opaque data behind a key: which message, which of its buttons."""
    data = f"{outgoing_id}.{place}"
    if len(data.encode()) > MAX_DATA:
        raise ValueError(f"the data behind a key has {MAX_DATA} bytes at most; shorten message ids")
    return data


def read_key_data(data: str) -> tuple[str, int] | None:
    """The outgoing id and the button's place, or None for data that is not ours."""
    outgoing_id, _, place = data.rpartition(".")
    if not outgoing_id or not place.isascii() or not place.isdecimal() or len(place) > 3:
        return None
    return outgoing_id, int(place)


def split(text: str, limit: int = MAX_TEXT) -> tuple[str, ...]:
    """Text in pieces of at most ``limit`` UTF-16 units, cut between lines where that goes.

    Blank edges of a piece are dropped, as Telegram does; nothing else is lost.
    """
    return cut(text, limit, _units)


def _units(text: str) -> int:
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def _cite(citation: Citation) -> str:
    as_of = f"（{citation.as_of}）" if citation.as_of else ""
    return f"— {citation.title}{as_of} {citation.url}".rstrip()


def _short(label: str) -> str:
    label = label.strip() or "…"
    return label if len(label) <= _LABEL else label[: _LABEL - 1].rstrip() + "…"


def _width(keys: Sequence[Key]) -> int:
    """Cells a row takes, with room around each label."""
    return sum(
        sum(2 if east_asian_width(character) in "WF" else 1 for character in key.label) + 2
        for key in keys
    )
