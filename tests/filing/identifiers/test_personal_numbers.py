"""Numbers on people's papers: ID card, residence permits, permits, passports."""

from datetime import date

import pytest
from hypothesis import given

from filing.identifiers import hk_mo_permit, id_card, passport, residence_permit, taiwan_permit
from filing.identifiers.foreign_permanent_resident import parse_permanent_resident
from filing.identifiers.hk_mo_permit import parse_hk_mo_permit
from filing.identifiers.id_card import Sex, parse_id_card
from filing.identifiers.passport import parse_passport
from filing.identifiers.residence_permit import parse_residence_permit
from filing.identifiers.taiwan_permit import parse_taiwan_permit
from filing.invalid import Invalid, invalid
from tests.filing.identifiers.made import (
    TODAY,
    id_cards,
    permanent_residents,
    residence_permits,
    with_id_check,
)

SPECIMEN = "11010519491231002X"


def code(value: str | Invalid) -> str | None:
    """The code a value was refused with, or None."""
    return value.code if isinstance(value, Invalid) else None


@pytest.mark.parametrize("number", [SPECIMEN, "440524188001010014"])
def test_the_specimens_of_the_standard_pass(number: str) -> None:
    assert parse_id_card(number, TODAY) == number


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u200b19491231002X",
        "11010519491231002×",
        "11010519491231002Х",  # a Cyrillic letter
    ],
)
def test_the_ways_people_type_an_id_number_read_alike(typed: str) -> None:
    assert parse_id_card(typed, TODAY) == SPECIMEN


@pytest.mark.parametrize(
    "typed,refusal",
    [
        ("", "id_card.length"),
        ("1101051949123100", "id_card.length"),
        ("11010519491231002XX", "id_card.length"),
        ("110105491231002", "id_card.old_fifteen"),
        ("A1010519491231002X", "id_card.letters"),
        ("1101051949123100X2", "id_card.letters"),
        ("110105194912310021", "id_card.checksum"),
        (with_id_check("11010519491331002"), "id_card.birth_date"),
        (with_id_check("11010519490229002"), "id_card.birth_date"),
        (with_id_check("11010517000101002"), "id_card.birth_date"),
        (with_id_check("11010520261124002"), "id_card.birth_date_future"),
        (with_id_check("99010519491231002"), "certificate.looks_like"),
        ("990105194912310021", "id_card.province"),
        (with_id_check("16010519491231002"), "id_card.province"),
    ],
)
def test_a_wrong_id_number_names_the_likely_slip(typed: str, refusal: str) -> None:
    assert code(parse_id_card(typed, TODAY)) == refusal


def test_a_refusal_holds_neither_the_number_nor_the_right_check_digit() -> None:
    assert parse_id_card("110105194912310021", TODAY) == invalid("id_card.checksum")


def test_a_residence_permit_given_as_id_card_is_recognised() -> None:
    number = with_id_check("81000019900101001")
    assert parse_id_card(number, TODAY) == invalid(
        "certificate.looks_like", looks_like="hk_mo_tw_residence_permit"
    )


def test_an_unknown_county_is_no_refusal_but_can_be_asked_for() -> None:
    unknown = with_id_check("11999919491231002")
    assert parse_id_card(unknown, TODAY) == unknown
    assert not id_card.county_is_known(unknown)
    assert id_card.county_is_known(SPECIMEN)
    assert id_card.county_is_known(with_id_check("11010319491231002"))  # 崇文区, until 2009


def test_birth_age_and_sex_come_from_the_number() -> None:
    assert id_card.birth_date(SPECIMEN) == date(1949, 12, 31)
    assert id_card.age(SPECIMEN, date(2026, 12, 30)) == 76
    assert id_card.age(SPECIMEN, date(2026, 12, 31)) == 77
    assert id_card.sex(SPECIMEN) is Sex.FEMALE
    assert id_card.sex("440524188001010014") is Sex.MALE
    assert id_card.birth_date("H12345678") is None
    assert id_card.age("H12345678", TODAY) is None


def test_one_born_on_29_february_turns_older_on_1_march() -> None:
    number = with_id_check("11010520040229002")
    assert id_card.age(number, date(2022, 2, 28)) == 17
    assert id_card.age(number, date(2022, 3, 1)) == 18


@given(id_cards)
def test_every_id_number_that_checks_out_is_taken(number: str) -> None:
    assert parse_id_card(number, TODAY) == number


