"""What the WeChat channel keeps, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storage.memory.shared import Delivery, Memory
from storage.turnback import FAR
from storage.wechat_ports import AccessToken, Budget, Heard, Late, Opens, Shut, Spent


@dataclass(slots=True)
class _Token:
    token: AccessToken | None = None
    holder: str | None = None
    until: datetime | None = None


@dataclass(slots=True)
class MemoryWeChat:
    """``WeChatStore`` in memory."""

    memory: Memory
    tokens: dict[str, _Token] = field(default_factory=dict)

    async def heard(self, openid: str, key: str, opens: Opens | None, at: datetime) -> Heard:
        """See ``WeChatStore``."""
        if (known := self.memory.deliveries.get((openid, key))) is not None:
            return Heard(is_new=False, is_kept=known.due is not None, answer=known.answer)
        self.memory.deliveries[openid, key] = Delivery(at)
        if opens is None:
            return Heard(is_new=True)
        before = await self.budget(openid)
        self.memory.budgets[openid] = before.heard(opens, at)
        return Heard(is_new=True, reopened=before.left(at, reserve=1) == 0)

    async def gone(self, openid: str, at: datetime | None = None) -> None:
        """See ``WeChatStore``."""
        self.memory.budgets[openid] = (await self.budget(openid)).gone(at)

    async def budget(self, openid: str) -> Budget:
        """See ``WeChatStore``."""
        return self.memory.budgets.get(openid, Budget())

    async def spend(self, openid: str, now: datetime, *, reserve: int) -> Spent | Shut:
        """See ``WeChatStore``."""
        before = await self.budget(openid)
        spent = before.next_from(now, reserve)
        if isinstance(spent, Spent):
            self.memory.budgets[openid] = before.changed(spent, -1)
        return spent

    async def give_back(self, openid: str, spent: Spent) -> None:
        """See ``WeChatStore``."""
        self.memory.budgets[openid] = (await self.budget(openid)).changed(spent, 1)

    async def exhausted(self, openid: str) -> None:
        """See ``WeChatStore``."""
        self.memory.budgets[openid] = (await self.budget(openid)).emptied

    async def answered(self, openid: str, key: str, outgoing_ids: Sequence[str]) -> tuple[str, ...]:
        """See ``WeChatStore``."""
        found = self.memory.deliveries.get((openid, key))
        if found is None:
            return tuple(outgoing_ids)
        if found.answer is None:
            found.answer = tuple(outgoing_ids)
        return found.answer

    async def answer_of(self, openid: str, key: str) -> tuple[str, ...] | None:
        """See ``WeChatStore``."""
        found = self.memory.deliveries.get((openid, key))
        return None if found is None else found.answer

    async def keep(self, openid: str, key: str, payload: bytes, due: datetime) -> None:
        """See ``WeChatStore``."""
        kept = self.memory.deliveries.setdefault((openid, key), Delivery(due))
        kept.payload, kept.due = payload, due

    async def late(self, now: datetime, until: datetime, limit: int) -> Sequence[Late]:
        """See ``WeChatStore``."""
        due = [
            (one.due, key, openid, one)
            for (openid, key), one in self.memory.deliveries.items()
            if one.due is not None and not now < one.due <= now + FAR
        ]
        taken = sorted(due, key=lambda each: each[:2])[:limit]
        for _, _, _, one in taken:
            one.due = until
        return [Late(openid, key, one.payload or b"") for _, key, openid, one in taken]

    async def done(self, openid: str, key: str) -> None:
        """See ``WeChatStore``."""
        if (openid, key) in self.memory.deliveries:
            self.memory.deliveries[openid, key].payload = None
            self.memory.deliveries[openid, key].due = None

    async def forget(self, before: datetime) -> int:
        """See ``WeChatStore``."""
        old = [
            key
            for key, one in self.memory.deliveries.items()
            if one.at < before and one.due is None
        ]
        for key in old:
            del self.memory.deliveries[key]
        return len(old)

    async def tried(self, outgoing_id: str, now: datetime) -> datetime:
        """See ``WeChatStore``."""
        return self.memory.tried.setdefault(outgoing_id, now)

    async def not_tried(self, outgoing_id: str, at: datetime) -> None:
        """See ``WeChatStore``."""
        if self.memory.tried.get(outgoing_id) == at:
            del self.memory.tried[outgoing_id]

    async def token(self, app_id: str) -> AccessToken | None:
        """See ``WeChatStore``."""
        return self.tokens.get(app_id, _Token()).token

    async def lease_token(self, app_id: str, holder: str, now: datetime, until: datetime) -> bool:
        """See ``WeChatStore``."""
        row = self.tokens.setdefault(app_id, _Token())
        latest = until + (until - now)  # later: the clock was put back
        if row.holder not in (None, holder) and row.until and now < row.until <= latest:
            return False
        row.holder, row.until = holder, until
        return True

    async def put_token(self, app_id: str, holder: str, token: AccessToken) -> bool:
        """See ``WeChatStore``."""
        row = self.tokens.get(app_id)
        if row is None or row.holder != holder:
            return False
        row.token, row.holder, row.until = token, None, None
        return True

    async def release_token(self, app_id: str, holder: str) -> None:
        """See ``WeChatStore``."""
        row = self.tokens.get(app_id)
        if row is not None and row.holder == holder:
            row.holder, row.until = None, None
