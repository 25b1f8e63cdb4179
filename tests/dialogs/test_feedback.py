"""Whether an answer helped: by button, in words, and what is kept of questions unanswered."""

from collections.abc import Mapping
from datetime import date, datetime

import pytest

from dialogs.answers.base import Context
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.message import Button, ReplyKind
from dialogs.ports import Question
from dialogs.turn import take_late_answer
from dialogs.turn.draft import Draft
from dialogs.turn.telling import offer
from dialogs.understanding.masking import masked
from dialogs.world import SHANGHAI, World
from knowledge.answering import Suggestion
from tests.dialogs.talk import Talk, fill

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
TEA = "南京样例茶业有限公司"


@pytest.fixture
def talk(world: World) -> Talk:
    """Somebody who is being asked for the domain."""
    return fill(Talk(world, NOW), until="domain")


def kept(talk: Talk) -> tuple[Question, ...]:
    """The questions kept by the last turn."""
    return talk.results[-1].questions


def quiet(talk: Talk) -> list[Button]:
    return [one for reply in talk.replies for one in reply.buttons if one.quiet]


def test_an_answer_asks_quietly_whether_it_helped(talk: Talk) -> None:
    talk.say("备案要多久？")
    answer, question = talk.replies
    assert [one.value for one in quiet(talk)] == [
        "helped:duration",
        "unhelped:duration",
        "cmd:handover",
    ]
    assert not [one for one in question.buttons if one.quiet]
    assert (answer.kind, question.step) == (ReplyKind.ANSWER, "domain")
    assert kept(talk) == ()


@pytest.mark.parametrize(
    "said", ["没用", "没解决我的问题！", "答非所问", "这不是我想问的", "没什么用啊"]
)
def test_words_say_that_an_answer_did_not_help(talk: Talk, said: str) -> None:
    talk.say("备案要多久？")
    answer = talk.say(said)
    assert "抱歉" in answer
    assert talk.asking == "domain"
    [question] = kept(talk)
    assert (question.text, question.article, question.helped) == ("备案要多久？", "duration", False)
    assert (question.route, question.province, question.step) == ("answer", "江苏", "domain")


@pytest.mark.parametrize("said", ["明白了", "有用，谢谢", "解决了"])
def test_words_say_that_it_did(talk: Talk, said: str) -> None:
    talk.say("备案要多久？")
    assert "帮到您" in talk.say(said)
    assert [one.helped for one in kept(talk)] == [True]
    assert talk.asking == "domain"


def test_the_same_words_mean_something_else_where_nothing_was_answered(talk: Talk) -> None:
    talk.say("没用")
    assert kept(talk) == ()
    talk.say("备案要多久？")
    talk.say("example-tea.cn")
    talk.say("明白了")
    assert kept(talk) == ()


@pytest.mark.parametrize("said", ["不是", "不是的", "好的", "不行", "没有", "不知道", "解决了吗？"])
def test_words_that_answer_or_ask_are_no_judgement(talk: Talk, said: str) -> None:
    talk.say("备案要多久？")
    talk.say(said)
    assert not [one for one in kept(talk) if one.helped is not None]


def test_an_english_answer_is_judged_in_english(talk: Talk) -> None:
    talk.press("locale:en")
    talk.say("how long does it take?")
    assert "missed the point" in talk.say("that didn't help")
    assert [one.locale for one in kept(talk)] == ["en"]


def test_buttons_say_so_once(talk: Talk) -> None:
    talk.say("备案要多久？")
    talk.press("unhelped:duration")
    assert [one.helped for one in kept(talk)] == [False]
    offered = [value for value in talk.buttons.values() if value.startswith("article:")]
    assert offered
    talk.press("unhelped:duration")
    assert kept(talk) == ()


def test_a_button_of_long_ago_is_kept_under_the_articles_title(talk: Talk) -> None:
    talk.press("helped:fee")
    assert [(one.text, one.helped) for one in kept(talk)] == [("备案收费吗", True)]
    talk.press("unhelped:no_such_article")
    assert kept(talk) == ()


