"""What the desk sees of a conversation in a list."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.settings import Settings
from bot.world import load_world
from desk.docket import Docket, Line, Talked, docket_of
from desk.following import DeadlineMemory
from dialogs.world import World
from filing.event import Event, EventType
from tests.dialogs.talk import Talk, fill

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped content, read once."""
    return load_world(Settings(_env_file=None))


@pytest.fixture
def talk(world: World) -> Talk:
    """Somebody who begins to write."""
    return Talk(world, NOW)


def listed(talk: Talk, *tasks: str) -> Docket:
    """Their conversation as the desk lists it."""
    return docket_of(talk.case, Talked(), tasks, talk.now, talk.world)


def test_a_conversation_without_a_filing_has_nothing_but_itself(talk: Talk) -> None:
    docket = listed(talk)
    assert (docket.filing, docket.stage, docket.name) == (None, None, "")


def test_a_form_half_filled_shows_whose_it_is_and_how_far_it_got(talk: Talk) -> None:
    fill(talk, until="email")
    docket = listed(talk)
    assert docket.name == "南京样例茶业有限公司"
    assert (docket.domain, docket.province) == ("example-tea.cn", "江苏")
    assert (docket.stage, docket.asking) == ("draft", "email")
    assert docket.answered > 10
    assert docket.remaining > 0
    assert docket.moved_at is not None
    assert docket.moved_at <= talk.now


def test_the_name_of_a_person_is_masked_and_no_number_stands_in_it(talk: Talk) -> None:
    fill(
        talk,
        until="email",
        subject_kind="individual",
        cert_type="id_card",
        cert_number="320102198001010024",
        subject_name="张样例",
    )
    docket = listed(talk)
    assert docket.name == "张**"
    for secret in ("13800138000", "320102198001010024", "张样例"):
        assert secret not in repr(docket)


def test_the_sms_window_runs_until_it_is_answered(talk: Talk) -> None:
    fill(talk)
    for kind in (
        EventType.SUBMITTED_FOR_FIRST_REVIEW,
        EventType.SUBMITTED_TO_BUREAU,
        EventType.SMS_RECEIVED,
    ):
        talk.happen(Event(kind, talk.now))
    docket = listed(talk)
    assert docket.stage == "sms_verification"
    assert docket.deadlines[0].kind == "sms_verification"
    assert 23 * HOUR < docket.deadlines[0].due_at - talk.now < 24 * HOUR
    talk.happen(
        Event(EventType.BUREAU_APPROVED, talk.now, {"filing_number": "苏ICP备2026000001号-1"})
    )
    docket = listed(talk)
    assert "sms_verification" not in {one.kind for one in docket.deadlines}
    assert docket.numbers == ("苏ICP备2026000001号-1",)


def test_what_only_says_when_to_ask_is_no_deadline_here(talk: Talk) -> None:
    fill(talk)
    talk.happen(Event(EventType.SUBMITTED_FOR_FIRST_REVIEW, talk.now))
    assert "first_review" not in {one.kind for one in listed(talk).deadlines}


def test_tasks_are_told_by_kind(talk: Talk) -> None:
    assert listed(talk, "unreachable", "overdue", "overdue").tasks == ("overdue", "unreachable")


def test_who_wrote_last_is_known_line_by_line() -> None:
    lines = [
        Line(1, NOW, "applicant", "你好"),
        Line(2, NOW + HOUR, "applicant", "在吗"),
        Line(3, NOW + 2 * HOUR, "assistant"),
        Line(4, NOW + 3 * HOUR, "applicant", "好"),
    ]
    assert Talked().after(lines[:2]).unanswered_since == NOW
    assert Talked().after(lines[:3]).unanswered_since is None
    end = Talked().after(lines)
    assert end == Talked(4, NOW + 3 * HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR)
    assert end.after(lines) == end
    assert Talked().after(lines[:2]).after(lines) == end


def test_remembered_deadlines_are_those_worked_out_anew(talk: Talk) -> None:
    fill(talk)
    memory = DeadlineMemory(limit=2)

    def agree() -> None:
        for _ in range(2):
            with_memory = docket_of(talk.case, Talked(), (), talk.now, talk.world, memory)
            assert with_memory == listed(talk)

    agree()
    for kind in (
        EventType.SUBMITTED_FOR_FIRST_REVIEW,
        EventType.SUBMITTED_TO_BUREAU,
        EventType.SMS_RECEIVED,
        EventType.BUREAU_APPROVED,
    ):
        talk.happen(Event(kind, talk.now))
        agree()
    talk.wait(timedelta(days=1))
    agree()
