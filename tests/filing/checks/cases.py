"""For every check a filing it strikes, and one beside it that it lets pass."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from filing.model import PERMANENT, Filing
from filing.subject import CertificateType, SubjectKind
from tests.filing.checks.samples import COMPANY, PERSON, TODAY, Changes, changed

NANJING = "江苏省南京市雨花台区样例路1号"
PASSPORT, ID_CARD = CertificateType.PASSPORT, CertificateType.ID_CARD
HK_MO, PERMIT = CertificateType.HK_MO_PERMIT, CertificateType.HK_MO_TW_RESIDENCE_PERMIT
JIANGSU_ID = "32010619900101001X"
BORN_2011, BORN_2009, BORN_1965 = (
    "320106201101010013",
    "320106200903010017",
    "110101196501010010",
)


@dataclass(frozen=True, slots=True)
class Case:
    """``struck`` has the finding ``code``; ``passed``, nearly the same filing, has not."""

    code: str
    struck: Filing
    passed: Filing
    params: Changes = field(default_factory=dict)


def company(code: str, bad: Changes, ok: Changes | None = None, **params: Any) -> Case:
    """A case of a company; ``ok`` is what differs in the filing that passes."""
    return _case(COMPANY, code, bad, ok, params)


def person(code: str, bad: Changes, ok: Changes | None = None, **params: Any) -> Case:
    """A case of an individual."""
    return _case(PERSON, code, bad, ok, params)


def _case(base: Filing, code: str, bad: Changes, ok: Changes | None, params: Changes) -> Case:
    passed = base if ok is None else changed(base, {**bad, **ok})
    return Case(code, changed(base, bad), passed, params)


def named(code: str, name: str, better: str, province: str = "湖南", **params: Any) -> Case:
    """A case of a company's website name."""
    bad = {"website.name": name, "subject.province": province}
    return company(code, bad, {"website.name": better}, **params)


def named_by_person(
    code: str, name: str, better: str, province: str = "湖南", **params: Any
) -> Case:
    """A case of an individual's website name."""
    bad = {"website.name": name, "subject.province": province}
    return person(code, bad, {"website.name": better}, **params)


def _in(province: str, **kind: Any) -> dict[str, Any]:
    return {"subject.province": province, **({"subject.kind": kind["kind"]} if kind else {})}


_TWO = {"site_manager_same": False}
_SOLE = SubjectKind.SOLE_PROPRIETOR
_NO_LEGAL = {"principal.is_legal_representative": False}

SUBJECT = (
    company("subject.province_not_served", _in("西藏"), province="西藏"),
    company("subject.certificate_not_of_kind", {"subject.certificate.type": ID_CARD}),
    company("subject.kind_unlike_code", {"subject.kind": SubjectKind.FOUNDATION}),
    company("subject.code_of_other_province", _in("江苏"), registered="湖南"),
    company(
        "subject.certificate_address_elsewhere",
        {"subject.certificate.address": NANJING},
        found="江苏",
    ),
    company("subject.certificate_expired", {"subject.certificate.valid_until": date(2026, 1, 1)}),
    company(
        "subject.licence_validity_short",
        {**_in("上海"), "subject.certificate.valid_until": date(2027, 10, 1)},
        {"subject.certificate.valid_until": date(2027, 12, 1)},
        months=12,
    ),
    company(
        "subject.business_licence_required",
        {**_in("广西"), "subject.certificate.type": CertificateType.ORG_CODE},
        _in("湖南"),
    ),
    company(
        "subject.unified_code_required",
        {**_in("四川"), "subject.certificate.number": "330108000003512"},
        _in("湖南"),
    ),
    company(
        "subject.name_brackets",
        {**_in("北京"), "subject.name": "样例（北京）有限公司"},
        _in("湖南"),
    ),
    company("subject.studio_seal", {"subject.name": "长沙云杉工作室"}),
    company("subject.sole_proprietor_seal", _in("上海", kind=_SOLE), _in("湖南")),
    company(
        "subject.sole_proprietor_trade_name",
        _in("河北", kind=_SOLE),
        _in("湖南"),
        otherwise="individual",
    ),
    company(
        "subject.sole_proprietor_operator_only",
        {**_in("黑龙江", kind=_SOLE), **_NO_LEGAL},
        {"principal.is_legal_representative": True},
    ),
    company(
        "subject.investor_missing",
        _in("福建"),
        {"subject.investor": COMPANY.subject.name},
        wanted="own_full_name",
    ),
    company(
        "subject.investor_unlike",
        {**_in("宁夏"), "subject.investor": "某投资公司"},
        {"subject.investor": COMPANY.principal.name},
    ),
    company(
        "subject.establishment_approval",
        _in("江西", kind=SubjectKind.PUBLIC_INSTITUTION),
        _in("湖南"),
    ),
)

