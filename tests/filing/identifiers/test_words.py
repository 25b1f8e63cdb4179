"""Names, dates, months and the forms text is brought into."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing.identifiers.dates import find_dates, parse_date, parse_expiry, parse_past_date
from filing.identifiers.months import find_months, parse_months
from filing.identifiers.normalise import aligned, arabic_digits, compact, half_width, one_line
from filing.identifiers.org_name import parse_org_name, same_name
from filing.identifiers.person_name import parse_person_name
from filing.identifiers.site_name import parse_site_name
from filing.invalid import Invalid, invalid
from filing.simplified import simplify
from tests.filing.identifiers.made import TODAY


@pytest.mark.parametrize(
    "typed,result",
    [
        ("张三", "张三"),
        (" 张 三 ", "张三"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("𬱖某", "𬱖某"),
        ("John  Smith", "John Smith"),
        ("O'Neill, Anne-Marie", "O'Neill, Anne-Marie"),
        ("J.R. Müller", "J.R. Müller"),
        ("王伟。", "王伟"),
        ("张", invalid("name.length", min=2, max=30)),
        ("张3", invalid("name.digits")),
        ("张先生", invalid("name.courtesy")),
        ("张三Smith", invalid("name.characters")),
        ("张三?", invalid("name.characters")),
        ("", invalid("text.empty")),
    ],
)
def test_person_names(typed: str, result: str | Invalid) -> None:
    assert parse_person_name(typed) == result


@pytest.mark.parametrize(
    "typed,result",
    [
        ("江苏测试科技有限公司", "江苏测试科技有限公司"),
        ("上海 测试（中国）有限公司。", "上海测试（中国）有限公司"),
        ("上海测试(中国)有限公司", "上海测试(中国)有限公司"),
        ("Test Trading (Shanghai)  Co., Ltd.", "Test Trading (Shanghai) Co., Ltd."),
        ("什么？", invalid("org_name.characters")),
        ("12345", invalid("org_name.no_letters")),
        ("公", invalid("text.too_short", min=2)),
        ("测" * 101, invalid("text.too_long", max=100)),
        ("  ", invalid("text.empty")),
    ],
)
def test_names_of_bodies(typed: str, result: str | Invalid) -> None:
    assert parse_org_name(typed) == result


def test_names_that_differ_only_in_width_are_the_same() -> None:
    assert same_name("上海测试（中国）有限公司", "上海测试(中国)有限公司")
    assert not same_name("上海测试有限公司", "上海测验有限公司")


@pytest.mark.parametrize(
    "typed,result",
    [
        ("测试小站", "测试小站"),
        ("《测试小站》", "测试小站"),
        ("测试 API 文档", "测试API文档"),
        ("www.example.com", invalid("site_name.address")),
        ("?!", invalid("site_name.no_letters")),
        ("站", invalid("text.too_short", min=2)),
        ("站" * 41, invalid("text.too_long", max=40)),
        ("", invalid("text.empty")),
    ],
)
def test_names_of_websites(typed: str, result: str | Invalid) -> None:
    assert parse_site_name(typed) == result


@pytest.mark.parametrize(
    "typed",
    [
        "2027-03-01",
        "2027/3/1",
        "2027.3.1",
        "2027年3月1日",
        "2027年03月01号",
        "20270301",
        "二〇二七年三月一日",
        "２０２７年３月１日",
        "1 March 2027",
        "Mar 1st, 2027",
    ],
)
def test_the_ways_people_write_a_date_read_alike(typed: str) -> None:
    assert parse_date(typed, TODAY) == parse_expiry(typed, TODAY) == "2027-03-01"


@pytest.mark.parametrize(
    "typed,result",
    [
        ("二〇二七年十二月二十一日", "2027-12-21"),
        ("今天", "2026-11-23"),
        ("昨天", "2026-11-22"),
        ("2027年3月", invalid("date.day_missing")),
        ("03/04/2027", invalid("date.ambiguous")),
        ("2027-02-30", invalid("date.impossible")),
        ("明年", invalid("date.day_missing")),
        ("", invalid("text.empty")),
    ],
)
def test_dates(typed: str, result: str | Invalid) -> None:
    assert parse_date(typed, TODAY) == result


@pytest.mark.parametrize(
    "typed,result",
    [
        ("长期", "permanent"),
        ("長期有效", "permanent"),
        ("permanent", "permanent"),
        ("2017.03.01-2037.03.01", "2037-03-01"),
        ("2017年3月1日至2037年3月1日", "2037-03-01"),
        ("20170301-20370301", "2037-03-01"),
        ("2017.03.01-长期", "permanent"),
        ("2026-11-23", "2026-11-23"),
        ("2026-11-22", invalid("date.expired")),
    ],
)
def test_the_end_of_a_validity(typed: str, result: str | Invalid) -> None:
    assert parse_expiry(typed, TODAY) == result


def test_a_day_gone_by_may_be_today_but_not_tomorrow() -> None:
    assert parse_past_date("今天", TODAY) == "2026-11-23"
    assert parse_past_date("明天", TODAY) == invalid("date.in_future")
    assert parse_past_date("何时", TODAY) == invalid("date.form")


@pytest.mark.parametrize(
    "said,day",
    [
        ("上个月8号", "2026-10-08"),
        ("本月3日", "2026-11-03"),
        ("三天前", "2026-11-20"),
        ("两个星期前", "2026-11-09"),
        ("10月8号", "2026-10-08"),
        ("12月8号", "2025-12-08"),
        ("十月八日", "2026-10-08"),
    ],
)
def test_a_day_gone_by_may_be_said_from_today(said: str, day: str) -> None:
    assert parse_past_date(said, TODAY) == day


@pytest.mark.parametrize("said", ["去年", "上周", "大概去年10月", "还有两年", "前几天", "下个月"])
def test_a_time_without_its_day_is_asked_for_the_day(said: str) -> None:
    assert parse_past_date(said, TODAY) == invalid("date.day_missing")
    assert parse_expiry(said, TODAY) == invalid("date.day_missing")


@pytest.mark.parametrize(
    "said,months",
    [("到明年6月", "6"), ("明年六月到期", "6"), ("2027年12月", "12"), ("今年12月", "0")],
)
def test_an_end_counts_as_the_full_months_until_then(said: str, months: str) -> None:
    assert parse_months(said, TODAY) == months


def test_dates_are_found_in_sentences() -> None:
    text = "从2017年3月1日到20370301，号码11010519491231002X"
    assert [day for _, _, day in find_dates(text)] == ["2017-03-01", "2037-03-01"]
    assert [text[a:b] for a, b, _ in find_dates(text)] == ["2017年3月1日", "20370301"]


@pytest.mark.parametrize(
    "typed,result",
    [
        ("3", "3"),
        ("6个月", "6"),
        ("还剩 6 个月左右", "6"),
        ("半年", "6"),
        ("一年", "12"),
        ("两年", "24"),
        ("一年半", "18"),
        ("一年零三个月", "15"),
        ("十二个月", "12"),
        ("三十六个月", "36"),
        ("1 year", "12"),
        ("six months", "6"),
        ("1000个月", invalid("months.form")),
        ("999", invalid("months.too_many", max=600)),
        ("很久", invalid("months.form")),
        ("到明年6月", invalid("months.form")),
        ("", invalid("text.empty")),
    ],
)
def test_months(typed: str, result: str | Invalid) -> None:
    assert parse_months(typed) == result


def test_chinese_digits_are_read_only_where_all_is_digits() -> None:
    assert arabic_digits("一三八") == "138"
    assert arabic_digits("三号楼") == "三号楼"


def test_a_number_is_compacted_whatever_its_separators() -> None:
    assert compact(" １１-01\u200b05.19 ab") == "11010519AB"


@given(st.text())
def test_compacting_lays_aside_its_own_separators(text: str) -> None:
    assert not set(compact(text)) & set(" -.\u200b、")


@given(st.text())
def test_an_aligned_text_has_every_character_at_its_place(text: str) -> None:
    assert len(aligned(text)) == len(text)
    assert len(simplify(text)) == len(text)


@given(st.text())
def test_normal_forms_are_stable(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert half_width(half_width(text)) == half_width(text)
    assert simplify(simplify(text)) == simplify(text)


def test_traditional_characters_are_simplified_but_names_of_places_stay() -> None:
    assert simplify("統一社會信用代碼") == "统一社会信用代码"
    assert simplify("乾县") == "乾县"


@pytest.mark.parametrize(
    "typed,day",
    [
        ("明年六月三十号", "2027-06-30"),
        ("后年的1月1日", "2028-01-01"),
        ("执照没有到期日", "permanent"),
        ("没写期限", "permanent"),
        ("2035年底", invalid("date.day_missing")),
        ("去年2月30日", invalid("date.impossible")),
    ],
)
def test_an_expiry_may_be_counted_from_today(typed: str, day: str | Invalid) -> None:
    assert parse_expiry(typed, date(2026, 11, 24)) == day


def test_years_named_by_their_distance_are_found_only_where_today_is_known() -> None:
    text = "去年3月5号通过的，明年12月一号到期"
    assert find_dates(text) == ()
    found = find_dates(text, date(2026, 11, 24))
    assert [day for _, _, day in found] == ["2025-03-05", "2027-12-01"]


@pytest.mark.parametrize(
    "text,months",
    [
        ("一年多吧，大概13个月", ["13"]),
        ("刚续了一年半", ["18"]),
        ("还剩两年零三个月", ["27"]),
        ("six months left", ["6"]),
        ("明年6月到期", []),
        ("2026年3月5日", []),
        ("第一年", []),
    ],
)
def test_lengths_of_time_are_found_by_their_unit(text: str, months: list[str]) -> None:
    assert [value for _, _, value in find_months(text)] == months
