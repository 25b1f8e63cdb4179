"""An index finds the article that is meant, in whatever way its question is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering import strangers
from knowledge.articles import Article, load_articles
from knowledge.confidence import ANSWER_FROM, CLARIFY_FROM
from knowledge.further import further_phrasings
from knowledge.search import Index, Match, Route, Situation

ARTICLES = load_articles("zh-CN")
INDEX = Index(ARTICLES.values(), "zh-CN", strangers("zh-CN"), further_phrasings("zh-CN"))
ENGLISH = Index(load_articles("en").values(), "en", strangers("en"), further_phrasings("en"))


def is_right(match: Match, article: str) -> bool:
    return match.article is not None and match.article.id == article


def offered(match: Match) -> set[str]:
    first = () if match.article is None else (match.article,)
    return {article.id for article in (*first, *match.suggestions)}


@pytest.mark.parametrize(
    "question, article",
    [
        ("备按要多久", "duration"),  # the input method's first choice
        ("网警被案怎么办理", "police_filing"),
        ("beian feiyong", "fee"),  # pinyin
        ("營業執照照片有什麼要求", "photo_licence"),  # traditional
        ("ＩＣＰ备案是什么", "what_is_icp"),  # full width
        ("备\u200b案要多久", "duration"),  # zero width
        ("授权书", "authorisation_letter"),  # a keyword alone
    ],
)
def test_a_question_is_found_however_it_is_typed(question: str, article: str) -> None:
    match = INDEX.ask(question)
    assert article in offered(match), match


@pytest.mark.parametrize(
    "question, article",
    [
        ("how long does it take?", "duration"),
        ("What does it cost", "fee"),
        ("can I apply with a pasport", "foreigners"),
        ("the sms did not arrive", "sms_not_received"),
    ],
)
def test_english_questions_are_answered(question: str, article: str) -> None:
    match = ENGLISH.ask(question)
    assert article in offered(match), match


@pytest.mark.parametrize("question", ["how do I cook rice", "what is the weather like", "hello"])
def test_english_questions_about_something_else_are_not_answered(question: str) -> None:
    assert ENGLISH.ask(question).route is not Route.ANSWER


def test_who_asks_decides_between_like_articles() -> None:
    question = "网站名称有什么要求"
    person = INDEX.ask(question, Situation(subject_kind="individual"))
    firm = INDEX.ask(question, Situation(subject_kind="enterprise"))
    assert is_right(firm, "site_name")
    assert is_right(person, "personal_site_name")


def test_the_open_step_makes_its_article_surer() -> None:
    question = "这个电话填谁的"
    anywhere = INDEX.ask(question)
    there = INDEX.ask(question, Situation(step="emergency_phone"))
    assert "emergency_phone" in offered(there)
    assert there.confidence > anywhere.confidence


def made(
    name: str,
    *ask: str,
    provinces: tuple[str, ...] = (),
    filing_kinds: tuple[str, ...] = (),
    related: tuple[str, ...] = (),
) -> Article:
    base = ARTICLES["fee"]
    return Article(
        id=name,
        locale="zh-CN",
        title=ask[0],
        ask=ask[1:],
        body="",
        sources=base.sources,
        related=related,
        reviewed_on=base.reviewed_on,
        provinces=provinces,
        subject_kinds=(),
        stages=(),
        steps=(),
        file="",
        body_line=1,
        filing_kinds=filing_kinds,
    )


def test_a_province_named_in_the_question_outweighs_ones_own() -> None:
    here = made("here", "页脚怎么写", provinces=("江苏",))
    there = made("there", "页脚怎么写", provinces=("广东",))
    index = Index([here, there], "zh-CN")
    living_in_jiangsu = Situation(province="江苏")
    assert is_right(index.ask("页脚怎么写", living_in_jiangsu), "here")
    assert is_right(index.ask("广东页脚怎么写", living_in_jiangsu), "there")


def test_the_kind_of_filing_under_way_decides_too() -> None:
    first = made("first", "材料要交什么", filing_kinds=("first",))
    cancel = made("cancel", "材料要交什么", filing_kinds=("cancel",))
    index = Index([first, cancel], "zh-CN")
    assert is_right(index.ask("材料要交什么", Situation(filing_kind="cancel")), "cancel")


def test_two_articles_equally_near_are_both_offered() -> None:
    index = Index([made("one", "页脚怎么写"), made("two", "页脚怎么写")], "zh-CN")
    match = index.ask("页脚怎么写")
    assert match.route is Route.CLARIFY
    assert offered(match) == {"one", "two"}


def test_of_two_equally_near_articles_that_lead_on_to_each_other_one_is_told() -> None:
    one, two = made("one", "页脚怎么写", related=("two",)), made("two", "页脚怎么写")
    assert Index([one, two], "zh-CN").ask("页脚怎么写").route is Route.ANSWER


def test_a_question_nearer_to_what_is_not_ours_is_left_alone() -> None:
    index = Index([made("ours", "网站备案怎么办理")], "zh-CN", {"fire": ["消防备案怎么办理"]})
    assert index.ask("消防备案在哪里办理").route is not Route.ANSWER


@given(st.text(max_size=400))
def test_any_text_gets_a_route_that_fits_its_confidence(text: str) -> None:
    match = INDEX.ask(text)
    assert 0.0 <= match.confidence <= 1.0
    if match.route is Route.ANSWER:
        assert match.article is not None
        assert match.confidence >= ANSWER_FROM
    if match.route is Route.CLARIFY:
        assert match.confidence >= CLARIFY_FROM
        assert match.suggestions
