"""Provinces are recognised however people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing.provinces import (
    PROVINCES,
    Province,
    find_provinces,
    parse_province,
    province_named,
    province_of_adcode,
)


@pytest.mark.parametrize("province", PROVINCES, ids=lambda province: province.english)
def test_a_province_is_known_by_each_of_its_names(province: Province) -> None:
    names = (
        province.name,
        province.full_name,
        f" {province.full_name} ",
        province.abbr,
        province.police_abbr,
        province.adcode,
        province.adcode[:2],
        province.english,
        province.english.upper(),
        f"{province.english} Province",
    )
    assert {parse_province(name) for name in names} == {province}
    assert province_named(province.name) == province
    assert province.bureau_name == f"{province.full_name}通信管理局"


@pytest.mark.parametrize(
    "text, name",
    [
        ("江蘇省", "江苏"),
        ("內蒙古自治區", "内蒙古"),
        ("内蒙", "内蒙古"),
        ("nei mongol", "内蒙古"),
        ("neimenggu", "内蒙古"),
        ("xizang", "西藏"),
        ("Tibet Autonomous Region", "西藏"),
        ("廣西壯族自治區", "广西"),
        ("川", "四川"),
        ("蜀", "四川"),
        ("甘", "甘肃"),
        ("Shaanxi", "陕西"),
        ("Shanxi", "山西"),
        ("北京省", "北京"),
        ("ＪＩＡＮＧＳＵ", "江苏"),
    ],
)
def test_other_ways_to_write_a_province_are_understood(text: str, name: str) -> None:
    province = parse_province(text)
    assert province is not None
    assert province.name == name


@pytest.mark.parametrize("text", ["", "省", "南京", "香港", "99", "990000", "江苏南京", "Nanjing"])
def test_what_is_no_province_is_none(text: str) -> None:
    assert parse_province(text) is None


def test_region_codes_lead_to_their_province() -> None:
    names = {
        found.name for code in ("32", "320106", "320106001") if (found := province_of_adcode(code))
    }
    assert names == {"江苏"}
    assert province_of_adcode("710000") is None
    assert province_of_adcode("3201x6") is None
    assert province_of_adcode("3") is None


def test_a_sentence_may_name_several_provinces() -> None:
    text = "公司在内蒙古自治区，我人在江苏南京，江苏的手机号，moved from Shanxi"
    assert [province.name for province in find_provinces(text)] == ["内蒙古", "江苏", "山西"]


def test_letters_and_parts_of_words_name_no_province_in_a_sentence() -> None:
    assert find_provinces("苏州的新公司叫 henanese，京东") == ()


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    parse_province(text)
    assert set(find_provinces(text)) <= set(PROVINCES)
