"""Questions as people put them find their article, and others find none."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering import neighbours
from knowledge.articles import Article, load_articles
from knowledge.search import ANSWER_FROM, CLARIFY_FROM, Index, Match, Route, Situation

ARTICLES = load_articles("zh-CN")
INDEX = Index(ARTICLES.values(), "zh-CN", neighbours("zh-CN"))
ENGLISH = Index(load_articles("en").values(), "en", neighbours("en"))
QUESTIONS = tomllib.loads((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))


def is_right(match: Match, article: str) -> bool:
    return match.article is not None and match.article.id == article


def offered(match: Match) -> set[str]:
    first = () if match.article is None else (match.article,)
    return {article.id for article in (*first, *match.suggestions)}


@pytest.mark.parametrize(
    "part, answered, wrong, found",
    [("tuned", 0.85, 0.03, 0.95), ("holdout", 0.33, 0.06, 0.6)],
)
def test_most_questions_are_answered_and_few_wrongly(
    part: str, answered: float, wrong: float, found: float
) -> None:
    asked = [(question, article) for article, some in QUESTIONS[part].items() for question in some]
    matches = [(INDEX.ask(question), article) for question, article in asked]
    sure = [(match, article) for match, article in matches if match.route is Route.ANSWER]
    right = sum(is_right(match, article) for match, article in sure) / len(asked)
    false = sum(not is_right(match, article) for match, article in sure) / len(asked)
    near = sum(article in offered(match) for match, article in matches) / len(asked)
    print(f"{part}: {right:.2f} answered, {false:.2f} wrongly, {near:.2f} among those offered")
    assert right >= answered
    assert false <= wrong
    assert near >= found


@pytest.mark.parametrize("part, at_most", [("tuned", 0.05), ("holdout", 0.2)])
def test_questions_about_something_else_are_not_answered(part: str, at_most: float) -> None:
    answered = [
        question
        for question in QUESTIONS["none"][part]
        if INDEX.ask(question).route is Route.ANSWER
    ]
    assert len(answered) <= len(QUESTIONS["none"][part]) * at_most, answered


@pytest.mark.parametrize("index", [INDEX, ENGLISH], ids=["zh-CN", "en"])
def test_every_phrasing_finds_its_own_article(index: Index) -> None:
    lost = [
        (phrasing, article.id)
        for article in load_articles("zh-CN" if index is INDEX else "en").values()
        for phrasing in article.phrasings
        if article.id not in offered(index.ask(phrasing))
    ]
    assert lost == []


@pytest.mark.parametrize(
    "question, article",
    [
        ("how long does it take?", "duration"),
        ("What does it cost", "fee"),
        ("can I apply with a passport", "foreigners"),
        ("the sms did not arrive", "sms_not_received"),
    ],
)
def test_english_questions_are_answered(question: str, article: str) -> None:
    match = ENGLISH.ask(question)
    assert match.route is Route.ANSWER
    assert is_right(match, article)


@pytest.mark.parametrize("question", ["how do I cook rice", "what is the weather like", "hello"])
def test_english_questions_about_something_else_are_not_answered(question: str) -> None:
    assert ENGLISH.ask(question).route is Route.FALLBACK


def test_traditional_characters_and_full_width_letters_are_read() -> None:
    assert is_right(INDEX.ask("備案需要多長時間？"), "duration")
    assert is_right(INDEX.ask("ＩＣＰ备案是什么"), "what_is_icp")


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
    assert is_right(there, "emergency_phone")
    assert there.confidence > anywhere.confidence


def made(name: str, *ask: str, provinces: tuple[str, ...] = ()) -> Article:
    base = ARTICLES["fee"]
    return Article(
        name,
        "zh-CN",
        ask[0],
        ask[1:],
        "",
        base.sources,
        (),
        base.reviewed_on,
        provinces,
        (),
        (),
        (),
        "",
        1,
    )


def test_a_province_named_in_the_question_outweighs_ones_own() -> None:
    here = made("here", "页脚怎么写", provinces=("江苏",))
    there = made("there", "页脚怎么写", provinces=("广东",))
    index = Index([here, there], "zh-CN")
    living_in_jiangsu = Situation(province="江苏")
    assert is_right(index.ask("页脚怎么写", living_in_jiangsu), "here")
    assert is_right(index.ask("广东页脚怎么写", living_in_jiangsu), "there")


def test_two_articles_equally_near_are_both_offered() -> None:
    index = Index([made("one", "页脚怎么写"), made("two", "页脚怎么写")], "zh-CN")
    match = index.ask("页脚怎么写")
    assert match.route is Route.CLARIFY
    assert offered(match) == {"one", "two"}


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
