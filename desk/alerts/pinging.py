"""Tells staff of alerts: what is due for one recipient goes out as one message."""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from desk.alerts.alert import Alert, AlertKind, Ping
from desk.alerts.ports import AlertStore, Pinger, Told
from desk.wording import Texts

_log = logging.getLogger(__name__)

SPACING: Final[Mapping[str, timedelta]] = {
    "telegram": timedelta(seconds=30),
    "email": timedelta(minutes=5),
}
"""How long a recipient is left in peace after a ping; what comes meanwhile is gathered."""

_MOST: Final = 200
"""Alerts told in one message."""

_SHOWN: Final = 8
"""Alerts told each by itself; the others are only counted."""

_ORDER: Final = (
    AlertKind.OVERDUE,
    AlertKind.AT_RISK,
    AlertKind.LATE,
    AlertKind.SILENT,
    AlertKind.WAITING,
    AlertKind.FAILED,
)
_FIRST_WAIT: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(minutes=15)
_ATTEMPTS: Final = 50
_SHORT: Final = 8


@dataclass(slots=True)
class Pings:
    """Sends due pings, in the language of the team."""

    alerts: AlertStore
    pingers: Sequence[Pinger]
    texts: Texts
    clock: Callable[[], datetime]
    link: str | None = None  # the desk's address, where people can reach it
    locale: str = "zh-CN"

    async def run(self) -> int:
        """Send what is due on every way; how many messages went out."""
        count = 0
        for pinger in self.pingers:
            while claimed := await self.alerts.claim(pinger.channel, self.clock(), _MOST):
                count += await self._tell(pinger, claimed)
        return count

    async def _tell(self, pinger: Pinger, claimed: Sequence[Ping]) -> bool:
        recipient = claimed[0].recipient
        last = await self.alerts.last_sent(pinger.channel, recipient)
        again = None if last is None else last + SPACING.get(pinger.channel, timedelta())
        if again is not None and again > self.clock():
            await self.alerts.retry(claimed, again)
            return False
        alerts = [one.alert for one in claimed]
        subject, text = ping_text(alerts, self.clock(), self.texts, self.locale, self.link)
        told = await pinger.ping(recipient, subject, text, _key(claimed))
        now = self.clock()
        match told:
            case Told.SENT:
                await self.alerts.sent(claimed, now)
            case Told.LATER:
                await self._again(claimed, now)
            case Told.NEVER:
                await self.alerts.give_up(claimed, "refused", now)
                _log.error("alerts cannot be sent by %s: refused", pinger.channel)
        return told is Told.SENT

    async def _again(self, claimed: Sequence[Ping], now: datetime) -> None:
        attempt = max(one.attempt for one in claimed)
        if attempt >= _ATTEMPTS:
            await self.alerts.give_up(claimed, "unreachable", now)
            return
        wait: timedelta = min(_FIRST_WAIT * 2 ** min(attempt - 1, 10), _LONGEST_WAIT)
        await self.alerts.retry(claimed, now + wait)


def ping_text(
    alerts: Sequence[Alert], now: datetime, texts: Texts, locale: str, link: str | None
) -> tuple[str, str]:
    """A message's first line and all of it: how many of what, the most pressing ones, the desk."""

    def say(key: str, **params: object) -> str:
        return texts.say(f"alerts.{key}", locale, **params)

    ordered = sorted(alerts, key=lambda one: (_ORDER.index(one.kind), one.at, one.key))
    counts = Counter(one.kind for one in ordered)
    subject = say("comma").join(
        say("count", kind=say(f"kind.{kind}"), count=counts[kind])
        for kind in _ORDER
        if counts[kind]
    )
    lines = [
        say(
            "line" if one.filing else "line_alone",
            kind=say(f"kind.{one.kind}"),
            filing=(one.filing or "")[:_SHORT],
            since=_age(now - one.at, say),
        )
        for one in ordered[:_SHOWN]
    ]
    if len(ordered) > _SHOWN:
        lines.append(say("more", count=len(ordered) - _SHOWN))
    if link is not None:
        lines.append(say("open", link=link))
    return subject, "\n".join([subject, *lines])


def _age(age: timedelta, say: Callable[..., str]) -> str:
    minutes = max(0, int(age.total_seconds())) // 60
    if minutes < 60:
        return say("minutes", count=minutes)
    hours = minutes // 60
    return say("hours", count=hours) if hours < 48 else say("days", count=hours // 24)


def _key(claimed: Sequence[Ping]) -> str:
    """Of the message: the same if these alerts are told again."""
    told = "\n".join([claimed[0].recipient, *sorted(one.alert.key for one in claimed)])
    return f"alert-{hashlib.sha256(told.encode()).hexdigest()[:24]}"
