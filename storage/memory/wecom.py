"""What the channel of WeCom customer service keeps, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage.memory.reminders import MemoryReminders
from storage.memory.shared import Memory, Pulled
from storage.turnback import FAR
from storage.wecom_ports import Fetched, Kept, Pull, Session


@dataclass(slots=True)
class _Account:
    cursor: str | None = None
    taken: int = 0
    holder: str | None = None
    until: datetime | None = None


class MemoryWeCom:
    """``WeComStore`` in memory."""

    def __init__(self, memory: Memory, reminders: MemoryReminders) -> None:
        self._memory = memory
        self._reminders = reminders
        self._accounts: dict[str, _Account] = {}

    async def lease_pull(
        self, account: str, holder: str, now: datetime, until: datetime
    ) -> Pull | None:
        """See ``WeComStore``."""
        row = self._accounts.setdefault(account, _Account())
        latest = until + (until - now)  # later: the clock was put back
        if row.holder not in (None, holder) and row.until and now < row.until <= latest:
            return None
        row.holder, row.until = holder, until
        return Pull(account, holder, row.cursor)

    async def take_in(
        self, pull: Pull, cursor: str, fetched: Sequence[Fetched], now: datetime
    ) -> Pull | None:
        """See ``WeComStore``."""
        row = self._accounts.get(pull.account)
        if row is None or row.holder != pull.holder:
            return None
        row.cursor = cursor
        for one in fetched:
            row.taken += 1
            due = None if one.payload is None else now
            self._memory.pulled.setdefault((pull.account, one.key), Pulled(row.taken, one, due))
        return replace(pull, cursor=cursor)

    async def end_pull(self, pull: Pull) -> None:
        """See ``WeComStore``."""
        row = self._accounts.get(pull.account)
        if row is not None and row.holder == pull.holder:
            row.holder, row.until = None, None

    async def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Kept]:
        """See ``WeComStore``."""
        oldest: dict[tuple[str, str], tuple[str, Pulled]] = {}
        for (account, key), one in self._memory.pulled.items():
            whose = (account, one.fetched.person)
            if one.due is not None and (whose not in oldest or one.place < oldest[whose][1].place):
                oldest[whose] = (key, one)
        due = [
            (one.due, one.place, account, key, one)
            for (account, _), (key, one) in oldest.items()
            if one.due is not None and not now < one.due <= now + FAR
        ]
        kept: list[Kept] = []
        for _, _, account, key, one in sorted(due, key=lambda each: each[:2])[:limit]:
            one.due = until
            sent = one.fetched
            kept.append(Kept(account, key, sent.person, sent.at, sent.payload or b""))
        return kept

    async def done(self, account: str, key: str) -> None:
        """See ``WeComStore``."""
        if (found := self._memory.pulled.get((account, key))) is not None:
            found.fetched, found.due = replace(found.fetched, payload=None), None

    async def put_back(self, account: str, key: str, due: datetime) -> None:
        """See ``WeComStore``."""
        found = self._memory.pulled.get((account, key))
        if found is not None and found.due is not None:
            found.due = due

    async def forget(self, before: datetime) -> int:
        """See ``WeComStore``."""
        old = [
            key
            for key, one in self._memory.pulled.items()
            if one.fetched.at < before and one.due is None
        ]
        for key in old:
            del self._memory.pulled[key]
        return len(old)

    async def session(self, person: str) -> Session | None:
        """See ``WeComStore``."""
        return self._memory.sessions.get(person)

    async def put_session(self, person: str, session: Session) -> bool:
        """See ``WeComStore``."""
        known = self._memory.sessions.get(person)
        if known is not None and known.at > session.at:
            return False
        self._memory.sessions[person] = session
        return True

    async def tries(self, outgoing_id: str) -> int:
        """See ``WeComStore``."""
        known = self._memory.waiting.get(outgoing_id)
        return 0 if known is None else known.attempts

    async def bounced(self, outgoing_id: str, reason: str) -> bool:
        """See ``WeComStore``."""
        known = self._memory.outcomes.get(outgoing_id)
        if known is None or known[0] != "sent":
            return False
        self._reminders.come_back(outgoing_id, reason, known[2])
        return True
