"""Lengths of time as staff read them: ``3 小时 12 分``; the same rule stands in static/spans.js."""

from collections.abc import Callable
from datetime import timedelta

Say = Callable[..., str]


def span_words(span: timedelta, say: Say) -> str:
    """A length in its two largest units, past or future alike; less than a minute is one."""
    minutes = max(int(abs(span).total_seconds() // 60), 1)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return say("spans.days_hours" if hours else "spans.days", days=days, hours=hours)
    if hours:
        key = "spans.hours_minutes" if minutes else "spans.hours"
        return say(key, hours=hours, minutes=minutes)
    return say("spans.minutes", minutes=minutes)
