"""What a channel still allows: how much may be said, how often, and whether anybody is reached."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Final, Protocol

from desk.canned import blanks_in
from dialogs.message import Identity
from dialogs.ports import Entry
from knowledge.errors import BrokenContent, Problem
from knowledge.toml_file import TomlFile, read_toml

_FILE: Final = "channels.toml"
_UNREACHED: Final = frozenset({"blocked", "chat_not_found", "not_private"})
"""Why a message was not delivered, where the next one would not be either."""

_NOT_SENT: Final = frozenset({"withdrawn", "undeliverable"})
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """What one channel takes."""

    text: int = 20_000  # characters of a message
    file: int = 20  # megabytes
    window: timedelta | None = None  # open for so long after the applicant wrote
    messages: int | None = None  # of ours while it is open


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may still be said to one person. ``blocked`` names why they are not reached at all."""

    text: int
    file: int  # bytes
    left: int | None = None  # messages; None: any number
    closes_at: datetime | None = None
    blocked: str | None = None

    def refusal(self, text: str, file_sizes: Sequence[int], now: datetime) -> "Refused | None":
        """Why this cannot be delivered, or None if it can."""
        if not text.strip() and not file_sizes:
            return Refused("empty")
        blanks = blanks_in(text)
        if blanks:
            return Refused("blanks", {"names": "、".join(blanks)})
        if len(text) > self.text:
            return Refused("too_long", {"max": self.text, "length": len(text)})
        if any(size > self.file for size in file_sizes):
            return Refused("file_too_big", {"max": self.file // _MEGABYTE})
        if self.blocked is not None:
            return Refused("blocked")
        if self.closes_at is not None and now >= self.closes_at:
            return Refused("window_closed")
        needed = len(file_sizes) + bool(text.strip())
        if self.left is not None and needed > self.left:
            return Refused("none_left", {"left": self.left})
        return None


@dataclass(frozen=True, slots=True)
class Left:
    """What a platform lets through to one person: so many messages, until then."""

    messages: int
    closes_at: datetime


class Windows(Protocol):
    """What channels know of their platforms' windows, better than a transcript tells."""

    async def left(self, identity: Identity, now: datetime) -> Left | None:
        """What is left of a person's windows; None where no book is kept."""
        ...


@dataclass(frozen=True, slots=True)
class AllWindows:
    """The books of several channels as one."""

    books: tuple[Windows, ...]

    async def left(self, identity: Identity, now: datetime) -> Left | None:
        """See ``Windows``."""
        for book in self.books:
            if (left := await book.left(identity, now)) is not None:
                return left
        return None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something is not sent. ``code`` names the wording ``conversation.refused_<code>``."""

    code: str
    params: Mapping[str, str | int] | None = None


@dataclass(frozen=True, slots=True)
class Channels:
    """The rules of all channels."""

    rules: Mapping[str, ChannelRules]

    def allowance(self, channel: str, entries: Iterable[Entry]) -> Allowance:
        """What the channel allows after these lines of the transcript, the newest included."""
        rules = self.rules.get(channel, ChannelRules())
        heard_at: datetime | None = None
        said = 0
        blocked: str | None = None
        for entry in entries:
            if entry.said is None:
                heard_at, said, blocked = entry.at, 0, None
            elif entry.status not in _NOT_SENT:
                said += 1 + len(entry.said.files)
                if entry.status == "sent":
                    blocked = None
            elif entry.reason in _UNREACHED:
                blocked = entry.reason
        if rules.window is None:
            return Allowance(rules.text, rules.file * _MEGABYTE, blocked=blocked)
        # Whoever never wrote, or not within the lines looked at, has no open window.
        closes_at = heard_at + rules.window if heard_at else datetime.min.replace(tzinfo=UTC)
        left = None if rules.messages is None else max(0, rules.messages - said)
        return Allowance(rules.text, rules.file * _MEGABYTE, left, closes_at, blocked)


def load_channels(content: Path | None = None) -> Channels:
    """The operator's ``desk/channels.toml``, or the shipped one. Raises BrokenContent."""
    own = content / "desk" / _FILE if content is not None else None
    place = own if own is not None and own.is_file() else files("desk") / _FILE
    file = read_toml(place, f"desk/{_FILE}")
    problems: list[Problem] = []
    rules = {name: _rules(file, name, table, problems) for name, table in file.data.items()}
    if problems:
        raise BrokenContent(problems)
    return Channels(rules)


def _rules(file: TomlFile, name: str, table: object, problems: list[Problem]) -> ChannelRules:
    def refuse(message: str, cure: str, entry: str | None = None) -> None:
        problems.append(Problem(file.name, file.line_of(name, entry=entry), message, cure))

    if not isinstance(table, dict):
        refuse(f"{name!r} is no table", f"write [{name}] with text and file")
        return ChannelRules()
    given = ChannelRules()
    numbers = {"text": given.text, "file": given.file}
    for key in numbers:
        value = table.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            refuse(f"{name}: {key} is no number above 0", f"write {key} = {numbers[key]}", key)
        else:
            numbers[key] = value
    for key in sorted(table.keys() - {"text", "file", "window", "source", "reviewed_on"}):
        refuse(f"{name}: {key!r} means nothing", "take it out", key)
    window = table.get("window")
    if window is None:
        return ChannelRules(numbers["text"], numbers["file"])
    hours = window.get("hours") if isinstance(window, dict) else None
    messages = window.get("messages") if isinstance(window, dict) else None
    if not isinstance(hours, int) or not isinstance(messages, int) or min(hours, messages) < 1:
        cure = "write window = { hours = 48, messages = 5 }"
        refuse(f"{name}: window needs hours and messages", cure, "window")
        return ChannelRules()
    return ChannelRules(numbers["text"], numbers["file"], timedelta(hours=hours), messages)