RESIDENCE = (
    company("address.other_province", {"subject.address": NANJING}, found="江苏"),
    company(
        "address.other_city",
        {
            **_in("河北"),
            "subject.certificate.address": "河北省石家庄市长安区样例路1号",
            "subject.address": "河北省保定市竞秀区样例路1号",
        },
        {"subject.address": "河北省石家庄市桥西区样例路1号"},
        city="石家庄市",
    ),
    company(
        "address.no_district_placeholder",
        {**_in("浙江"), "subject.address": "浙江省杭州市市辖区样例路1号"},
        {"subject.address": "浙江省杭州市西湖区样例路1号"},
    ),
    company("address.district_missing", {"subject.address": "样例路1号"}),
    company(
        "address.door_number_required",
        {**_in("江苏"), "subject.address": "江苏省南京市雨花台区样例路"},
        {"subject.address": NANJING},
    ),
    company("address.door_number_missing", {"subject.address": "湖南省长沙市岳麓区样例路"}),
    person(
        "address.room_number_missing",
        {**_in("上海"), "subject.address": "上海市徐汇区样例路1号"},
        {"subject.address": "上海市徐汇区样例路1号301室"},
    ),
    person(
        "address.as_in_permit",
        {**_in("上海"), "subject.residence_proof": "residence_permit"},
        {"subject.residence_proof": "property"},
    ),
    person("residence.other_province_not_accepted", _in("河南"), home="湖南"),
    person(
        "residence.proof_missing",
        _in("浙江"),
        {"subject.residence_proof": "residence_permit"},
        accepted="residence_permit",
    ),
    person(
        "residence.proof_not_accepted",
        {**_in("广东"), "subject.residence_proof": "student_card"},
        {"subject.residence_proof": "property"},
        proof="student_card",
    ),
    person(
        "residence.foreigner_not_accepted",
        {**_in("河北"), "subject.certificate.type": PASSPORT},
        _in("北京"),
    ),
    person(
        "residence.foreigner_documents",
        {**_in("上海"), "subject.certificate.type": PASSPORT},
        {"subject.certificate.type": ID_CARD},
    ),
)

PRINCIPAL = (
    company("principal.must_be_legal_representative", _NO_LEGAL, province="湖南"),
    company(
        "principal.legal_representative_unless_foreign", {**_in("山西"), **_NO_LEGAL}, _in("湖南")
    ),
    company("principal.authorisation_letter", {**_in("四川"), **_NO_LEGAL}, _in("湖南")),
    company(
        "principal.must_hold_mainland_id",
        {**_in("山东"), "principal.certificate.type": HK_MO},
        _in("湖南"),
    ),
    company(
        "principal.name_as_in_passport",
        {**_in("上海"), "principal.certificate.type": PASSPORT},
        _in("湖南"),
    ),
    person("principal.not_the_individual", {"principal.name": "样例丁"}),
    person("principal.not_the_individuals_number", {"principal.certificate.number": JIANGSU_ID}),
    company(
        "principal.residence_proof",
        {**_in("四川"), "subject.name": "成都云杉商贸有限公司"},
        {"subject.name": "成都云杉科技有限公司"},
        accepted="residence_permit,social_security",
    ),
    company("principal.id_elsewhere_documents", _in("内蒙古")),
)

