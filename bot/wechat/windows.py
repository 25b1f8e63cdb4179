"""What colleagues at the desk see of a person's windows."""

from datetime import datetime

from bot.wechat.translate import CHANNEL
from desk.allowance import Left
from dialogs.message import Identity
from storage.wechat_ports import WeChatStore


class WeChatWindows:
    """``Windows`` by the channel's own book: passive replies cost nothing, clicks count."""

    def __init__(self, store: WeChatStore) -> None:
        self._store = store

    async def left(self, identity: Identity, now: datetime) -> Left | None:
        """See ``Windows``."""
        if identity.channel != CHANNEL:
            return None
        budget = await self._store.budget(identity.external_id)
        windows = [one for one in (budget.talk, budget.touch) if one is not None]
        if not windows:
            return None
        usable = [one.until for one in windows if one.left > 0]
        until = max(usable, default=max(one.until for one in windows))
        return Left(budget.left(now), until)
