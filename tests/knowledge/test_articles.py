"""Articles: what ships is sound, and a mistake in one is told with file, line and cure."""

from datetime import date
from pathlib import Path

import pytest

from filing.provinces import PROVINCES
from knowledge.answering import Asked, Knowledge, Route, neighbours
from knowledge.article_checks import article_problems
from knowledge.articles import load_articles, read_articles
from knowledge.errors import BrokenContent
from knowledge.provider import load_provider
from knowledge.reading import reader
from knowledge.rules_loader import load_rulebook
from knowledge.topics import load_topics

TODAY = date(2026, 11, 24)
RULEBOOK = load_rulebook()
KNOWLEDGE = Knowledge(RULEBOOK, load_provider("qingcloud"))

GOOD = """+++
title = "猫能备案吗"
ask = ["猫可以备案吗", "给猫备案", "猫咪备案", "宠物备案", "猫的备案怎么办", "狗呢"]
sources = ["order_33"]
reviewed_on = 2026-11-24
+++
不能，备案要 {{ rule('review_working_days') }} 个工作日。
"""


def write(folder: Path, text: str, name: str = "cat.md") -> Path:
    place = folder / "articles" / "zh-CN"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text, encoding="utf-8")
    return place / name


def told(folder: Path, text: str) -> list[tuple[int, str]]:
    """Line and message of every problem in one operator's article."""
    write(folder, text)
    return [(one.line, one.message) for one in article_problems(folder, RULEBOOK.keys)]


def test_what_ships_has_no_problem() -> None:
    assert article_problems(rule_keys=RULEBOOK.keys) == ()


def test_there_are_articles_enough_in_both_languages() -> None:
    assert len(load_articles("zh-CN")) >= 36
    assert len(load_articles("en")) >= 12
    assert load_articles("en").keys() <= load_articles("zh-CN").keys()


def test_no_way_to_ask_leads_to_two_articles() -> None:
    for locale in ("zh-CN", "en"):
        asked: dict[str, str] = {}
        for article in load_articles(locale).values():
            for phrasing in article.phrasings:
                assert asked.setdefault(phrasing, article.id) == article.id, phrasing
        assert not asked.keys() & set(neighbours(locale))


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_article_can_be_told_to_everybody(locale: str) -> None:
    provinces = (None, *(province.name for province in PROVINCES))
    for article in load_articles(locale):
        for province in provinces:
            for kind in (None, "enterprise", "individual", "sole_proprietor"):
                told = KNOWLEDGE.tell(
                    article, locale=locale, on=TODAY, province=province, subject_kind=kind
                )
                assert told is not None
                assert told.text
                assert "None" not in told.text
                assert "{" not in told.text
                assert told.citations
                assert all(citation.as_of >= "2026-11-24" for citation in told.citations)


def test_an_answer_is_short_enough_for_a_phone() -> None:
    for article in load_articles("zh-CN"):
        told = KNOWLEDGE.tell(article, locale="zh-CN", on=TODAY)
        assert told is not None
        assert len(told.text) <= 360, article


def test_an_answer_quotes_the_rule_of_the_province() -> None:
    def text(province: str) -> str:
        told = KNOWLEDGE.tell("domain_expiry", locale="zh-CN", on=TODAY, province=province)
        return told.text if told else ""

    assert "180 天" in text("上海")
    assert "90 天" in text("江苏")


def test_an_answer_quotes_the_rule_of_the_day(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("review_working_days", "sms_window_hours"))
    own = Knowledge(RULEBOOK, load_provider("qingcloud"), tmp_path)
    then = own.tell("cat", locale="zh-CN", on=date(2019, 1, 1))
    now = own.tell("cat", locale="zh-CN", on=TODAY)
    assert then is not None
    assert now is not None
    assert "48" in then.text
    assert "24" in now.text


def test_an_article_only_in_chinese_is_told_in_chinese() -> None:
    only = (load_articles("zh-CN").keys() - load_articles("en").keys()).pop()
    told = KNOWLEDGE.tell(only, locale="en", on=TODAY)
    assert told is not None
    assert KNOWLEDGE.tell("no_such_article", locale="en", on=TODAY) is None


def test_a_chinese_question_in_an_english_conversation_is_answered_in_english() -> None:
    found = KNOWLEDGE.answer(Asked("备案要多久", "en", TODAY))
    assert found.route is Route.ANSWER
    assert found.article == "duration"
    assert "working days" in found.text


