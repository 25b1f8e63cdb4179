"""Short notices by WeChat, which reach people who have long been silent: ways and consents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

WECHAT_TEMPLATE: Final = "wechat_template"
"""模板消息: to whoever follows the account, at any time."""

WECHAT_NOTICE: Final = "wechat_notice"
"""一次性订阅通知: once for each consent, at any time."""

RUNGS: Final[Mapping[str, tuple[str, ...]]] = {"wechat": (WECHAT_TEMPLATE, WECHAT_NOTICE)}
"""What else reaches somebody of a chat channel, in the order in which it is tried."""

CHAT_OF: Final[Mapping[str, str]] = {
    notice: chat for chat, notices in RUNGS.items() for notice in notices
}
"""Whose chat channel a notice goes to: it calls the person by the same name."""

ARRIVED: Final = "arrived"
REFUSED: Final = "refused"
UNKNOWN: Final = "unknown"
"""What is heard, or not, of a notice after WeChat took it."""

UNHEARD: Final = timedelta(hours=6)
"""How long to wait for that before another way is taken."""

FORGOTTEN: Final = timedelta(hours=24)
"""After which it is too late for another way, too."""


@dataclass(frozen=True, slots=True)
class NoticeConsent:
    """A person's consent to one notice, taken for one message.

    ``was_taken`` before for this very message: whoever took it may have sent it.
    """

    id: str
    template_id: str
    was_taken: bool = False


class NoticeConsents(Protocol):
    """Consents to one-time notices, one row each, spent once. ``person`` is an openid."""

    async def granted(self, person: str, template_id: str, key: str, at: datetime) -> None:
        """Keep a consent; ``key`` names how it was given, and counts once."""
        ...

    async def spend(
        self, person: str, template_ids: Sequence[str], outgoing_id: str, now: datetime
    ) -> NoticeConsent | None:
        """Take the oldest consent for a message, in the order of the templates; None without.

        Asked for the same message again it is the same consent, never a second one.
        """
        ...

    async def give_back(self, consent_id: str) -> None:
        """Return one whose notice surely was not sent."""
        ...

    async def void(self, person: str, template_id: str) -> None:
        """WeChat knows of no consent of theirs: believe it."""
        ...

    async def left(self, persons: Sequence[str]) -> Mapping[str, int]:
        """How many each has left; who has none is left out."""
        ...
