"""Codes of bodies: unified credit code, organisation code, registration number, free codes."""

import pytest
from hypothesis import given

from filing.identifiers import uscc
from filing.identifiers.certificate import looks_like, parse_certificate, province_of_certificate
from filing.identifiers.free_code import parse_free_code
from filing.identifiers.org_code import parse_org_code
from filing.identifiers.registration_15 import parse_registration
from filing.identifiers.uscc import parse_uscc
from filing.invalid import Invalid, invalid
from filing.subject import CertificateType, SubjectKind
from tests.filing.identifiers.made import (
    TODAY,
    org_codes,
    registrations,
    usccs,
    with_id_check,
    with_uscc_check,
)

SPECIMEN = "91350100M000100Y43"
ID_CARD = "11010519491231002X"
PUBLISHED = [
    "914403001922038216",
    "9144030071526726XG",
    "91110000802100433B",
    "12441400456763110Y",
    SPECIMEN,
]


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_pass_and_so_does_the_organisation_code_inside(code: str) -> None:
    assert parse_uscc(code) == code
    assert uscc.organisation_fits(code)


@pytest.mark.parametrize(
    "typed",
    ["91350100m000100y43", " 9135 0100 M000 100Y 43 ", "９１３５０１００Ｍ０００１００Ｙ４３"],
)
def test_the_ways_people_type_a_code_read_alike(typed: str) -> None:
    assert parse_uscc(typed) == SPECIMEN


@pytest.mark.parametrize(
    "typed,result",
    [
        ("91350100M000100Y4", invalid("uscc.length", length=17, expected=18)),
        ("91350100M000100Y44", invalid("uscc.checksum")),
        ("9135O100M000100Y43", invalid("uscc.lookalike", letter="O", likely="0")),
        ("9I350100M000100Y43", invalid("uscc.lookalike", letter="I", likely="1")),
        ("9135O100M000100Y44", invalid("uscc.letters")),
        ("91350100中000100Y43", invalid("uscc.letters")),
        ("9135A100M000100Y43", invalid("uscc.letters")),
    ],
)
def test_a_wrong_code_names_the_likely_slip(typed: str, result: Invalid) -> None:
    assert parse_uscc(typed) == result


@given(usccs)
def test_every_code_that_checks_out_is_taken(code: str) -> None:
    assert parse_uscc(code) == code


@given(usccs)
def test_neighbours_swapped_are_noticed(code: str) -> None:
    swapped = code[:8] + code[9] + code[8] + code[10:]
    assert (parse_uscc(swapped) == swapped) is (code[8] == code[9])


def test_a_code_taken_apart() -> None:
    parts = uscc.parts(SPECIMEN)
    assert (parts.department, parts.category, parts.region) == ("9", "1", "350100")
    assert (parts.organisation, parts.check) == ("M000100Y4", "3")
    assert uscc.province_name(SPECIMEN) == "福建"
    assert uscc.province_name(with_uscc_check("91100000M000100Y4")) is None


def test_the_first_two_characters_tell_the_likely_kind_of_subject() -> None:
    assert uscc.likely_kinds(SPECIMEN)[0] is SubjectKind.ENTERPRISE
    assert uscc.likely_kinds("92")[0] is SubjectKind.SOLE_PROPRIETOR
    assert uscc.likely_kinds("12")[0] is SubjectKind.PUBLIC_INSTITUTION
    assert uscc.likely_kinds("Y1") == ()


def test_a_code_that_reads_as_an_id_number_counts_as_a_persons() -> None:
    assert uscc.could_be_a_person(ID_CARD)
    assert not uscc.could_be_a_person(SPECIMEN)


@given(org_codes)
def test_organisation_codes_with_and_without_dash(code: str) -> None:
    assert parse_org_code(f"{code[:8].lower()}-{code[8]}") == code


@pytest.mark.parametrize(
    "typed,refusal",
    [
        ("M000100Y5", "org_code.checksum"),
        ("M00", "org_code.length"),
        ("M000100YA", "org_code.letters"),
    ],
)
def test_a_wrong_organisation_code_names_the_slip(typed: str, refusal: str) -> None:
    result = parse_org_code(typed)
    assert isinstance(result, Invalid)
    assert result.code == refusal


