"""What colleagues at the desk see of a customer's window."""

from datetime import datetime

from bot.wecom.translate import CHANNEL
from desk.allowance import Left
from dialogs.message import Identity
from storage.wechat_ports import WeChatStore
from storage.wecom_ports import WeComStore


class WeComWindows:
    """``Windows`` by the channel's own book. In a session that others have, nothing is left."""

    def __init__(self, windows: WeChatStore, sessions: WeComStore) -> None:
        self._windows = windows
        self._sessions = sessions

    async def left(self, identity: Identity, now: datetime) -> Left | None:
        """See ``Windows``."""
        if identity.channel != CHANNEL:
            return None
        budget = await self._windows.budget(identity.external_id)
        if budget.talk is None:
            return None
        session = await self._sessions.session(identity.external_id)
        is_ours = session is None or session.state.lets_us_speak
        return Left(budget.left(now) if is_ours else 0, budget.talk.until)
