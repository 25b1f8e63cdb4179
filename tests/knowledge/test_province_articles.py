"""Articles on provinces say what the rules say, to whoever asks about a province or its cities."""

from datetime import date

import pytest

from filing.provinces import PROVINCES
from knowledge.answering import Asked, Knowledge, Route
from knowledge.articles import Article, load_articles
from knowledge.places import provinces_spoken_of, with_provinces_named
from knowledge.provider import load_provider
from knowledge.province_articles import province_articles, province_topics, unruled_articles
from knowledge.rules_loader import load_rulebook

TODAY = date(2026, 11, 26)
RULEBOOK = load_rulebook()
KNOWLEDGE = Knowledge(RULEBOOK, load_provider("qingcloud"))


def all_of(locale: str) -> dict[str, Article]:
    ruled = province_articles(RULEBOOK, locale)
    return {**ruled, **unruled_articles(RULEBOOK, locale, load_articles(locale))}


def told(article: str, locale: str = "zh-CN", subject: str | None = None) -> str:
    found = KNOWLEDGE.tell(article, locale=locale, on=TODAY, subject_kind=subject)
    assert found is not None
    return found.text


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_province_has_an_overview_and_articles_on_each_topic(locale: str) -> None:
    articles = all_of(locale)
    for province in PROVINCES:
        here = [one for one in articles.values() if one.provinces == (province.name,)]
        assert len(here) == len(province_topics())
        assert all(len(one.ask) >= 6 and one.sources and one.related for one in here)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_each_can_be_told_whole(locale: str) -> None:
    for article in all_of(locale):
        for subject in (None, "enterprise", "individual", "sole_proprietor", "public_institution"):
            text = told(article, locale, subject)
            assert "None" not in text
            assert "{" not in text
            assert "：：" not in text
            assert "。。" not in text
            assert len(text) <= (1200 if locale == "zh-CN" else 3600), article


def test_what_is_particular_comes_first() -> None:
    text = told("province_jiangsu_footer")
    assert text.index("版权所有") < text.index("其他按全国规定")
    assert "各家说法不同" in text


def test_only_what_concerns_the_subject_is_told() -> None:
    assert "16" in told("province_jiangsu_age", subject="individual")
    assert "须年满 18 周岁" in told("province_jiangsu_age", subject="enterprise")


def test_a_province_without_a_rule_of_its_own_says_so() -> None:
    assert told("province_guangdong_review").startswith("广东在这方面没有查到单独的规定")
    assert told("province_guangdong_review", "en").startswith("No rule of Guangdong's own")


def test_where_nothing_is_ruled_the_general_answer_follows() -> None:
    text = told("province_yunnan_sole")
    assert text.startswith("云南在这方面没有查到单独的规定")
    assert "营业执照" in text


def test_a_province_known_to_go_by_the_nations_rules_says_so() -> None:
    assert told("province_jiangsu_individual").startswith("江苏在这方面和全国一样：")


def test_a_disagreement_is_told_even_where_the_rule_is_the_nations() -> None:
    assert "各家说法不同：腾讯云" in told("province_shanxi_leader", subject="enterprise")


def test_a_topic_that_is_not_the_subjects_is_told_for_those_it_is() -> None:
    assert "单位：" in told("province_jiangsu_leader", subject="individual")


def test_a_rule_for_few_kinds_says_for_which() -> None:
    assert "政府机关、事业单位：通常还要" in told("province_ningxia_materials")


def test_a_rule_known_from_old_pages_is_told_with_reserve() -> None:
    assert "通常" in told("province_guangdong_letters", subject="individual")


def test_where_the_provider_cannot_file_it_says_so_first() -> None:
    assert told("province_xizang").startswith("青云暂不支持")


@pytest.mark.parametrize(
    "question, article",
    [
        ("江苏备案有什么特殊要求", "province_jiangsu"),
        ("深圳备案手机号要本地的吗", "province_guangdong_phone"),
        ("杭州的公司备案要签承诺书吗", "province_zhejiang_letters"),
        ("外地身份证在上海能备案吗", "province_shanghai_individual"),
        ("昆山备案要注意啥", "province_jiangsu"),
        ("can a foreigner file in Shenzhen", "province_guangdong_foreign"),
    ],
)
def test_a_province_is_found_by_its_name_or_its_cities(question: str, article: str) -> None:
    locale = "en" if question.isascii() else "zh-CN"
    found = KNOWLEDGE.answer(Asked(question, locale, TODAY))
    assert found.route is Route.ANSWER
    assert found.article == article


def test_who_names_no_province_gets_no_provinces_article() -> None:
    for question in ("手机号有什么要求", "备案要多久", "要交承诺书吗", "网站名称要求"):
        for province in (None, "江苏"):
            found = KNOWLEDGE.answer(Asked(question, "zh-CN", TODAY, province=province))
            near = (found.article or "", *(one.id for one in found.suggestions))
            assert not any(one.startswith("province_jiangsu") for one in near)


def test_a_question_that_names_a_province_is_answered_for_it() -> None:
    found = KNOWLEDGE.answer(Asked("上海域名还剩四个月能备案吗，域名有效期", "zh-CN", TODAY))
    assert "180 天" in found.text


def test_cities_stand_for_their_province() -> None:
    assert provinces_spoken_of("我公司在苏州，人在广东") == {"江苏", "广东"}
    assert provinces_spoken_of("原来在阿里云备的") == frozenset()
    assert with_provinces_named("深圳备案") == "广东备案"
    assert with_provinces_named("filing in Hangzhou") == "filing in Zhejiang"
