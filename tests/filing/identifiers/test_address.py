"""Addresses, and the regions they begin with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing import regions
from filing.identifiers.address import address_parts, parse_address, parse_printed_address
from filing.identifiers.region import read_region
from filing.invalid import Invalid, invalid

FULL = "江苏省南京市雨花台区软件大道1号"


@pytest.mark.parametrize(
    "typed",
    [
        FULL,
        "江苏省 南京市 雨花台区 软件大道1号",
        "江苏省/南京市/雨花台区/软件大道1号",
        "江苏，南京，雨花台区，软件大道1号。",
        "江苏南京雨花台软件大道1号",
        "南京市雨花台区软件大道1号",
        "雨花台区软件大道1号",
        "江苏省南京市雨花台区软件大道１号",
    ],
)
def test_the_ways_people_write_an_address_read_alike(typed: str) -> None:
    assert parse_address(typed, "江苏") == FULL


@pytest.mark.parametrize(
    "typed,province,value",
    [
        ("北京市北京市海淀区测试街1号", "北京", "北京市海淀区测试街1号"),
        ("北京市市辖区海淀区测试街1号", "北京", "北京市海淀区测试街1号"),
        ("朝阳区测试街1号", "北京", "北京市朝阳区测试街1号"),
        ("上海市静安区南京西路100号", "上海", "上海市静安区南京西路100号"),
        ("吉林市昌邑区测试路1号", None, "吉林省吉林市昌邑区测试路1号"),
        ("河南省济源市测试路1号", "河南", "河南省济源市测试路1号"),
        ("新疆石河子市北三路1号", None, "新疆维吾尔自治区石河子市北三路1号"),
        ("广东省东莞市鸿福路100号", "广东", "广东省东莞市鸿福路100号"),
        ("江苏省昆山市前进路1号", "江苏", "江苏省苏州市昆山市前进路1号"),
        ("江苏省苏州工业园区星湖街1号", "江苏", "江苏省苏州市苏州工业园区星湖街1号"),
        ("西安市高新区科技路1号", "陕西", "陕西省西安市高新区科技路1号"),
        ("浙江省杭州市江干区钱江路1号", "浙江", "浙江省杭州市江干区钱江路1号"),
        ("海南藏族自治州共和县城北路1号", None, "青海省海南藏族自治州共和县城北路1号"),
        ("江蘇省南京市雨花臺區测试路1号", "江苏", "江苏省南京市雨花台区测试路1号"),
        ("江苏省南京市江宁区测试街道测试村3组", "江苏", "江苏省南京市江宁区测试街道测试村3组"),
        ("江苏省南京市玄武区玄武大道1号", "江苏", "江苏省南京市玄武区玄武大道1号"),
        (
            "江苏省南京市玄武区测试路(已是最详细)",
            "江苏",
            "江苏省南京市玄武区测试路(已是最详细)",
        ),
    ],
)
def test_regions_are_recognised_and_written_out(
    typed: str, province: str | None, value: str
) -> None:
    assert parse_address(typed, province) == value
    assert parse_address(value, province) == value


@pytest.mark.parametrize(
    "typed,province,result",
    [
        ("", None, invalid("text.empty")),
        ("软件大道1号", "江苏", invalid("address.city_missing")),
        ("江苏省软件大道1号", "江苏", invalid("address.city_missing")),
        ("朝阳区测试街1号", None, invalid("address.city_missing")),
        ("江苏省南京市软件大道1号", "江苏", invalid("address.district_missing")),
        ("江苏省南京市玄武大道1号", "江苏", invalid("address.district_missing")),
        ("上海市南京东路1号", "上海", invalid("address.district_missing")),
        ("江苏省南京市雨花台区", "江苏", invalid("address.detail_missing")),
        ("江苏省南京市雨花台区软件大道", "江苏", invalid("address.door_number_missing")),
        ("江苏省南京市江苏省南京市雨花台区1号", "江苏", invalid("address.region_repeated")),
        ("江苏省南京市雨花台区雨花台区1号", "江苏", invalid("address.region_repeated")),
        ("江苏省杭州市西湖区文三路1号", "江苏", invalid("address.region_mismatch")),
        ("江苏省南京市姑苏区观前街1号", "江苏", invalid("address.region_mismatch")),
        (
            "浙江省杭州市西湖区文三路1号",
            "江苏",
            invalid("address.other_province", expected="江苏", found="浙江"),
        ),
        (FULL + "号" * 150, "江苏", invalid("address.too_long", max=150)),
    ],
)
def test_an_incomplete_address_says_what_is_missing(
    typed: str, province: str | None, result: Invalid
) -> None:
    assert parse_address(typed, province) == result


def test_the_parts_of_an_address_can_be_asked_for() -> None:
    parts = address_parts(FULL)
    assert (parts.province, parts.city, parts.district) == ("江苏省", "南京市", "雨花台区")
    assert (parts.detail, parts.code, parts.province_name) == ("软件大道1号", "320114", "江苏")
    assert address_parts("软件大道1号").province_name is None


def test_a_printed_address_is_kept_word_for_word() -> None:
    assert parse_printed_address("南京市雨花台区 软件大道1号") == "南京市雨花台区软件大道1号"
    assert parse_printed_address("Nanjing Road") == invalid("address.not_chinese")
    assert parse_printed_address("南京") == invalid("text.too_short", min=6)
    assert parse_printed_address(" ") == invalid("text.empty")


_counties = st.sampled_from(
    sorted(one.code for province in range(11, 66) for one in regions.counties(f"{province}"))
)


@given(_counties)
def test_every_county_of_the_table_is_read_back_from_its_full_name(code: str) -> None:
    county, province, city = regions.division(code), regions.province_of(code), None
    assert county is not None
    assert province is not None
    if code[:2] not in regions.MUNICIPALITIES:
        city = regions.city_of(code)
    name = province.name + (city.name if city else "") + county.name
    region = read_region(name + "测试大厦8号")
    assert region.code == code
    assert region.length == len(name)


def test_former_divisions_are_known_by_code_and_name() -> None:
    former = regions.division("110103")
    assert former is not None
    assert (former.name, former.until) == ("崇文区", 2009)
    assert regions.division("990000") is None


def test_short_names_drop_endings_and_peoples() -> None:
    def short(code: str) -> str:
        found = regions.division(code)
        assert found is not None
        return regions.short_name(found)

    assert short("320000") == "江苏"
    assert short("650000") == "新疆"
    assert short("422800") == "恩施"
    assert short("152500") == "锡林郭勒"
    assert short("110108") == "海淀"
    assert short("620102") == "城关"
