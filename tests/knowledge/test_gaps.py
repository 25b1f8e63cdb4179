"""Questions without an answer, put together so that staff see what is missing."""

from knowledge.articles import load_articles
from knowledge.gaps import Gap, Miss, find_gaps

ARTICLES = {locale: load_articles(locale) for locale in ("zh-CN", "en")}


def gaps(*texts: str, locale: str = "zh-CN") -> tuple[Gap, ...]:
    asked = (Miss(number, text, locale) for number, text in enumerate(texts, start=1))
    return find_gaps(asked, ARTICLES)


def test_like_questions_fall_into_one_gap_and_the_biggest_comes_first() -> None:
    found = gaps(
        "能开发票吗",
        "备案能不能养猫",
        "发票怎么开",
        "请问开发票找谁",
        "养猫的网站能备案吗",
        "發票在哪裡開",
        "有发票吗？",
    )
    assert [gap.numbers for gap in found] == [(1, 3, 4, 6, 7), (2, 5)]
    assert found[0].name == 1


def test_a_gap_shows_different_wordings_the_most_typical_first() -> None:
    [gap] = gaps("怎么开发票", "怎么开发票？", "怎么开发票啊", "我们怎么开一张发票", "发票怎么开")
    assert gap.samples[0] == "怎么开发票"
    assert len(gap.samples) == len(set(gap.samples)) == 3


def test_a_gap_names_the_nearest_article_and_what_was_told_in_vain() -> None:
    misses = [
        Miss(3, "短信核验的验证码在哪输入", "zh-CN", "fee"),
        Miss(5, "短信核验验证码输入在哪", "zh-CN"),
    ]
    [gap] = find_gaps(misses, ARTICLES)
    assert ARTICLES["zh-CN"][gap.nearest or ""].topic == "sms"
    assert gap.told == "fee"


def test_languages_are_kept_apart() -> None:
    found = find_gaps([Miss(1, "invoice", "en"), Miss(2, "invoice", "zh-CN")], ARTICLES)
    assert {gap.locale for gap in found} == {"en", "zh-CN"}


def test_the_order_in_which_questions_are_read_changes_nothing() -> None:
    misses = [Miss(n, text, "zh-CN") for n, text in enumerate(["发票", "猫", "开发票", "养猫"], 1)]
    assert find_gaps(misses, ARTICLES) == find_gaps(reversed(misses), ARTICLES)


def test_any_text_has_its_place() -> None:
    texts = ("", "🙂", "🙂", "请问", "SELECT 1; --", "{{ rule('x') }}", "长" * 5000)
    found = gaps(*texts)
    assert sorted(number for gap in found for number in gap.numbers) == [1, 2, 3, 4, 5, 6, 7]
    assert (2, 3) in [gap.numbers for gap in found]


def test_no_question_no_gap() -> None:
    assert find_gaps((), ARTICLES) == ()
