"""Articles: what ships is sound, and a mistake in one is told with file, line and cure."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.answering import Asked, Knowledge, Route
from knowledge.article_checks import article_problems, overdue, telling_problems
from knowledge.articles import load_articles, read_articles
from knowledge.bare_facts import bare_facts
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
    assert telling_problems(KNOWLEDGE, TODAY) == ()
    for locale in ("zh-CN", "en"):
        assert not [one.id for one in load_articles(locale).values() if one.topic is None]


def test_there_are_articles_enough_in_both_languages() -> None:
    assert len(load_articles("zh-CN")) >= 69
    assert len(load_articles("en")) >= 69
    assert load_articles("en").keys() <= load_articles("zh-CN").keys()


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_what_is_told_is_filled_in_and_dated(locale: str) -> None:
    for article in load_articles(locale):
        told = KNOWLEDGE.tell(article, locale=locale, on=TODAY)
        assert told is not None
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


def test_an_answer_says_where_sources_disagree() -> None:
    told = KNOWLEDGE.tell("sms_verification", locale="zh-CN", on=TODAY)
    assert told is not None
    assert "各家说法不同：2020 年以前的页面写 48 小时。" in told.text


def test_an_article_only_in_chinese_is_told_in_chinese(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    own = Knowledge(RULEBOOK, load_provider("qingcloud"), tmp_path)
    told = own.tell("cat", locale="en", on=TODAY)
    assert told is not None
    assert told.text.startswith("不能")
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
        ("{{ rule('review_working_days') }}", "20", 7, "'20 个工作日' rests on no rule"),
        ("备案要", "三十日内\n备案要", 7, "'三十日' rests on no rule"),
        ('"狗呢"', '"猫能备案吗？"', 3, "is asked here already"),
        ('"狗呢"', '"备案收费吗"', 3, "is asked in"),
        ("reviewed_on", 'related = ["cat"]\nreviewed_on', 5, "the article itself"),
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


def test_a_number_may_be_an_example_or_the_date_of_a_law(tmp_path: Path) -> None:
    body = "例如 3 天{# example #}。\n自 2005 年 3 月 20 日起施行，一天也不少。\n"
    assert told(tmp_path, GOOD.replace("不能，", body)) == []
    text = Knowledge(RULEBOOK, load_provider("qingcloud"), tmp_path)
    answer = text.tell("cat", locale="zh-CN", on=TODAY)
    assert answer is not None
    assert "例如 3 天。\n" in answer.text


@pytest.mark.parametrize(
    "english",
    ["20 working days", "thirty days", "24-hour", "5,000 yuan", "2 MB", "six characters"],
)
def test_a_number_in_english_needs_a_rule_as_well(english: str) -> None:
    assert [fact for _, fact in bare_facts(f"It takes {english}.")] == [english]


def test_words_that_only_look_like_numbers_are_let_through() -> None:
    assert [*bare_facts("两个人都要，一次填对；106 开头，第 2 步。one day, 12381, ISO 9001")] == []


def test_an_article_only_in_chinese_cannot_be_related_to_in_english(tmp_path: Path) -> None:
    place = write(tmp_path, GOOD)
    english = tmp_path / "articles" / "en" / "dog.md"
    english.parent.mkdir()
    english.write_text(
        place.read_text(encoding="utf-8").replace("reviewed_on", 'related = ["cat"]\nreviewed_on'),
        encoding="utf-8",
    )
    [problem] = article_problems(tmp_path)
    assert (problem.line, "'cat', which is not written in en" in problem.message) == (5, True)


def test_a_body_that_cannot_be_told_everywhere_is_told(tmp_path: Path) -> None:
    def problem(quoted: str) -> str:
        write(tmp_path, GOOD.replace("rule('review_working_days')", quoted))
        own = Knowledge(RULEBOOK, load_provider("qingcloud"), tmp_path)
        [found] = telling_problems(own, TODAY, known=KNOWLEDGE)
        assert found.line == 7
        return found.message

    assert "tells" in problem("rule('resolution_ip_must_match')")
    assert "cannot be told to" in problem("rule('footer_number_missing_fine_cny').most.of")


def test_facts_long_unchecked_are_worth_a_warning(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    articles = load_articles("zh-CN", tmp_path)
    assert [*overdue([articles["cat"]], date(2027, 11, 24))] == []
    [warning] = overdue([articles["cat"]], date(2027, 11, 25))
    assert (warning.line, "2027-11-24" in warning.message) == (5, True)


def test_the_article_in_the_documentation_is_sound(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "articles.md").read_text(encoding="utf-8")
    sample = next(block for block in page.split("```") if block.startswith("\n+++"))
    write(tmp_path, sample.lstrip("\n"), "domain_expiry.md")
    assert article_problems(tmp_path, RULEBOOK.keys) == ()
    told = Knowledge(RULEBOOK, load_provider("qingcloud"), tmp_path).tell(
        "domain_expiry", locale="zh-CN", on=TODAY
    )
    assert told is not None
    assert "90 天" in told.text


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


def test_the_id_of_a_merged_article_leads_to_the_one_that_holds_it(tmp_path: Path) -> None:
    assert KNOWLEDGE.id_today("police_steps") == "police_filing"
    assert KNOWLEDGE.id_today("police_filing") == "police_filing"
    assert KNOWLEDGE.id_today("nowhere") == "nowhere"
    said = KNOWLEDGE.tell("police_steps", locale="zh-CN", on=TODAY)
    assert said is not None
    assert said.article == "police_filing"
    assert KNOWLEDGE.title("police_steps", "en") == KNOWLEDGE.title("police_filing", "en")
    linking = GOOD.replace("reviewed_on", 'related = ["police_steps"]\nreviewed_on')
    assert told(tmp_path, linking) == []


def test_two_articles_cannot_both_hold_a_former_one(tmp_path: Path) -> None:
    claim = 'formerly = ["police_steps"]\nreviewed_on'
    [(_, message)] = told(tmp_path, GOOD.replace("reviewed_on", claim))
    assert "'police_steps' was merged into" in message
