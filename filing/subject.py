"""Who files: the kinds of subject (主办单位性质) and the certificates each may show.

Kinds and certificates follow the ministry's dictionary (codes 1-16) as the access
providers publish it; ``sole_proprietor`` (个体工商户) and ``social_org`` stand as kinds of
their own because provinces write rules for them.
"""

from enum import StrEnum


class SubjectKind(StrEnum):
    """主办单位性质: what sort of person or body files."""

    ENTERPRISE = "enterprise"  # 企业
    SOLE_PROPRIETOR = "sole_proprietor"  # 个体工商户, filed under code 4 with enterprises
    INDIVIDUAL = "individual"  # 个人
    GOVERNMENT = "government"  # 政府机关
    PUBLIC_INSTITUTION = "public_institution"  # 事业单位
    SOCIAL_ORG = "social_org"  # 社会团体
    PRIVATE_NON_ENTERPRISE = "private_non_enterprise"  # 民办非企业单位
    FOUNDATION = "foundation"  # 基金会
    LAW_FIRM = "law_firm"  # 律师执业机构
    MILITARY = "military"  # 国防机构
    FOREIGN_CULTURAL_CENTRE = "foreign_cultural_centre"  # 外国在华文化中心
    MASS_ORGANIZATION = "mass_organization"  # 群众性团体组织
    FORENSIC_INSTITUTION = "forensic_institution"  # 司法鉴定机构
    RELIGIOUS_ORG = "religious_org"  # 宗教团体
    OVERSEAS_BODY = "overseas_body"  # 境外机构
    MEDICAL_INSTITUTION = "medical_institution"  # 医疗机构
    NOTARY = "notary"  # 公证机构

    @property
    def is_unit(self) -> bool:
        """True for every body (单位); false for a natural person."""
        return self is not SubjectKind.INDIVIDUAL


class CertificateType(StrEnum):
    """证件类型 of a subject or a responsible person."""

    BUSINESS_LICENCE = "business_licence"  # 营业执照
    ORG_CODE = "org_code"  # 组织机构代码证
    UNIFIED_CODE = "unified_code"  # 统一社会信用代码证书
    FOREIGN_ENTERPRISE_OFFICE = "foreign_enterprise_office"  # 外国企业常驻代表机构登记证
    PUBLIC_INSTITUTION_CERT = "public_institution_cert"  # 事业单位法人证书
    SOCIAL_ORG_CERT = "social_org_cert"  # 社会团体法人登记证书
    PRIVATE_NON_ENTERPRISE_CERT = "private_non_enterprise_cert"  # 民办非企业单位登记证书
    PRIVATE_SCHOOL_LICENCE = "private_school_licence"  # 民办学校办学许可证
    FOUNDATION_CERT = "foundation_cert"  # 基金会法人登记证书
    LAW_FIRM_LICENCE = "law_firm_licence"  # 律师事务所执业许可证
    MILITARY_UNIT_CODE = "military_unit_code"  # 部队代号
    MILITARY_SERVICE_LICENCE = "military_service_licence"  # 军队单位对外有偿服务许可证
    FOREIGN_CULTURAL_CENTRE_CERT = "foreign_cultural_centre_cert"  # 外国在华文化中心登记证
    FORENSIC_LICENCE = "forensic_licence"  # 司法鉴定许可证
    RELIGIOUS_SITE_CERT = "religious_site_cert"  # 宗教活动场所登记证
    OVERSEAS_BODY_CERT = "overseas_body_cert"  # 境外机构证件
    FOREIGN_TOURISM_OFFICE_APPROVAL = (
        "foreign_tourism_office_approval"  # 外国政府旅游部门常驻代表机构批准登记证
    )
    MEDICAL_LICENCE = "medical_licence"  # 医疗机构执业许可证
    NOTARY_LICENCE = "notary_licence"  # 公证机构执业证
    ID_CARD = "id_card"  # 居民身份证
    PASSPORT = "passport"  # 护照
    HK_MO_PERMIT = "hk_mo_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"  # 外国人永久居留身份证
    HK_MO_TW_RESIDENCE_PERMIT = "hk_mo_tw_residence_permit"  # 港澳台居民居住证


_C = CertificateType

PERSONAL_CERTIFICATES: tuple[CertificateType, ...] = (
    _C.ID_CARD,
    _C.PASSPORT,
    _C.HK_MO_PERMIT,
    _C.TAIWAN_PERMIT,
    _C.FOREIGN_PERMANENT_RESIDENT,
    _C.HK_MO_TW_RESIDENCE_PERMIT,
)
"""Papers of a natural person: an individual subject, or any responsible person."""

CERTIFICATES_OF: dict[SubjectKind, tuple[CertificateType, ...]] = {
    SubjectKind.ENTERPRISE: (_C.BUSINESS_LICENCE, _C.ORG_CODE, _C.FOREIGN_ENTERPRISE_OFFICE),
    SubjectKind.SOLE_PROPRIETOR: (_C.BUSINESS_LICENCE,),
    SubjectKind.INDIVIDUAL: PERSONAL_CERTIFICATES,
    SubjectKind.GOVERNMENT: (_C.UNIFIED_CODE, _C.ORG_CODE),
    SubjectKind.PUBLIC_INSTITUTION: (_C.PUBLIC_INSTITUTION_CERT, _C.ORG_CODE),
    SubjectKind.SOCIAL_ORG: (_C.SOCIAL_ORG_CERT, _C.ORG_CODE),
    SubjectKind.PRIVATE_NON_ENTERPRISE: (
        _C.PRIVATE_NON_ENTERPRISE_CERT,
        _C.PRIVATE_SCHOOL_LICENCE,
    ),
    SubjectKind.FOUNDATION: (_C.FOUNDATION_CERT,),
    SubjectKind.LAW_FIRM: (_C.LAW_FIRM_LICENCE,),
    SubjectKind.MILITARY: (_C.MILITARY_UNIT_CODE, _C.MILITARY_SERVICE_LICENCE),
    SubjectKind.FOREIGN_CULTURAL_CENTRE: (_C.FOREIGN_CULTURAL_CENTRE_CERT,),
    SubjectKind.MASS_ORGANIZATION: (_C.UNIFIED_CODE, _C.ORG_CODE),
    SubjectKind.FORENSIC_INSTITUTION: (_C.FORENSIC_LICENCE,),
    SubjectKind.RELIGIOUS_ORG: (_C.RELIGIOUS_SITE_CERT,),
    SubjectKind.OVERSEAS_BODY: (_C.OVERSEAS_BODY_CERT, _C.FOREIGN_TOURISM_OFFICE_APPROVAL),
    SubjectKind.MEDICAL_INSTITUTION: (_C.MEDICAL_LICENCE,),
    SubjectKind.NOTARY: (_C.NOTARY_LICENCE,),
}
"""Which certificates a subject of each kind may file under, the usual one first."""
