"""Whose answer a callback waits for."""

from datetime import UTC, datetime

import pytest

from bot.wechat.answering import Waiting
from dialogs.message import Identity, Reply, ReplyKind
from dialogs.ports import Due, Outgoing

SOMEBODY, OTHER = Identity("wechat", "oTest-1"), Identity("wechat", "oTest-2")
SAID = (
    Due(
        Outgoing("id", SOMEBODY, Reply(ReplyKind.ANSWER, "您好")),
        1,
        1,
        datetime(2026, 11, 20, tzinfo=UTC),
    ),
)


@pytest.mark.parametrize("whose, is_over", [(OTHER, False), (SOMEBODY, True)])
def test_only_the_first_thing_said_to_its_person_in_time_is_the_answer(
    whose: Identity, is_over: bool
) -> None:
    waiting = Waiting(SOMEBODY, is_over=is_over)
    assert not waiting.take(whose, SAID) and not waiting.dues


def test_the_answer_is_taken_once() -> None:
    waiting = Waiting(SOMEBODY)
    assert waiting.take(SOMEBODY, SAID)
    assert not waiting.take(SOMEBODY, SAID)
    assert waiting.dues == SAID


def test_an_answer_behind_earlier_messages_is_not_waited_for() -> None:
    waiting = Waiting(SOMEBODY)
    assert not waiting.take(SOMEBODY, ())
    assert waiting.is_over
