"""The audit trail: who did what to which object, in a chain that shows every later change.

Each entry carries a keyed hash over itself and the entry before it. The key is derived from the
master key, so whoever can write to the database alone can neither change nor insert an entry
without ``verify`` noticing. An entry cut off the end is noticed by whoever kept a later ``head``.
"""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from desk.deeds import CONSOLE, Deed, Draft
from desk.staff import Agent

BEGINNING: Final = bytes(32)
"""What the first entry follows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail; ``n`` counts from 1 without a gap."""

    n: int
    at: datetime
    draft: Draft
    mac: bytes

    def as_data(self) -> dict[str, str | int]:
        """The entry for an export; ``detail`` is a JSON object."""
        return {
            "n": self.n,
            "at": self.at.isoformat(),
            "agent": self.draft.agent,
            "action": self.draft.action,
            "object": self.draft.object,
            "detail": json.dumps(dict(self.draft.detail), ensure_ascii=False),
            "mac": self.mac.hex(),
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries to show; None is any. ``object`` is the beginning of one."""

    agent: str | None = None
    action: str | None = None
    object: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, entry: "Entry") -> bool:
        """Whether an entry is one of them."""
        return (
            self.agent in (None, entry.draft.agent)
            and self.action in (None, entry.draft.action)
            and (self.object is None or entry.draft.object.startswith(self.object))
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a trail stands: ``broken_at`` is the first entry that does not fit, None if all do."""

    entries: int
    head: bytes
    broken_at: int | None
    knows_head: bool = True  # whether the checksum asked for is one of an entry


class Audit(Protocol):
    """The trail. Nothing in it is ever changed or deleted, and the database refuses to."""

    async def record(
        self,
        agent: Agent | None,
        action: Deed,
        object: str = "",  # noqa: A002 - the trail's own word
        detail: Mapping[str, str] | None = None,
    ) -> None:
        """Write down that ``agent`` (None: a command or the program) did ``action``."""
        ...

    async def entries(
        self, wanted: Wanted, *, before: int | None = None, limit: int = 100
    ) -> Sequence[Entry]:
        """The newest entries first; ``before`` is the number of the last one already seen."""
        ...

    async def verify(self, head: bytes | None = None) -> Verdict:
        """Go through the whole trail; ``head`` was the newest entry's ``mac`` once."""
        ...


def draft_of(
    agent: Agent | None, action: Deed, about: str, detail: Mapping[str, str] | None
) -> Draft:
    """What ``Audit.record`` is told, as a draft."""
    return Draft(CONSOLE if agent is None else agent.name, action.value, about, dict(detail or {}))


def mac_of(key: bytes, previous: bytes, n: int, at: datetime, draft: Draft) -> bytes:
    """The keyed hash of an entry that follows the one with the hash ``previous``."""
    moment = at.astimezone(UTC).isoformat()
    fields = [n, moment, draft.agent, draft.action, draft.object, dict(draft.detail)]
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, previous + text.encode("utf-8", "replace"), hashlib.sha256)


class Verifier:
    """Goes along a trail, entry by entry."""

    def __init__(self, key: bytes, head: bytes | None = None) -> None:
        self._key = key
        self._sought = head
        self._is_found = head is None
        self._count = 0
        self._head = BEGINNING
        self._broken_at: int | None = None

    def see(self, entry: Entry) -> None:
        """The next entry."""
        expected = self._count + 1
        mac = mac_of(self._key, self._head, entry.n, entry.at, entry.draft)
        fits = entry.n == expected and hmac.compare_digest(mac, entry.mac)
        if not fits and self._broken_at is None:
            self._broken_at = expected
        self._count += 1
        self._head = entry.mac
        self._is_found = self._is_found or entry.mac == self._sought

    def verdict(self) -> Verdict:
        """How it stood."""
        return Verdict(self._count, self._head, self._broken_at, self._is_found)


async def everything(audit: Audit, wanted: Wanted) -> AsyncIterator[Entry]:
    """All entries of a kind, newest first, read in batches."""
    before: int | None = None
    while batch := await audit.entries(wanted, before=before, limit=500):
        for entry in batch:
            yield entry
        before = batch[-1].n
