"""A provider's profile is complete, or refused."""

from pathlib import Path

import pytest

from filing.provinces import province_named
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