PERSONS = (
    company(
        "persons.certificate_expired",
        {"principal.certificate.valid_until": TODAY - timedelta(days=1)},
        {"principal.certificate.valid_until": TODAY},
        person="principal",
    ),
    company(
        "persons.certificate_expires_soon",
        {"principal.certificate.valid_until": date(2027, 2, 23)},
        {"principal.certificate.valid_until": date(2027, 2, 24)},
        months=3,
    ),
    company(
        "persons.certificate_renewal_advised",
        {"principal.certificate.valid_until": date(2027, 5, 23)},
        {"principal.certificate.valid_until": PERMANENT},
        months=6,
    ),
    company(
        "persons.certificate_type_not_accepted",
        {"principal.certificate.type": CertificateType.ORG_CODE},
    ),
    person(
        "persons.resident_id_only",
        {**_in("福建"), "subject.certificate.type": PASSPORT},
        _in("湖南"),
    ),
    person(
        "persons.hk_mo_tw_certificate",
        {**_in("广东"), "principal.certificate.type": HK_MO},
        {"principal.certificate.type": PERMIT},
        accepted="hk_mo_tw_residence_permit",
    ),
    company(
        "persons.residence_permit_first",
        {**_in("上海"), "principal.certificate.type": HK_MO},
        {"principal.certificate.type": PERMIT},
    ),
    company("persons.under_age_floor", {"principal.certificate.number": BORN_2011}, age=16),
    company(
        "persons.under_min_age",
        {"principal.certificate.number": BORN_2009},
        {**_in("海南")},
        age=18,
    ),
    person(
        "persons.minor_needs_staff",
        {**_in("陕西"), "principal.certificate.number": BORN_2009},
        {"principal.certificate.number": JIANGSU_ID},
        age=18,
    ),
    person(
        "persons.minor_documents",
        {**_in("江苏"), "principal.certificate.number": BORN_2009},
        {"principal.certificate.number": JIANGSU_ID},
        documents="income_proof",
    ),
)

CONTACTS = (
    company(
        "contacts.same_mobile",
        {**_TWO, "site_manager.mobile": "13900000001"},
        _TWO | {"site_manager.mobile": "13900000002"},
    ),
    company(
        "contacts.same_email",
        {**_TWO, "site_manager.email": "JIA@example.com"},
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
        {**_in("甘肃"), "website.remark": None},
        {"website.remark": "应急电话使用人：样例丙，行政主管"},
        wanted="name_and_title",
    ),
    company(
        "contacts.office_landline_required",
        {**_in("江苏"), "principal.office_phone": "13900000004"},
        _in("湖南"),
    ),
    company(
        "contacts.office_repeats_mobile",
        {**_in("北京"), "principal.office_phone": "13900000001"},
        _in("湖南"),
    ),
    company(
        "contacts.office_remark",
        {**_in("重庆"), "website.remark": None},
        {"website.remark": "办公电话由前台接听"},
    ),
    company(
        "contacts.too_few_numbers",
        {
            **_in("北京"),
            **_TWO,
            "principal.office_phone": "13900000001",
            "emergency_phone": "13900000002",
        },
        {"emergency_phone": "13900000003"},
        least=3,
        found=2,
    ),
    company(
        "contacts.mobile_from_elsewhere",
        {**_in("河北"), "principal.mobile": "13973100001"},
        {"principal.mobile": "13910000001"},
        found="湖南",
        areas="河北、北京、天津",
    ),
    company(
        "contacts.local_mobile_advised",
        {**_in("辽宁"), "principal.mobile": "13973100001"},
        _in("湖南"),
        found="湖南",
    ),
    company("contacts.virtual_number", {"principal.mobile": "17000000001"}, person="principal"),
    company(
        "contacts.email_at_filed_domain",
        {"principal.email": "jia@mail.example.cn"},
        domain="example.cn",
    ),
)

DOMAIN = (
    company("domain.holder_not_accepted", {"website.domain_holder": "other"}, holder="other"),
    company(
        "domain.holder_needs_letter",
        {**_in("重庆"), "website.domain_holder": "legal_representative"},
        {"website.domain_holder": "subject"},
        letter="unit_authorisation",
    ),
    company("domain.expired", {"website.domain_valid_until": date(2026, 11, 22)}),
    company(
        "domain.expires_too_soon",
        {"website.domain_valid_until": TODAY + timedelta(days=90)},
        {"website.domain_valid_until": TODAY + timedelta(days=91)},
        days=90,
        until="2027-02-22",
    ),
    company(
        "domain.verified_too_recently",
        {"website.domain_verified_on": date(2026, 11, 19)},
        {"website.domain_verified_on": date(2026, 11, 18)},
        days=3,
        ready="2026-11-24",
    ),
    company(
        "domain.suffix_not_allowed",
        {"subject.kind": SubjectKind.PUBLIC_INSTITUTION, "website.domain": "example.com"},
        {"website.domain": "example.cn"},
    ),
    company(
        "domain.suffix_refused",
        {**_in("北京"), "website.domain": "example.io"},
        {"website.domain": "example.cc"},
        suffix=".io",
    ),
    company("domain.suffix_unlisted", {"website.domain": "example.dev"}, suffix=".dev"),
    company("domain.suffix_reserved", {"website.domain": "example.gov.cn"}, suffix=".gov.cn"),
    company(
        "domain.national_bodies_only",
        {**_in("吉林"), "website.domain": "中国样例.中国"},
        {"website.domain": "样例.中国"},
    ),
    company(
        "domain.prefix_word",
        {**_in("北京"), "website.domain": "中国样例.com"},
        {"website.domain": "样例.com"},
        word="中国",
    ),
    company(
        "domain.prefix_needs_approval",
        {**_in("上海"), "website.domain": "samplegame.com"},
        {"website.domain": "sample.com"},
        word="game",
    ),
)

