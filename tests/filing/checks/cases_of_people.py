"""Cases of the subject, its address and the papers of persons."""

from datetime import date, timedelta

from filing.model import PERMANENT
from filing.subject import CertificateType, SubjectKind
from tests.filing.checks.case import (
    BORN_2009,
    BORN_2011,
    HK_MO,
    ID_CARD,
    JIANGSU_ID,
    NANJING,
    NOT_LEGAL,
    PASSPORT,
    PERMIT,
    SOLE,
    company,
    filed_in,
    person,
)
from tests.filing.checks.samples import COMPANY, TODAY

SUBJECT = (
    company("subject.province_not_served", filed_in("西藏"), province="西藏"),
    company("subject.certificate_not_of_kind", {"subject.certificate.type": ID_CARD}),
    company("subject.kind_unlike_code", {"subject.kind": SubjectKind.FOUNDATION}),
    company("subject.code_of_other_province", filed_in("江苏"), registered="湖南"),
    company(
        "subject.certificate_address_elsewhere",
        {"subject.certificate.address": NANJING},
        found="江苏",
    ),
    company("subject.certificate_expired", {"subject.certificate.valid_until": date(2026, 1, 1)}),
    company(
        "subject.licence_validity_short",
        {**filed_in("上海"), "subject.certificate.valid_until": date(2027, 10, 1)},
        {"subject.certificate.valid_until": date(2027, 12, 1)},
        months=12,
    ),
    company(
        "subject.business_licence_required",
        {**filed_in("广西"), "subject.certificate.type": CertificateType.ORG_CODE},
        filed_in("湖南"),
    ),
    company(
        "subject.unified_code_required",
        {**filed_in("四川"), "subject.certificate.number": "330108000003512"},
        filed_in("湖南"),
    ),
    company(
        "subject.name_brackets",
        {**filed_in("北京"), "subject.name": "样例（北京）有限公司"},
        filed_in("湖南"),
    ),
    company("subject.studio_seal", {"subject.name": "长沙云杉工作室"}),
    company("subject.sole_proprietor_seal", filed_in("上海", kind=SOLE), filed_in("湖南")),
    company(
        "subject.sole_proprietor_trade_name",
        filed_in("河北", kind=SOLE),
        filed_in("湖南"),
        otherwise="individual",
    ),
    company(
        "subject.sole_proprietor_operator_only",
        {**filed_in("黑龙江", kind=SOLE), **NOT_LEGAL},
        {"principal.is_legal_representative": True},
    ),
    company(
        "subject.investor_missing",
        filed_in("福建"),
        {"subject.investor": COMPANY.subject.name},
        wanted="own_full_name",
    ),
    company(
        "subject.investor_unlike",
        {**filed_in("宁夏"), "subject.investor": "某投资公司"},
        {"subject.investor": COMPANY.principal.name},
    ),
    company(
        "subject.establishment_approval",
        filed_in("江西", kind=SubjectKind.PUBLIC_INSTITUTION),
        filed_in("湖南"),
    ),
)


RESIDENCE = (
    company("address.other_province", {"subject.address": NANJING}, found="江苏"),
    company(
        "address.other_city",
        {
            **filed_in("河北"),
            "subject.certificate.address": "河北省石家庄市长安区样例路1号",
            "subject.address": "河北省保定市竞秀区样例路1号",
        },
        {"subject.address": "河北省石家庄市桥西区样例路1号"},
        city="石家庄市",
    ),
    company(
        "address.no_district_placeholder",
        {**filed_in("浙江"), "subject.address": "浙江省杭州市市辖区样例路1号"},
        {"subject.address": "浙江省杭州市西湖区样例路1号"},
    ),
    company("address.district_missing", {"subject.address": "样例路1号"}),
    company(
        "address.door_number_required",
        {**filed_in("江苏"), "subject.address": "江苏省南京市雨花台区样例路"},
        {"subject.address": NANJING},
    ),
    company("address.door_number_missing", {"subject.address": "湖南省长沙市岳麓区样例路"}),
    person(
        "address.room_number_missing",
        {**filed_in("上海"), "subject.address": "上海市徐汇区样例路1号"},
        {"subject.address": "上海市徐汇区样例路1号301室"},
    ),
    person(
        "address.as_in_permit",
        {**filed_in("上海"), "subject.residence_proof": "residence_permit"},
        {"subject.residence_proof": "property"},
    ),
    person("residence.other_province_not_accepted", filed_in("河南"), home="湖南"),
    person(
        "residence.proof_missing",
        filed_in("浙江"),
        {"subject.residence_proof": "residence_permit"},
        accepted="residence_permit",
    ),
    person(
        "residence.proof_not_accepted",
        {**filed_in("广东"), "subject.residence_proof": "student_card"},
        {"subject.residence_proof": "property"},
        proof="student_card",
    ),
    person(
        "residence.foreigner_not_accepted",
        {**filed_in("河北"), "subject.certificate.type": PASSPORT},
        filed_in("北京"),
    ),
    person(
        "residence.foreigner_documents",
        {**filed_in("上海"), "subject.certificate.type": PASSPORT},
        {"subject.certificate.type": ID_CARD},
    ),
)


PRINCIPAL = (
    company("principal.must_be_legal_representative", NOT_LEGAL, province="湖南"),
    company(
        "principal.legal_representative_unless_foreign",
        {**filed_in("山西"), **NOT_LEGAL},
        filed_in("湖南"),
    ),
    company("principal.authorisation_letter", {**filed_in("四川"), **NOT_LEGAL}, filed_in("湖南")),
    company(
        "principal.must_hold_mainland_id",
        {**filed_in("山东"), "principal.certificate.type": HK_MO},
        filed_in("湖南"),
    ),
    company(
        "principal.name_as_in_passport",
        {**filed_in("上海"), "principal.certificate.type": PASSPORT},
        filed_in("湖南"),
    ),
    person("principal.not_the_individual", {"principal.name": "样例丁"}),
    person("principal.not_the_individuals_number", {"principal.certificate.number": JIANGSU_ID}),
    company(
        "principal.residence_proof",
        {**filed_in("四川"), "subject.name": "成都云杉商贸有限公司"},
        {"subject.name": "成都云杉科技有限公司"},
        accepted="residence_permit,social_security",
    ),
    company("principal.id_elsewhere_documents", filed_in("内蒙古")),
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
        {**filed_in("福建"), "subject.certificate.type": PASSPORT},
        filed_in("湖南"),
    ),
    person(
        "persons.hk_mo_tw_certificate",
        {**filed_in("广东"), "principal.certificate.type": HK_MO},
        {"principal.certificate.type": PERMIT},
        accepted="hk_mo_tw_residence_permit",
    ),
    company(
        "persons.residence_permit_first",
        {**filed_in("上海"), "principal.certificate.type": HK_MO},
        {"principal.certificate.type": PERMIT},
    ),
    company("persons.under_age_floor", {"principal.certificate.number": BORN_2011}, age=16),
    company(
        "persons.under_min_age",
        {"principal.certificate.number": BORN_2009},
        {**filed_in("海南")},
        age=18,
    ),
    person(
        "persons.minor_needs_staff",
        {**filed_in("陕西"), "principal.certificate.number": BORN_2009},
        {"principal.certificate.number": JIANGSU_ID},
        age=18,
    ),
    person(
        "persons.minor_documents",
        {**filed_in("江苏"), "principal.certificate.number": BORN_2009},
        {"principal.certificate.number": JIANGSU_ID},
        documents="income_proof",
    ),
)


CASES = (
    *SUBJECT,
    *RESIDENCE,
    *PRINCIPAL,
    *PERSONS,
)
