"""Filing numbers and the public security's numbers, however people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing.filing_number import FilingNumber, filing_numbers_in, narrow, parse_filing_number
from filing.invalid import Invalid
from filing.police_number import PoliceNumber, digits_linked, parse_police_number
from filing.provinces import PROVINCES


@st.composite
def numbers(draw: st.DrawFn) -> FilingNumber:
    letter = draw(st.sampled_from(PROVINCES)).abbr
    serial = draw(st.from_regex(r"[0-9]{8}|[0-9]{10}", fullmatch=True))
    service = draw(st.none() | st.integers(1, 99_999))
    sort = draw(st.sampled_from(("", "A", "X", "K"))) if service else ""
    return FilingNumber(f"{letter}ICP备{serial}号", service, sort)


@given(numbers(), st.text(max_size=20), st.text(max_size=20))
def test_a_number_is_found_in_any_text(number: FilingNumber, before: str, after: str) -> None:
    text = f"{before} {number.full} ｜{after}"
    places = [where for found, where in filing_numbers_in(text) if found.full == number.full]
    assert number.full in (text[where].strip() for where in places)


@given(st.text())
def test_any_text_can_be_searched_and_keeps_its_places(text: str) -> None:
    assert len(narrow(text)) == len(text)
    for number, where in filing_numbers_in(text):
        assert number.as_written == text[where].strip()


@pytest.mark.parametrize(
    "text, full",
    [
        ("苏ICP备2026000001号-1", "苏ICP备2026000001号-1"),
        ("我的备案号是苏icp备2026000001-1，谢谢", "苏ICP备2026000001号-1"),
        ("蘇ICP備2026000001號", "苏ICP备2026000001号"),
        ("粤 ICP 备 12345678 号 - 12A", "粤ICP备12345678号-12A"),
        ("京ICP证030173号-1", "京ICP证030173号-1"),
        ("京ICP证B2-20090059号", "京ICP证B2-20090059号"),
        ("粤B2-20090059-5", "粤B2-20090059-5"),
    ],
)
def test_a_number_is_read_kindly(text: str, full: str) -> None:
    number = parse_filing_number(text)
    assert isinstance(number, FilingNumber)
    assert number.full == full


@pytest.mark.parametrize(
    "text", ["", "备案号", "苏ICP备123号", "ICP备2026000001号", "HB2-20090059X1"]
)
def test_what_is_no_number_is_told_so(text: str) -> None:
    found = parse_filing_number(text)
    assert isinstance(found, Invalid) and found.code == "filing_number.format"


def test_one_number_said_twice_is_one() -> None:
    assert isinstance(
        parse_filing_number("苏ICP备2026000001号-1（苏ICP备2026000001号-1）"), FilingNumber
    )


def test_a_police_number_knows_its_page() -> None:
    number = parse_police_number("京公网安备 11010502030143号")
    assert isinstance(number, PoliceNumber)
    assert number.full == "京公网安备11010502030143号"
    assert digits_linked(number.link) == number.digits
    assert isinstance(parse_police_number("京公网安备"), Invalid)
