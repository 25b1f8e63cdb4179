"""A conversation in the queue as pages show it: put into words once for all who look.

Plain data, no markup: the template and the script build the same row from it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.config import BASE
from desk.docket import EDITABLE, Docket, Running
from desk.listing import Listed
from desk.live import Row
from desk.queue import Band, Place
from desk.spans import span_words
from desk.wording import Texts
from dialogs.world import SHANGHAI, World

_TONES: Mapping[Band, str] = {
    Band.SMS: "warm",
    Band.RISK: "warm",
    Band.PERSON: "accent",
    Band.OVERDUE: "bad",
}
_CHANNELS = frozenset({"web", "telegram", "wechat", "wecom", "terminal"})
TASKS = frozenset(
    {
        "by_hand",
        "corrected",
        "disputed",
        "no_calendar",
        "overdue",
        "return_unread",
        "to_confirm",
        "unanswered",
        "unreachable",
    }
)


@dataclass(frozen=True, slots=True)
class Rows:
    """Puts conversations into words of the desk and of the dialogue."""

    texts: Texts
    world: World

    def __call__(self, listed: Listed, locale: str, now: datetime) -> Row:
        """One row. Times stand in it as moments too, so that a page can count them down."""
        docket, at = listed.docket, listed.place
        say = self._speaker(locale)
        return {
            "id": docket.conversation,
            "href": f"{BASE}/conversations/{docket.conversation}",
            "name": docket.name or say("queue.unnamed"),
            "named": bool(docket.name),
            "domain": docket.domain or "",
            "tone": "bad" if at.urgent else _TONES.get(at.band, "plain"),
            "urgent": say("queue.urgent") if at.urgent else "",
            "marks": list(self._marks(docket, at, locale, now)),
            "facts": list(self._facts(docket, locale)),
            "holder": docket.holder and {"agent": docket.holder.agent, "name": docket.holder.name},
            "heard": docket.heard_at and docket.heard_at.isoformat(timespec="seconds"),
            "heard_text": docket.heard_at
            and say("queue.heard", span=span_words(now - docket.heard_at, say)),
        }

    def title(self, kind: str, locale: str) -> str:
        """What a kind of deadline is called."""
        known = self.world.deadlines.kinds.get(kind)
        return known.title[locale] if known is not None else kind

    def _marks(
        self, docket: Docket, at: Place, locale: str, now: datetime
    ) -> Iterator[dict[str, Any]]:
        """Why it stands where it stands, most pressing first."""
        say = self._speaker(locale)
        if docket.erasing is not None:
            until, key = docket.erasing, "queue.erasing" if docket.erasing > now else "queue.erased"
            yield _mark("warning", "bad", key, until, now, say, due=_clock(until, now))
        if at.deadline is not None and at.band in (Band.SMS, Band.RISK):
            yield self._deadline(at.deadline, at, locale, now)
        if at.answer_due is not None:
            missed = at.answer_due <= now
            kind = "waiting" if docket.waiting_since is not None else "owed"
            yield _mark(
                "warning" if missed else "clock",
                "bad" if missed else "accent",
                f"queue.{kind}_late" if missed else f"queue.{kind}",
                docket.waiting_since or docket.unanswered_since,
                now,
                say,
                due=_clock(at.answer_due, now),
            )
        if at.deadline is not None and at.band not in (Band.SMS, Band.RISK):
            yield self._deadline(at.deadline, at, locale, now)
        for task in docket.tasks:
            name = task if task in TASKS else "other"
            yield _mark("tasks", "plain", f"queue.tasks.{name}", None, now, say)
        if at.stuck:
            yield _mark("warning", "plain", "queue.is_stuck", None, now, say)

    def _deadline(self, deadline: Running, at: Place, locale: str, now: datetime) -> dict[str, Any]:
        missed = deadline.due_at <= now
        is_near = at.band in (Band.SMS, Band.RISK)
        tone = "bad" if missed or (is_near and at.urgent) else "warm" if is_near else "plain"
        return _mark(
            "warning" if missed else "clock",
            tone,
            "queue.missed" if missed else "queue.left",
            deadline.due_at,
            now,
            self._speaker(locale),
            title=self.title(deadline.kind, locale),
        )

    def _facts(self, docket: Docket, locale: str) -> Iterator[str]:
        say, wording = self._speaker(locale), self.world.wording
        if docket.province is not None:
            yield wording.label("province", docket.province, locale)
        if docket.stage in EDITABLE and docket.asking is not None:
            step = wording.say(f"step.{docket.asking}.label", locale)
            total = docket.answered + docket.remaining
            yield say("queue.asking", step=step, answered=docket.answered, total=total)
        elif docket.stage is not None:
            yield wording.say(f"stage.name.{docket.stage}", locale)
        else:
            yield say("queue.no_filing")
        yield self.channel(docket.channel, locale)

    def channel(self, name: str, locale: str) -> str:
        """What a channel is called."""
        known = name in _CHANNELS
        return self.texts.say(f"queue.channels.{name}", locale) if known else name

    def script(self, locale: str) -> dict[str, str]:
        """The texts with which a page's script words rows and times itself."""
        ours = {name: self.texts.by_locale[locale][f"queue.{name}"] for name in ("held", "heard")}
        return ours | self.texts.part("queue.live", locale) | self.texts.part("spans", locale)

    def _speaker(self, locale: str) -> Callable[..., str]:
        def say(key: str, /, **params: object) -> str:
            return self.texts.say(key, locale, **params)

        return say


def _mark(
    icon: str,
    tone: str,
    key: str,
    at: datetime | None,
    now: datetime,
    say: Callable[..., str],
    **params: str,
) -> dict[str, Any]:
    """A mark; in one with a time, ``words`` are what a script puts the time into again."""
    span = "" if at is None else span_words(at - now, say)
    return {
        "icon": icon,
        "tone": tone,
        "text": say(key, span=span, **params),
        "at": at and at.isoformat(timespec="seconds"),
        "words": at and say(key, span="{span}", **params),
    }


def _clock(at: datetime, now: datetime) -> str:
    """A moment in China, with its day where that is another one than today."""
    there, here = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    return f"{there:%H:%M}" if there.date() == here.date() else f"{there:%m-%d %H:%M}"