def test_an_operator_adds_an_article_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    own = Knowledge(RULEBOOK, load_provider("qingcloud"), tmp_path)
    found = own.answer(Asked("猫咪可以备案吗？", "zh-CN", TODAY))
    assert found.article == "cat"
    assert found.text == "不能，备案要 20 个工作日。"


def test_an_operator_replaces_one_of_ours(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("不能", "免费"), "fee.md")
    assert "免费" in load_articles("zh-CN", tmp_path)["fee"].body


@pytest.mark.parametrize(
    "old, new, line, message",
    [
        ("+++\ntitle", "title", 1, "front matter"),
        ('title = "猫能备案吗"', "title = ", 2, "not valid TOML"),
        ('title = "猫能备案吗"', 'title = ""', 2, "is empty"),
        ('"order_33"', '"nobody"', 4, "unknown sources"),
        ('["order_33"]', "[]", 4, "no source"),
        (', "狗呢"', "", 3, "too few"),
        ('"狗呢"', '"宠物备案"', 3, "stand twice"),
        ("2026-11-24", '"gestern"', 5, "must be a date"),
        ("reviewed_on", "colour = 1\nreviewed_on", 5, "not read here"),
        ("reviewed_on", 'topic = "dogs"\nreviewed_on', 5, "'dogs'; use one of account"),
        ("reviewed_on", 'review_by = "soon"\nreviewed_on', 5, "must be a date"),
        ("-24\n+++", '-24\n[applies_to]\nprovince = ["江苏省"]\n+++', 7, "did you mean '江苏'"),
        ("-24\n+++", '-24\n[applies_to]\nfiling_kind = ["moon"]\n+++', 7, "use one of add_access"),
        ("rule('review_working_days')", "weather", 7, "'weather' is never given"),
        ("review_working_days", "purr_working_days", 7, "no rule is called"),
        ("{{ rule", "{{ rule(", 7, ""),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    problems = told(tmp_path, GOOD.replace(old, new))
    assert [found for found, text in problems if message in text] == [line]


def test_facts_count_as_checked_for_a_year_or_as_the_article_says(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert load_articles("zh-CN", tmp_path)["cat"].review_by == date(2027, 11, 24)
    write(tmp_path, GOOD.replace("reviewed_on", "review_by = 2026-12-31\nreviewed_on"))
    assert load_articles("zh-CN", tmp_path)["cat"].review_by == date(2026, 12, 31)


def test_an_operator_adds_a_topic_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("reviewed_on", 'topic = "pets"\nreviewed_on'))
    own = tmp_path / "articles" / "topics.toml"
    own.write_text('[topics.pets]\ntitle = { zh-CN = "宠物", en = "Pets" }\n', encoding="utf-8")
    assert load_articles("zh-CN", tmp_path)["cat"].topic == "pets"
    assert [*load_topics(tmp_path).titles][-1] == "pets"
    own.write_text('[topics.pets]\ntitle = "宠物"\n', encoding="utf-8")
    assert [one.line for one in article_problems(tmp_path)][:1] == [2]


def test_an_empty_answer_is_told(tmp_path: Path) -> None:
    head = GOOD[: GOOD.rindex("+++") + 4]
    assert told(tmp_path, head) == [(7, "the answer is empty")]


def test_a_related_article_must_exist(tmp_path: Path) -> None:
    problems = told(tmp_path, GOOD.replace("reviewed_on", 'related = ["dog"]\nreviewed_on'))
    assert len(problems) == 1
    assert "'dog'" in problems[0][1]


def test_broken_articles_are_refused_all_at_once(tmp_path: Path) -> None:
    write(tmp_path, "nothing", "one.md")
    write(tmp_path, "nothing", "two.md")
    with pytest.raises(BrokenContent) as caught:
        load_articles("zh-CN", tmp_path)
    assert len(caught.value.problems) == 2
    readable, _ = read_articles("zh-CN", tmp_path)
    assert "fee" in readable


def test_reading_makes_ways_of_saying_the_same_one() -> None:
    read = reader("zh-CN").terms
    assert read("请问备案要多长时间呀") == read("備案要多久")
    assert read("法人") == read("法定代表人")
    assert read("") == read("请问一下呢") == {}