def test_a_question_nobody_answered_is_kept(talk: Talk) -> None:
    answer = talk.say("今天黄金多少钱一克？")
    assert "没有把握" in answer
    [question] = kept(talk)
    assert (question.route, question.article, question.helped) == ("fallback", None, None)
    assert (question.subject_kind, question.stage) == ("enterprise", "draft")


def test_of_whoever_declines_nothing_is_kept(world: World) -> None:
    talk = Talk(world, NOW)
    talk.say("你好")
    talk.press("answer:consent_processing:decline")
    assert "没有把握" in talk.say("今天黄金多少钱一克？")
    assert kept(talk) == ()


@pytest.fixture
def offered(talk: Talk) -> Talk:
    """The same person, asked which of two articles they mean."""
    draft = Draft(talk.case, talk.world, talk.now, lambda: "f")
    offer(draft, "问问13800138000的事", (Suggestion("fee", "备案收费吗"),))
    assert [one.value for one in draft.replies[-1].buttons] == ["article:fee", "none_of_these"]
    talk.case = draft.result().case
    return talk


def test_a_choice_made_answers_the_question(offered: Talk) -> None:
    offered.press("article:fee")
    assert kept(offered) == ()
    offered.press("unhelped:fee")
    assert [(one.text, one.helped) for one in kept(offered)] == [("问问***的事", False)]


def test_none_of_these_is_a_question_unanswered(offered: Talk) -> None:
    assert "没有把握" in offered.press("none_of_these")
    assert [(one.text, one.route) for one in kept(offered)] == [("问问***的事", "clarify")]
    offered.press("none_of_these")
    assert kept(offered) == ()


def test_what_was_offered_and_looked_past_is_kept_too(offered: Talk) -> None:
    offered.say("example-tea.cn")
    assert [(one.text, one.helped) for one in kept(offered)] == [("问问***的事", None)]
    offered.press("none_of_these")
    assert kept(offered) == ()


def test_help_leads_to_the_articles_on_the_open_question(talk: Talk) -> None:
    talk.say("为什么问这个")
    assert "article:domain_field" in talk.buttons.values()
    answer = talk.press("article:domain_field")
    assert "helped:domain_field" in talk.buttons.values()
    assert talk.asking == "domain"
    assert answer.count("例如") >= 1


def test_an_article_that_came_later_is_told_as_the_answer(talk: Talk) -> None:
    question = Question("备案要钱吗", "fallback", "zh-CN")
    result = take_late_answer(talk.case, question, "fee", talk.now, talk.world)
    assert result is not None
    [reply] = result.replies
    assert "“备案要钱吗”" in reply.text
    assert "不收费" in reply.text
    assert reply.citations
    assert take_late_answer(talk.case, question, "nothing", talk.now, talk.world) is None
    talk.case = result.case
    assert "抱歉" in talk.say("没用")


@pytest.mark.parametrize(
    "said, shown",
    [
        ("我叫王样例，手机号13800138000收不到12381的短信", "我叫***，手机号***收不到12381的短信"),
        ("320102198001010024 这个号码不对吗", "*** 这个号码不对吗"),
        ("一三八零零一三八零零零打不通", "***打不通"),
        ("邮箱a@example.cn可以吗？24小时内吗", "邮箱***可以吗？24小时内吗"),
        (f"{TEA}能备案example-tea.cn吗", "***能备案***吗"),
        ("张样例不是法人行吗", "***不是法人行吗"),
        ("服务器121.40.1.10要备案吗", "服务器***要备案吗"),
        ("My name is Ann Sample, passport X12345678?", "My name is ***, passport ***?"),
        ("备案要20个工作日吗", "备案要20个工作日吗"),
    ],
)
def test_what_tells_who_asked_is_masked(said: str, shown: str) -> None:
    values: Mapping[str, str] = {"principal_name": "张样例", "subject_name": TEA}
    context = Context(date(2026, 11, 24), values)
    assert masked(said, FIRST_FILING, context) == shown


def test_masking_bears_any_text() -> None:
    context = Context(date(2026, 11, 24), {"principal_name": ""})
    for text in ("", "🙂", "a" * 10_000, "\u200b" * 40, "1" * 9_000):
        assert len(masked(text, FIRST_FILING, context)) <= 300
