"""A provider's profile is complete, or refused."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from filing.provinces import province_named
from filing.service_hours import Span
from knowledge.errors import BrokenContent
from knowledge.provider import load_provider, provider_names

SHIPPED = Path(__file__).parents[2] / "knowledge" / "providers" / "qingcloud.toml"


def test_the_reference_provider_is_shipped() -> None:
    profile = load_provider("qingcloud")
    assert provider_names() == ("qingcloud",)
    assert (profile.short_name(), profile.short_name("en")) == ("青云", "QingCloud")
    assert profile.first_review_working_days == (1, 2)
    assert (profile.subjects_per_account, profile.websites_per_subject) == (5, 10)
    assert (profile.ips_per_website, profile.websites_per_ip) == (1, 10)
    assert profile.resource_months_left_min == 3
    assert profile.unavailable_provinces == ("西藏",)
    assert all(province_named(name) for name in profile.unavailable_provinces)
    assert profile.sources["account"].title == "备案限制"
    assert "备案" in profile.console_text("entry")
    assert profile.help_text("contact", "en")


def test_the_hours_of_service_are_part_of_the_profile() -> None:
    hours = load_provider("qingcloud").service_hours
    assert hours.first_answer == timedelta(minutes=30)
    ((first, last, spans),) = hours.weekly()
    assert (first, last, [str(span) for span in spans]) == (0, 4, ["09:00-12:00", "13:00-18:00"])


def test_hours_on_dates_of_ones_own_are_read(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    days = '[service_hours.dates]\n2026-12-31 = ["09:00-12:00"]\n"2027-01-04" = []\n'
    own = tmp_path / "providers" / "qingcloud.toml"
    own.parent.mkdir()
    own.write_text(text.replace("[service_hours.dates]", days), encoding="utf-8")
    hours = load_provider("qingcloud", tmp_path).service_hours
    assert hours.spans_on(date(2026, 12, 31)) == (Span.parse("09:00-12:00"),)
    assert hours.spans_on(date(2027, 1, 4)) == ()


def test_a_text_is_chinese_where_a_locale_is_unknown() -> None:
    assert load_provider("qingcloud").short_name("fr") == "青云"


def test_an_operator_brings_a_profile_of_his_own(tmp_path: Path) -> None:
    own = tmp_path / "providers" / "testcloud.toml"
    own.parent.mkdir()
    text = SHIPPED.read_text(encoding="utf-8").replace('zh-CN = "青云", en', 'zh-CN = "测试云", en')
    own.write_text(text, encoding="utf-8")
    assert load_provider("testcloud", tmp_path).short_name() == "测试云"
    assert provider_names(tmp_path) == ("qingcloud", "testcloud")


@pytest.mark.parametrize("name", ["nowhere", "../rules/national", "QINGCLOUD", ""])
def test_an_unknown_provider_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(BrokenContent, match="choose qingcloud"):
        load_provider(name)


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("subjects_per_account = 5\n", "", "'subjects_per_account' must be a whole number"),
        ("websites_per_ip = 10", "websites_per_ip = -1", "'websites_per_ip' must be a whole"),
        ("first_review_working_days = [1, 2]", "first_review_working_days = [2, 1]", "smaller"),
        ('["西藏"]', '["西藏自治区"]', "no province is called '西藏自治区'"),
        (', en = "QingCloud" }\nshort', " }\nshort", "'full' must have a text for zh-CN and en"),
        ('source = "limits"\nsub', 'source = "nobody"\nsub', "'source' names 'nobody'"),
        ('key = "construction_plan"\n', "", "'key' must be a text"),
        ('monday = ["09:00-12:00", ', 'monday = ["9 to 12", ', "'9 to 12' is not a span such as"),
        (
            'monday = ["09:00-12:00", ',
            'monday = ["09:00-14:00", ',
            "'monday' has spans that overlap",
        ),
        ("sunday = []\n", "", "'sunday' must be a list of texts"),
        ("sunday = []\n", "sunday = []\nsundays = []\n", "'sundays' is not read here"),
        ('"Asia/Shanghai"', '"Asia/Beijing"', "'Asia/Beijing', which is no time zone such as"),
        ("first_answer_minutes = 30", "first_answer_minutes = 0", "must be 1 or more"),
        ("[service_hours.dates]", "[service_hours.dates]\nmay1 = []\n", "'may1' is not a date"),
    ],
)
def test_an_incomplete_profile_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    own = tmp_path / "providers" / "qingcloud.toml"
    own.parent.mkdir()
    own.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BrokenContent) as caught:
        load_provider("qingcloud", tmp_path)
    assert told in str(caught.value)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].line > 0


def with_page(folder: Path, entry: str) -> Path:
    """An operator's copy of the profile with another page for the authenticity check."""
    own = folder / "providers" / "qingcloud.toml"
    own.parent.mkdir()
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    kept = [entry if line.startswith('face_check = "http') else line for line in lines]
    own.write_text("\n".join(kept), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "address",
    ["http://example.cn/", "javascript:alert(1)", "https://user@example.cn/", "https://例子.cn/ x"],
)
def test_the_page_of_the_authenticity_check_is_an_https_address(
    address: str, tmp_path: Path
) -> None:
    with pytest.raises(BrokenContent) as caught:
        load_provider("qingcloud", with_page(tmp_path, f'face_check = "{address}"'))
    [problem] = caught.value.problems
    assert "face_check" in problem.message and problem.line > 0 and problem.cure


def test_a_provider_without_such_a_page_has_none(tmp_path: Path) -> None:
    assert load_provider("qingcloud", with_page(tmp_path, "")).face_check_page is None