@given(id_cards)
def test_any_one_digit_changed_is_noticed(number: str) -> None:
    wrong = number[:16] + str((int(number[16]) + 1) % 10) + number[17]
    assert code(parse_id_card(wrong, TODAY)) == "id_card.checksum"


@given(residence_permits)
def test_residence_permits_are_taken_and_tell_where_their_holder_is_from(number: str) -> None:
    assert parse_residence_permit(number, TODAY) == number
    home = {"81": "hong_kong", "82": "macao", "83": "taiwan"}[number[:2]]
    assert residence_permit.home(number) == home


@pytest.mark.parametrize(
    "typed,refusal",
    [
        ("8100001990", "residence_permit.length"),
        ("81000019900101001A", "residence_permit.letters"),
        ("840000199001010010", "residence_permit.prefix"),
        ("810000199001010010", "residence_permit.checksum"),
        (SPECIMEN, "certificate.looks_like"),
        (with_id_check("81000019901301001"), "residence_permit.birth_date"),
        (with_id_check("81000020270101001"), "residence_permit.birth_date_future"),
    ],
)
def test_a_wrong_residence_permit_names_the_likely_slip(typed: str, refusal: str) -> None:
    assert code(parse_residence_permit(typed, TODAY)) == refusal


@given(permanent_residents)
def test_new_permanent_residence_cards_are_taken(number: str) -> None:
    assert parse_permanent_resident(number, TODAY) == number


@pytest.mark.parametrize(
    "typed,result",
    [
        ("usa110080010100", "USA110080010100"),
        (SPECIMEN, invalid("certificate.looks_like", looks_like="id_card")),
        (
            with_id_check("83000019900101001"),
            invalid("certificate.looks_like", looks_like="hk_mo_tw_residence_permit"),
        ),
        ("110105194912310021", invalid("permanent_resident.prefix")),
        ("US1110080010100", invalid("permanent_resident.letters")),
        ("123", invalid("permanent_resident.length", length=3)),
    ],
)
def test_permanent_residence_numbers_of_both_forms(typed: str, result: str | Invalid) -> None:
    assert parse_permanent_resident(typed, TODAY) == result


@pytest.mark.parametrize(
    "typed,result",
    [
        ("h12345678", "H12345678"),
        ("M 1234 5678 01", "M1234567801"),
        ("H1234567", invalid("hk_mo_permit.length", length=8)),
        ("A12345678", invalid("hk_mo_permit.letters")),
        ("H1234567A", invalid("hk_mo_permit.letters")),
    ],
)
def test_hong_kong_and_macao_permits(typed: str, result: str | Invalid) -> None:
    assert parse_hk_mo_permit(typed) == result


def test_a_permit_tells_home_and_renewals() -> None:
    assert hk_mo_permit.home("M12345678") == "macao"
    assert hk_mo_permit.home("H12345678") == "hong_kong"
    assert hk_mo_permit.renewals("H1234567801") == 1
    assert hk_mo_permit.renewals("H12345678") is None


@pytest.mark.parametrize(
    "typed,result",
    [
        ("1234 5678", "12345678"),
        ("1234567890a", "1234567890A"),
        ("1234567", invalid("taiwan_permit.length", length=7)),
        ("1234567A", invalid("taiwan_permit.letters")),
    ],
)
def test_taiwan_permits(typed: str, result: str | Invalid) -> None:
    assert parse_taiwan_permit(typed) == result


def test_an_old_taiwan_booklet_is_told_from_a_card() -> None:
    assert taiwan_permit.is_old_booklet("1234567890")
    assert not taiwan_permit.is_old_booklet("12345678")


@pytest.mark.parametrize(
    "typed,result",
    [
        ("e12345678", "E12345678"),
        ("EA1234567", "EA1234567"),
        ("c-01x 00t47", "C01X00T47"),
        ("ABCDEFG", invalid("passport.letters")),
        ("12", invalid("passport.length", min=5, max=17)),
        ("护照12345", invalid("passport.letters")),
    ],
)
def test_passports(typed: str, result: str | Invalid) -> None:
    assert parse_passport(typed) == result


def test_a_chinese_passport_is_told_from_a_foreign_one() -> None:
    assert passport.is_chinese("E12345678")
    assert not passport.is_chinese("C01X00T47")
