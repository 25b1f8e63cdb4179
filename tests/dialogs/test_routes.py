"""How each question was dealt with is noted for counting, and nothing else of it."""

from datetime import datetime

import pytest

from dialogs.world import SHANGHAI, World
from tests.dialogs.talk import Talk, fill

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def talk(world: World) -> Talk:
    """Somebody who is being asked for the domain."""
    return fill(Talk(world, NOW), until="domain")


def routes(talk: Talk, text: str) -> tuple[str, ...]:
    talk.say(text)
    return talk.results[-1].routes


@pytest.mark.parametrize(
    "said, route",
    [
        ("备案要多久？", "answer"),
        ("为什么要问域名？", "answer"),  # told by the form
        ("火星上的土豆能不能备案种植许可呢？", "fallback"),
        ("转人工", "handover"),
    ],
)
def test_a_question_is_counted_by_what_became_of_it(talk: Talk, said: str, route: str) -> None:
    assert routes(talk, said) == (route,)


def test_an_answer_to_the_form_is_no_question(talk: Talk) -> None:
    assert routes(talk, "example-tea.cn") == ()


def test_waiting_for_a_person_counts_once(talk: Talk) -> None:
    assert routes(talk, "转人工") == ("handover",)
    assert routes(talk, "转人工") == ()


def test_nothing_is_counted_of_somebody_who_declined(world: World) -> None:
    talk = Talk(world, NOW)
    talk.say("你好")
    talk.say("不同意")
    assert talk.standing.journey.values["consent_processing"] != "agree"
    assert routes(talk, "备案要多久？") == ()
