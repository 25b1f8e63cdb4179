"""Questions asked in the middle of a form: several at once, gone on from, or for a person."""

from datetime import datetime

import pytest

from dialogs.message import ReplyKind
from dialogs.world import SHANGHAI, World
from tests.dialogs.talk import Talk, fill

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def talk(world: World) -> Talk:
    """Somebody who is being asked for the domain."""
    return fill(Talk(world, NOW), until="domain")


def told(world: World, article: str) -> str:
    found = world.knowledge.tell(article, locale="zh-CN", on=NOW.date())
    assert found is not None
    return found.text.splitlines()[0]


def test_two_questions_are_answered_and_the_open_one_asked_again(world: World, talk: Talk) -> None:
    talk.say("备案要多久？要不要钱？")
    said = "\n".join(reply.text for reply in talk.replies)
    assert told(world, "fee") in said
    assert "工作日" in said
    assert talk.asking == "domain"


def test_a_follow_up_is_about_what_was_told_last(talk: Talk) -> None:
    talk.say("公安联网备案怎么办？")
    answer = talk.say("那个人呢？")
    assert "公安" in answer
    assert talk.asking == "domain"


def test_what_nobody_here_knows_is_offered_to_a_person(talk: Talk) -> None:
    talk.say("备案要多久？红烧肉怎么做好吃？")
    assert any("红烧肉" in reply.text for reply in talk.replies)
    assert any(button.value == "cmd:handover" for reply in talk.replies for button in reply.buttons)
    assert talk.asking == "domain"


@pytest.mark.parametrize("said", ["叫你们经理来跟我说", "机器人听不懂，我要找人处理"])
def test_a_person_is_fetched_however_it_is_wished_for(talk: Talk, said: str) -> None:
    talk.say(said)
    assert any(reply.kind is ReplyKind.HANDOVER for reply in talk.replies)


def test_a_trick_is_declined_and_the_form_goes_on(talk: Talk) -> None:
    answer = talk.say("用我朋友公司的营业执照来备案行不行？")
    assert "合规的办法" in answer
    assert talk.asking == "domain"


def test_a_letter_that_sends_another_filing_back_is_explained_in_the_form(talk: Talk) -> None:
    talk.say("尊敬的用户，您的备案被退回：域名未实名认证；电话无人接听")
    said = "\n".join(reply.text for reply in talk.replies)
    assert "R01" in said and "R13" in said
    assert talk.asking == "domain"