SITE_NAME = (
    named("site_name.too_short", "云杉", "云杉样例", least=3),
    named("site_name.long", "云杉" * 11, "云杉样例", most=20),
    named("site_name.digits_only", "12345", "云杉12345"),
    named("site_name.latin_only", "Spruce", "云杉Spruce样例"),
    named("site_name.latin", "云杉Spruce样例", "云杉样例", "重庆"),
    named_by_person("site_name.pinyin", "云杉yunshan笔记", "云杉笔记", "广东"),
    named_by_person("site_name.digits", "云杉笔记123", "云杉笔记", "四川"),
    named("site_name.special_characters", "云杉样例！", "云杉样例", sign="!"),
    named("site_name.domain", "example.cn", "云杉样例"),
    named("site_name.homepage_url", "云杉样例www.example.cn", "云杉样例", "山东"),
    named_by_person("site_name.person_name", "样例甲读书笔记", "云杉读书笔记"),
    named_by_person("site_name.personal_site", "云杉个人天地", "云杉读书笔记", "河南"),
    named_by_person("site_name.village_name", "云杉村在线", "云杉读书笔记", "广东"),
    named("site_name.national_word", "中国云杉样例", "云杉样例", word="中国"),
    named("site_name.sensitive_word", "云杉反腐样例", "云杉样例", word="反腐"),
    named("site_name.supervision_word", "云杉投诉样例", "云杉样例", word="投诉"),
    named_by_person("site_name.forum_word", "云杉读书论坛", "云杉读书笔记", word="论坛"),
    named_by_person("site_name.generic_word", "云杉读书主页", "云杉读书笔记", word="主页"),
    named_by_person("site_name.business_word", "云杉读书商城", "云杉读书笔记", word="商城"),
    named("site_name.province_word", "云杉样例资讯", "云杉样例", "天津", word="资讯"),
    company(
        "site_name.own_word_needs_proof",
        {"website.name": "人民样例出版", "subject.name": "人民样例出版社有限公司"},
        {"website.name": "样例出版"},
        word="人民",
    ),
    named("site_name.approval_word", "云杉样例社区", "云杉样例", word="社区"),
    named_by_person("site_name.trade_word", "云杉读书批发", "云杉读书笔记", word="批发"),
    named_by_person("site_name.place_name", "长沙读书笔记", "云杉读书笔记", place="长沙"),
    named("site_name.administrative_place", "怒江样例信息", "云杉样例信息", "云南", place="怒江"),
    named("site_name.unrelated", "松果乐园", "云杉乐园", how="advised"),
)

WEBSITE = (
    person(
        "website.blog_not_allowed",
        {**_in("北京"), "website.service_content": "blog"},
        {"website.service_content": "other"},
    ),
    company(
        "website.service_content_not_allowed",
        {**_in("江西"), "website.service_content": "other"},
        {"website.service_content": "unit_portal"},
        allowed="unit_portal",
    ),
    person("website.remark_missing", {"website.remark": None}),
    company(
        "website.remark_for_content",
        {**_in("湖北"), "website.service_content": "other", "website.remark": None},
        {"website.service_content": "unit_portal"},
        chosen="other",
    ),
    person(
        "website.remark_too_short",
        {**_in("内蒙古"), "website.remark": "纯个人网站"},
        {"website.remark": "纯个人网站，不含单位信息，分享自己读过的书和拍的照片，每周更新一篇"},
        least=30,
        found=5,
    ),
    person(
        "website.remark_declaration",
        {**_in("天津"), "website.remark": "分享读书笔记"},
        {"website.remark": "纯个人网站，分享读书笔记"},
    ),
    company(
        "website.remark_content",
        {**_in("内蒙古"), "website.remark": None},
        {"website.remark": "仅作展示，不含在线交易"},
        wanted="display_only",
    ),
    company(
        "website.remark_for_ips",
        {**_in("天津"), "website.ips": ("203.0.113.7", "203.0.113.8"), "website.remark": None},
        {"website.ips": ("203.0.113.7",)},
    ),
    company(
        "website.language_required",
        {**_in("上海"), "website.languages": ("en",)},
        {"website.languages": ("en", "zh-Hans")},
        language="zh-hans",
    ),
    company(
        "website.many_languages",
        {"website.languages": ("zh-Hans", "en", "ja")},
        {"website.languages": ("zh-Hans", "en")},
        most=2,
    ),
)

