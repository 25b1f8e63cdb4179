"""Dates, machine lines and kinds of paper, as they are told from words."""

import pytest

from bot.inspection.ocr.kinds import Paper, paper_of
from bot.inspection.ocr.mrz import check_digit, passport_lines
from bot.inspection.ocr.periods import Period, day, is_of_a_card, period
from filing.identifiers.dates import PERMANENT
from filing.materials.material import Side
from filing.subject import CertificateType

# The specimen of the standard (ICAO Doc 9303, part 4, appendix A).
FIRST = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
SECOND = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
ABOVE = ("ERIKSSON", "ANNA MARIA")


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2016.03.01-2036.03.01", Period("2016-03-01", "2036-03-01")),
        ("2016.03.01-长期", Period("2016-03-01", PERMANENT)),
        ("自2021年05月06日至2026年05月06日", Period("2021-05-06", "2026-05-06")),
        ("长期", Period(None, PERMANENT)),
        ("2016.03.01-203.03.01", None),
        ("2036.03.01-2016.03.01", None),
        ("2016年03月01日至", None),
        ("自 年 月 日", None),
    ],
)
def test_a_period_is_read_whole_or_not_at_all(text: str, expected: Period | None) -> None:
    assert period(text) == expected


def test_a_day_is_read_whole_or_not_at_all() -> None:
    assert day("2020年01月02日") == "2020-01-02"
    assert day("2020年01月32日") is None
    assert day("2020年01月02日 3") is None


def test_a_card_is_valid_for_5_10_or_20_years_to_the_day() -> None:
    assert is_of_a_card(Period("2016-03-01", "2036-03-01"))
    assert is_of_a_card(Period("2016-03-01", PERMANENT))
    assert not is_of_a_card(Period("2016-03-01", "2036-03-07"))
    assert not is_of_a_card(Period("2016-03-01", "2038-03-01"))
    assert not is_of_a_card(Period(None, PERMANENT))


def test_check_digits_are_those_of_the_standard() -> None:
    assert (check_digit("L898902C3"), check_digit("740812"), check_digit("120415")) == (
        "6",
        "2",
        "9",
    )


def test_the_machine_lines_give_number_end_and_name() -> None:
    read = passport_lines((*ABOVE, FIRST, SECOND))
    assert read is not None
    assert (read.number, str(read.valid_until), read.name) == (
        "L898902C3",
        "2012-04-15",
        "ERIKSSON ANNA MARIA",
    )


def test_letters_where_only_digits_stand_are_put_right() -> None:
    misread = SECOND.replace("UTO7408122", "UT074O8I22")
    read = passport_lines((*ABOVE, FIRST.replace("UTOERIKSSON", "UT0ER|KSSON"), misread))
    assert read is not None
    assert (read.number, read.name) == ("L898902C3", "ERIKSSON ANNA MARIA")


def test_a_check_digit_that_does_not_fit_leaves_everything_out() -> None:
    assert passport_lines((*ABOVE, FIRST, SECOND.replace("L898902C3", "L898982C3"))) is None


def test_a_name_the_page_does_not_print_above_is_left_out() -> None:
    read = passport_lines(("ERIKSSON", "ANNA", FIRST, SECOND))
    assert read is not None and read.name is None


@pytest.mark.parametrize(
    "words, expected",
    [
        (("营 业 执 照", "（副本）"), Paper(CertificateType.BUSINESS_LICENCE)),
        (("事业单位法人证书",), Paper(CertificateType.PUBLIC_INSTITUTION_CERT)),
        (("民办非企业单位（法人）登记证书",), Paper(CertificateType.PRIVATE_NON_ENTERPRISE_CERT)),
        (("姓名", "公民身份号码"), Paper(CertificateType.ID_CARD, Side.FRONT)),
        (("居民身份证", "有效期限"), Paper(CertificateType.ID_CARD, Side.BACK)),
        (("公民身份号码", "居民身份证", "有效期限"), Paper(CertificateType.ID_CARD, Side.WHOLE)),
        (
            ("港澳居民居住证", "有效期限"),
            Paper(CertificateType.HK_MO_TW_RESIDENCE_PERMIT, Side.BACK),
        ),
        (("港澳居民来往内地通行证", "姓名"), Paper(CertificateType.HK_MO_PERMIT, Side.FRONT)),
        (("网站建设方案书",), None),
    ],
)
def test_a_paper_is_known_by_its_words(words: tuple[str, ...], expected: Paper | None) -> None:
    assert paper_of(words) == expected
