"""Whoever waits for a person does so from the first time they asked."""

from datetime import timedelta

from filing.event import Event, EventType
from tests.dialogs.talk import Talk, fill

HOUR = timedelta(hours=1)


def test_asking_again_does_not_begin_the_wait_anew(talk: Talk) -> None:
    fill(talk, until="subject_name")
    assert talk.case.attention.waiting_since is None
    asked_at = talk.now
    talk.press("cmd:handover")
    assert talk.case.attention.waiting_since == asked_at
    talk.wait(HOUR)
    talk.say("转人工")
    assert talk.case.attention.waiting_since == asked_at


def test_going_on_with_the_assistant_does_not_end_the_wait(talk: Talk) -> None:
    fill(talk, until="subject_name")
    asked_at = talk.now
    talk.press("cmd:handover")
    talk.say("南京样例茶业有限公司")
    assert talk.case.attention.waiting_since == asked_at


def test_a_return_nobody_here_understands_begins_a_wait(talk: Talk) -> None:
    fill(talk)
    talk.happen(Event(EventType.SUBMITTED_FOR_FIRST_REVIEW, talk.now))
    returned_at = talk.now
    talk.happen(Event(EventType.RETURNED, talk.now, {"reason": "请与样例科联系后再议"}))
    assert talk.case.attention.waiting_since == returned_at