PRE_APPROVAL = (
    company("pre_approval.none_with_others", {"website.pre_approval": ("none", "news")}),
    company(
        "pre_approval.number_missing",
        {"website.pre_approval": ("news",)},
        {"website.pre_approval_number": "样例许可第1号"},
        category="news",
    ),
    person("pre_approval.not_for_individuals", {"website.pre_approval": ("culture",)}),
    company(
        "pre_approval.words",
        {"website.name": "云杉样例游戏"},
        {"website.pre_approval": ("game",)},
        category="game",
        word="游戏",
    ),
    person(
        "pre_approval.words_of_individual",
        {"website.remark": "分享游戏心得"},
        {"website.remark": "分享读书笔记，不涉及游戏"},
        category="game",
    ),
)

RESOURCES = (
    company("resources.server_overseas", {"resources.server_location": "overseas"}),
    company("resources.no_server", {"resources.server_location": "none"}),
    company(
        "resources.bought_too_short",
        {"resources.months_bought": 2},
        {"resources.months_bought": 3},
        months=3,
    ),
    company(
        "resources.ends_too_soon",
        {"resources.months_left": 2},
        {"resources.months_left": 3},
        months=3,
    ),
    company("resources.too_many_ips", {"website.ips": ("203.0.113.7", "203.0.113.8")}, most=1),
    company("resources.ip_not_public", {"website.ips": ("10.0.0.1",)}, ip="10.0.0.1"),
)

SITE_MANAGER = (
    company(
        "site_manager.must_be_principal",
        {**_in("安徽"), **_NO_LEGAL, **_TWO},
        {"site_manager_same": True},
    ),
    company(
        "site_manager.same_as_authorised",
        {**_in("江西"), **_NO_LEGAL, **_TWO},
        {"site_manager_same": True},
    ),
    company("site_manager.authorisation_letter", _TWO),
    company(
        "site_manager.certificate_type_not_accepted",
        {**_in("福建"), **_TWO, "site_manager.certificate.type": PASSPORT},
        {"site_manager.certificate.type": ID_CARD},
        accepted="id_card",
    ),
    company(
        "site_manager.must_hold_mainland_id",
        {
            **_in("福建"),
            **_TWO,
            "principal.certificate.type": PASSPORT,
            "site_manager.certificate.type": HK_MO,
        },
        {"site_manager.certificate.type": ID_CARD},
    ),
    company(
        "site_manager.too_old",
        {**_in("天津"), **_TWO, "site_manager.certificate.number": BORN_1965},
        _in("湖南"),
        age=60,
    ),
    company(
        "site_manager.is_principal",
        {**_TWO, "site_manager.certificate.number": COMPANY.principal.certificate.number},
    ),
)

LETTERS = (
    company("letters.commitment", _in("广东"), _in("湖南")),
    company(
        "letters.commitment_for_words",
        {**_in("湖北"), "website.name": "云杉样例商城"},
        {"website.name": "云杉样例科技"},
        word="商城",
    ),
    company(
        "letters.education",
        {**_in("江苏"), "subject.name": "长沙云杉教育咨询有限公司"},
        {"website.pre_approval": ("education",)},
        word="教育咨询",
    ),
    company("letters.commitment_video", _in("江苏"), _in("湖南")),
    company(
        "letters.extra_material",
        {**_in("上海"), "subject.name": "上海云杉旅行社有限公司"},
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
    *SUBJECT,
    *RESIDENCE,
    *PRINCIPAL,
    *PERSONS,
    *CONTACTS,
    *DOMAIN,
    *SITE_NAME,
    *WEBSITE,
    *PRE_APPROVAL,
    *RESOURCES,
    *SITE_MANAGER,
    *LETTERS,
)