def test_the_published_registration_number_passes() -> None:
    assert parse_registration("330108000003512") == "330108000003512"


@given(registrations)
def test_registration_numbers_that_check_out_are_taken_and_others_not(number: str) -> None:
    assert parse_registration(number) == number
    wrong = number[:14] + str((int(number[14]) + 1) % 10)
    assert parse_registration(wrong) == invalid("registration.checksum")


def test_registration_numbers_of_another_form_are_refused() -> None:
    assert parse_registration("33010800000351A") == invalid("registration.letters")
    assert parse_registration("33") == invalid("registration.length", length=2, expected=15)


@pytest.mark.parametrize(
    "typed,result",
    [
        ("苏司许（2020）第0001号", "苏司许(2020)第0001号"),
        ("pdy 12345-678", "PDY12345-678"),
        ("中国人民解放军99999部队", "中国人民解放军99999部队"),
        ("12", invalid("certificate.length", min=4, max=30)),
        ("没有数字", invalid("certificate.letters")),
        ("12@45", invalid("certificate.letters")),
    ],
)
def test_numbers_without_a_published_form(typed: str, result: str | Invalid) -> None:
    assert parse_free_code(typed) == result


@pytest.mark.parametrize(
    "type_,typed,result",
    [
        ("business_licence", SPECIMEN, SPECIMEN),
        ("business_licence", "330108000003512", "330108000003512"),
        ("business_licence", ID_CARD, invalid("certificate.looks_like", looks_like="id_card")),
        (
            "business_licence",
            "13800138000",
            invalid("certificate.looks_like", looks_like="mobile_phone"),
        ),
        ("id_card", SPECIMEN, invalid("certificate.looks_like", looks_like="business_licence")),
        ("id_card", "a@example.cn", invalid("certificate.looks_like", looks_like="email")),
        ("id_card", "H12345678", invalid("certificate.looks_like", looks_like="hk_mo_permit")),
        ("id_card", "11010519491331002X", invalid("id_card.birth_date")),
        ("passport", "13800138000", invalid("certificate.looks_like", looks_like="mobile_phone")),
        ("military_unit_code", ID_CARD, invalid("certificate.looks_like", looks_like="id_card")),
        ("org_code", SPECIMEN, SPECIMEN),
        ("org_code", "M000100Y4", "M000100Y4"),
        ("social_org_cert", SPECIMEN, SPECIMEN),
        ("social_org_cert", "91350100M000100Y44", invalid("uscc.checksum")),
        ("social_org_cert", "社证字第4567号", "社证字第4567号"),
        ("unified_code", "9135", invalid("uscc.length", length=4, expected=18)),
        ("foreign_permanent_resident", "USA110080010100", "USA110080010100"),
    ],
)
def test_a_number_is_judged_by_its_certificate_type(
    type_: str, typed: str, result: str | Invalid
) -> None:
    assert parse_certificate(CertificateType(type_), typed, TODAY) == result


@pytest.mark.parametrize("type_", list(CertificateType))
def test_every_certificate_type_has_a_reader_that_refuses_nonsense(type_: CertificateType) -> None:
    assert isinstance(parse_certificate(type_, "?", TODAY), Invalid)


def test_only_numbers_that_prove_themselves_look_like_something() -> None:
    assert looks_like(ID_CARD, TODAY) == "id_card"
    assert looks_like(with_id_check("82000019900101001"), TODAY) == "hk_mo_tw_residence_permit"
    assert looks_like(SPECIMEN, TODAY) == "business_licence"
    assert looks_like("12345678", TODAY) is None


@pytest.mark.parametrize(
    "type_,number,province",
    [
        ("business_licence", SPECIMEN, "福建"),
        ("business_licence", "330108000003512", "浙江"),
        ("id_card", ID_CARD, "北京"),
        ("passport", "E12345678", None),
        ("hk_mo_tw_residence_permit", with_id_check("81000019900101001"), None),
        ("military_unit_code", "99999部队", None),
    ],
)
def test_the_province_in_a_certificate_number(
    type_: str, number: str, province: str | None
) -> None:
    assert province_of_certificate(type_, number) == province
