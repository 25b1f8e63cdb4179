"""Numbers read with a slip: put right where one way only fits, else left to the applicant."""

from datetime import date

import pytest

from bot.inspection.ocr.numbers import (
    codes_of_symbols,
    permit_number,
    personal_number,
    unified_code,
)
from filing.identifiers import mod11, uscc

TODAY = date(2026, 11, 26)
CODE = "91320114MA1WABCD0W"  # no body's: see the fixture below
ID = "110108188403076519"


@pytest.fixture(scope="module")
def code() -> str:
    """A unified code all of whose check characters fit."""
    return "91350100M000100Y43"  # the standard's own example


def test_a_code_is_found_beside_its_label(code: str) -> None:
    assert uscc.checks_out(code)
    assert uscc.organisation_fits(code)
    assert unified_code((f"统一社会信用代码 {code}", "名称", "2023年06月12日")) == code
    assert unified_code((f"统一社会信用代码:{code[:8]} {code[8:]}",)) == code


def test_one_slip_is_put_right(code: str) -> None:
    assert unified_code((code.replace("M0001", "MO001"),)) == code
    assert unified_code((code.replace("91350", "913S0"),)) == code


def test_two_slips_are_left_out(code: str) -> None:
    assert unified_code((code.replace("M0001", "MO0O1"),)) is None


def test_a_slip_of_another_sort_is_left_out(code: str) -> None:
    wrong = code[:9] + "4" + code[10:]
    assert unified_code((wrong,)) is None


def test_two_codes_on_a_page_are_none(code: str) -> None:
    other = "91110000100000000A"
    other = next(
        f"{other[:17]}{sign}"
        for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY"
        if uscc.checks_out(f"{other[:17]}{sign}")
    )
    assert unified_code((code, other)) is None


@pytest.mark.parametrize(
    "said",
    [
        "http://www.gsxt.gov.cn/index.html?uniscid={}",
        "统一社会信用代码:{};名称:样例有限公司;",
        "{}",
    ],
)
def test_a_licences_qr_code_gives_its_number(said: str, code: str) -> None:
    assert codes_of_symbols((said.format(code),)) == code


def test_a_qr_code_that_is_an_address_gives_nothing() -> None:
    assert codes_of_symbols(("https://zzapp.gsxt.gov.cn/QR?c=5f2c1a90d7",)) is None


def test_an_id_number_is_found_and_one_letter_in_it_put_right() -> None:
    number = next(f"{ID[:17]}{sign}" for sign in "0123456789X" if mod11.checks_out(ID[:17] + sign))
    assert personal_number(("公民身份号码", number), TODAY) == number
    assert personal_number((number.replace("0", "O", 1),), TODAY) == number
    assert personal_number((number.replace("1884", "188A"),), TODAY) is None


def test_a_wrong_digit_of_an_id_number_is_never_guessed() -> None:
    number = next(f"{ID[:17]}{sign}" for sign in "0123456789X" if mod11.checks_out(ID[:17] + sign))
    for place in range(17):
        for digit in "0123456789":
            if digit != number[place]:
                misread = number[:place] + digit + number[place + 1 :]
                assert personal_number((misread,), TODAY) is None


def test_permits_have_their_own_shape() -> None:
    assert permit_number(("H12345678",), taiwan=False) == "H12345678"
    assert permit_number(("12345678",), taiwan=True) == "12345678"
    assert permit_number(("12345678",), taiwan=False) is None
