"""The sheet shows every item in console order, sensitive ones masked."""

from dataclasses import replace
from datetime import date
from operator import attrgetter

import pytest

from filing.masking import mask_address, mask_email, mask_name, mask_number, mask_phone
from filing.model import (
    PERMANENT,
    Certificate,
    Filing,
    Resources,
    ResponsiblePerson,
    Subject,
    Website,
)
from filing.sheet import Line, sheet
from filing.subject import CertificateType, SubjectKind

PRINCIPAL = ResponsiblePerson(
    name="样例甲",
    certificate=Certificate(
        CertificateType.ID_CARD, "11010519491231002X", "北京市朝阳区样例路1号", PERMANENT
    ),
    is_legal_representative=True,
    mobile="13900000001",
    office_phone="02500000001",
    email="sample@example.cn",
)
MANAGER = ResponsiblePerson(name="样例乙", mobile="13900000002", email="other@example.cn")
COMPANY = Filing(
    subject=Subject(
        kind=SubjectKind.ENTERPRISE,
        certificate=Certificate(
            CertificateType.BUSINESS_LICENCE, "91350100M000100Y43", "江苏省南京市样例路1号"
        ),
        name="南京样例科技有限公司",
        province="江苏",
        address="江苏省南京市雨花台区软件大道1号",
    ),
    principal=PRINCIPAL,
    site_manager=MANAGER,
    site_manager_same=False,
    emergency_phone="13900000003",
    website=Website(
        name="样例科技官网",
        domain="example.cn",
        pre_approval=("none",),
        languages=("zh_hans", "en"),
        ips=("203.0.113.7",),
        domain_valid_until=date(2028, 1, 31),
        remark="介绍本公司产品",
    ),
    resources=Resources(server_location="mainland"),
)


def lines(filing: Filing) -> dict[str, Line]:
    return {line.field: line for line in sheet(filing)}


def test_the_sections_stand_in_console_order() -> None:
    keys = [section.key for section in sheet(COMPANY).sections]
    assert keys == ["subject", "principal", "website", "site_manager", "remark"]


def test_sections_and_labels_never_share_a_name() -> None:
    shown = sheet(COMPANY)
    assert not {section.key for section in shown.sections} & {line.label for line in shown}


def test_every_asked_line_names_a_field_of_the_filing() -> None:
    for line in sheet(COMPANY):
        if not line.derived:
            attrgetter(line.field)(COMPANY)


def test_no_field_is_shown_twice() -> None:
    shown = [line.field for line in sheet(COMPANY)]
    assert len(shown) == len(set(shown))


def test_persons_are_masked_and_public_facts_are_not() -> None:
    shown = lines(COMPANY)
    assert shown["principal.certificate.number"].masked == "**************002X"
    assert shown["principal.mobile"].masked == "139****0001"
    assert shown["principal.email"].masked == "s***@example.cn"
    assert shown["principal.name"].masked == "样**"
    assert shown["subject.certificate.number"].masked == "91350100M000100Y43"
    assert shown["subject.name"].masked == "南京样例科技有限公司"


def test_no_masked_line_of_an_individual_holds_the_value_it_hides() -> None:
    subject = replace(
        COMPANY.subject,
        kind=SubjectKind.INDIVIDUAL,
        name=PRINCIPAL.name,
        certificate=PRINCIPAL.certificate,
        residence_proof="residence_permit",
    )
    masked = "\n".join(line.masked for line in sheet(replace(COMPANY, subject=subject)))
    for secret in ("样例甲", "样例乙", "11010519491231002X", "13900000001", "软件大道", "sample@"):
        assert secret not in masked


def test_home_page_and_region_follow_from_other_items() -> None:
    shown = lines(COMPANY)
    assert shown["website.home_page"].value == "www.example.cn"
    assert shown["subject.address.region"].value == "江苏省南京市雨花台区"
    assert [line.field for line in sheet(COMPANY) if line.derived] == [
        "subject.address.region",
        "website.home_page",
    ]


def test_one_person_in_both_roles_is_shown_in_both() -> None:
    shown = lines(replace(COMPANY, site_manager_same=True, site_manager=ResponsiblePerson()))
    assert shown["site_manager.name"].value == "样例甲"


def test_options_are_named_in_the_readers_language() -> None:
    shown = {
        line.field: line.value
        for line in sheet(COMPANY, lambda vocabulary, option: f"{vocabulary}:{option}")
    }
    assert shown["subject.kind"] == "subject_kind:enterprise"
    assert shown["principal.certificate.type"] == "cert_type:id_card"
    assert shown["principal.certificate.valid_until"] == "expiry:permanent"
    assert shown["website.languages"] == "language:zh_hans、language:en"
    assert shown["site_manager_same"] == "yes_no:no"


def test_items_that_do_not_concern_the_filing_are_left_out() -> None:
    person = replace(COMPANY, subject=replace(COMPANY.subject, kind=SubjectKind.INDIVIDUAL))
    assert "principal.is_legal_representative" not in lines(person)
    assert "website.pre_approval_number" not in lines(COMPANY)
    news = replace(COMPANY, website=replace(COMPANY.website, pre_approval=("news",)))
    assert "website.pre_approval_number" in lines(news)


def test_an_empty_filing_has_every_section_and_no_value() -> None:
    shown = sheet(Filing())
    assert len(shown.sections) == 5
    assert not any(line.value or line.masked for line in shown)


@pytest.mark.parametrize(
    "mask, value, shown",
    [
        (mask_number, "11010519491231002X", "**************002X"),
        (mask_number, "123", "***"),
        (mask_phone, "13800000000", "138****0000"),
        (mask_phone, "02500001234", "025****1234"),
        (mask_phone, "057100001234-801", "0571****1234-801"),
        (mask_email, "a@example.cn", "a***@example.cn"),
        (mask_name, "样例", "样*"),
        (mask_address, "江苏省南京市雨花台区软件大道1号", "江苏省南京市***"),
        (mask_address, "某处", "***"),
    ],
)
def test_a_mask_leaves_just_enough_to_recognise(mask: object, value: str, shown: str) -> None:
    assert callable(mask)
    assert mask(value) == shown
