"""When a reported event happened, from what was said and what is known of the filing."""

from datetime import datetime

from dialogs.message import ReplyKind
from dialogs.turn.dates import day_words, moment_words
from dialogs.turn.draft import Draft
from dialogs.turn.stages import ways_on
from dialogs.understanding.reports import Reported
from dialogs.understanding.when_said import SaidWhen
from dialogs.world import day_of
from filing.event import EventType, Stage

_E, _S = EventType, Stage


def moment_of(draft: Draft, told: Reported) -> datetime | None:
    """When it happened: the earliest the words allow, which is the safe side for a deadline.

    None if it cannot be, after saying why.
    """
    when = told.when
    if when is None:
        return draft.now
    if when.earliest > draft.now:
        if told.type is _E.WEBSITE_OPENED:
            return when.earliest
        _wrong_time(draft, "stage.report_future", when)
        return None
    if draft.stage.stage is _S.APPROVED:  # what follows approval may have come before its news
        return min(when.earliest, draft.now)
    begun, since = _begun(draft), draft.stage.since or _begun(draft)
    if when.latest < begun:
        _wrong_time(draft, "stage.report_too_early", when, begun)
        return None
    # What led to this stage may have been told late: a time before it is believed all the same.
    bound = since if when.latest >= since else begun
    return min(max(when.earliest, bound), draft.now)


def _begun(draft: Draft) -> datetime:
    """When this attempt began."""
    accepted, filing = draft.stage.accepted, draft.case.filing
    assert filing is not None
    return accepted[0].at if accepted else filing.created_at


def _wrong_time(draft: Draft, key: str, when: SaidWhen, since: datetime | None = None) -> None:
    draft.ask_after = draft.is_open
    draft.say(
        ReplyKind.ANSWER,
        key,
        day=day_words(draft, day_of(when.earliest)),
        stage=draft.text(f"stage.name.{draft.stage.stage.value}"),
        since=moment_words(draft, since) if since else "",
        buttons=ways_on(draft),
    )
