"""What alerting needs from the outside, as small protocols beside their user."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Protocol

from desk.alerts.alert import Alert, AlertKind, Choice, Ping

LEASE: Final = timedelta(seconds=120)
"""How long a ping belongs to whoever claimed it: more than sending it takes."""


class AlertStore(Protocol):
    """Alerts, and a row for each way one is told. They go with the conversation they are about."""

    async def keep(
        self, alerts: Mapping[Alert, Sequence[tuple[str, str]]], now: datetime, due_at: datetime
    ) -> Sequence[Alert]:
        """Keep alerts with whom to ping (channel and recipient) from ``due_at`` on.

        Returns those that are new; one whose key is known is left as it is.
        """
        ...

    async def end(self, kinds: Collection[AlertKind], still: Collection[str], now: datetime) -> int:
        """End open alerts of these kinds but those of the keys ``still``; drop their unsent pings.

        Returns how many ended.
        """
        ...

    async def end_one(self, key: str, now: datetime) -> None:
        """End one alert; drop its unsent pings."""
        ...

    async def latest(self, since: datetime, limit: int = 100) -> Sequence[Alert]:
        """Open alerts, and those that began since then; the newest first."""
        ...

    async def claim(self, channel: str, now: datetime, limit: int) -> Sequence[Ping]:
        """Lease due pings of the channel, all to one recipient, the longest due first."""
        ...

    async def sent(self, pings: Sequence[Ping], now: datetime) -> None:
        """Note that they were told. A ping counts only under its latest fence, as below."""
        ...

    async def retry(self, pings: Sequence[Ping], at: datetime) -> None:
        """Tell them again at ``at``."""
        ...

    async def give_up(self, pings: Sequence[Ping], reason: str, now: datetime) -> None:
        """They cannot be told on this way."""
        ...

    async def last_sent(self, channel: str, recipient: str) -> datetime | None:
        """When this recipient was pinged last."""
        ...

    async def choices(self) -> Sequence[Choice]:
        """What members of staff want by e-mail; disabled accounts left out."""
        ...

    async def choose(self, choice: Choice) -> None:
        """Keep what somebody wants; without kinds, nothing is kept of them."""
        ...


class Told(Enum):
    """What became of a ping."""

    SENT = "sent"
    LATER = "later"  # not now: the way is down or too busy
    NEVER = "never"  # refused for good


class Pinger(Protocol):
    """A way to ping staff."""

    @property
    def channel(self) -> str:
        """What its rows are called: ``telegram`` or ``email``."""
        ...

    async def ping(self, recipient: str, subject: str, text: str, key: str) -> Told:
        """Tell one recipient. ``key`` is the same when a ping may be a repeat. Raises nothing."""
        ...
