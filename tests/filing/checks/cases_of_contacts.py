"""Cases of phone numbers, the site manager and letters."""

from filing.subject import SubjectKind
from tests.filing.checks.case import (
    BORN_1965,
    HK_MO,
    ID_CARD,
    NOT_LEGAL,
    PASSPORT,
    TWO_PERSONS,
    company,
    filed_in,
)
from tests.filing.checks.samples import COMPANY

CONTACTS = (
    company(
        "contacts.same_mobile",
        {**TWO_PERSONS, "site_manager.mobile": "13900000001"},
        TWO_PERSONS | {"site_manager.mobile": "13900000002"},
    ),
    company(
        "contacts.same_email",
        {**TWO_PERSONS, "site_manager.email": "JIA@example.com"},
        {"site_manager.email": "yi@example.com"},
    ),
    company("contacts.emergency_missing", {"emergency_phone": None}),
    company(
        "contacts.emergency_not_distinct",
        {"emergency_phone": "13900000001"},
        whose="principal_mobile",
    ),
    company(
        "contacts.emergency_remark",
        {**filed_in("甘肃"), "website.remark": None},
        {"website.remark": "应急电话使用人：样例丙，行政主管"},
        wanted="name_and_title",
    ),
    company(
        "contacts.office_landline_required",
        {**filed_in("江苏"), "principal.office_phone": "13900000004"},
        filed_in("湖南"),
    ),
    company(
        "contacts.office_repeats_mobile",
        {**filed_in("北京"), "principal.office_phone": "13900000001"},
        filed_in("湖南"),
    ),
    company(
        "contacts.office_remark",
        {**filed_in("重庆"), "website.remark": None},
        {"website.remark": "办公电话由前台接听"},
    ),
    company(
        "contacts.too_few_numbers",
        {
            **filed_in("北京"),
            **TWO_PERSONS,
            "principal.office_phone": "13900000001",
            "emergency_phone": "13900000002",
        },
        {"emergency_phone": "13900000003"},
        least=3,
        found=2,
    ),
    company(
        "contacts.mobile_from_elsewhere",
        {**filed_in("河北"), "principal.mobile": "13973100001"},
        {"principal.mobile": "13910000001"},
        found="湖南",
        areas="河北、北京、天津",
    ),
    company(
        "contacts.local_mobile_advised",
        {**filed_in("辽宁"), "principal.mobile": "13973100001"},
        filed_in("湖南"),
        found="湖南",
    ),
    company("contacts.virtual_number", {"principal.mobile": "17000000001"}, person="principal"),
    company(
        "contacts.email_at_filed_domain",
        {"principal.email": "jia@mail.example.cn"},
        domain="example.cn",
    ),
)


SITE_MANAGER = (
    company(
        "site_manager.must_be_principal",
        {**filed_in("安徽"), **NOT_LEGAL, **TWO_PERSONS},
        {"site_manager_same": True},
    ),
    company(
        "site_manager.same_as_authorised",
        {**filed_in("江西"), **NOT_LEGAL, **TWO_PERSONS},
        {"site_manager_same": True},
    ),
    company("site_manager.authorisation_letter", TWO_PERSONS),
    company(
        "site_manager.certificate_type_not_accepted",
        {**filed_in("福建"), **TWO_PERSONS, "site_manager.certificate.type": PASSPORT},
        {"site_manager.certificate.type": ID_CARD},
        accepted="id_card",
    ),
    company(
        "site_manager.must_hold_mainland_id",
        {
            **filed_in("福建"),
            **TWO_PERSONS,
            "principal.certificate.type": PASSPORT,
            "site_manager.certificate.type": HK_MO,
        },
        {"site_manager.certificate.type": ID_CARD},
    ),
    company(
        "site_manager.too_old",
        {**filed_in("天津"), **TWO_PERSONS, "site_manager.certificate.number": BORN_1965},
        filed_in("湖南"),
        age=60,
    ),
    company(
        "site_manager.is_principal",
        {**TWO_PERSONS, "site_manager.certificate.number": COMPANY.principal.certificate.number},
    ),
)


LETTERS = (
    company("letters.commitment", filed_in("广东"), filed_in("湖南")),
    company(
        "letters.commitment_for_words",
        {**filed_in("湖北"), "website.name": "云杉样例商城"},
        {"website.name": "云杉样例科技"},
        word="商城",
    ),
    company(
        "letters.education",
        {**filed_in("江苏"), "subject.name": "长沙云杉教育咨询有限公司"},
        {"website.pre_approval": ("education",)},
        word="教育咨询",
    ),
    company("letters.commitment_video", filed_in("江苏"), filed_in("湖南")),
    company(
        "letters.extra_material",
        {**filed_in("上海"), "subject.name": "上海云杉旅行社有限公司"},
        {"subject.name": "上海云杉科技有限公司"},
        documents="旅行社业务经营许可证",
    ),
    company(
        "letters.gov_domain_review",
        {"subject.kind": SubjectKind.GOVERNMENT, "website.domain": "example.gov.cn"},
        {"subject.kind": SubjectKind.LAW_FIRM},
    ),
)


CASES = (
    *CONTACTS,
    *SITE_MANAGER,
    *LETTERS,
)
