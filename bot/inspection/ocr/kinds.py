"""Which paper a picture shows, told from the words it bears."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from filing.identifiers.normalise import half_width
from filing.materials.material import Side
from filing.subject import CertificateType

_C = CertificateType


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper and which part of it is seen."""

    certificate: CertificateType
    side: Side = Side.WHOLE


_TITLES: Final = (
    (re.compile("事业单位法人证书"), _C.PUBLIC_INSTITUTION_CERT),
    (re.compile("社会团体法人登记证书|社会团体法人登记证"), _C.SOCIAL_ORG_CERT),
    (
        re.compile("民办非企业单位(?:\\(法人\\))?登记证书|社会服务机构(?:\\(法人\\))?登记证书"),
        _C.PRIVATE_NON_ENTERPRISE_CERT,
    ),
    (re.compile("基金会法人登记证书"), _C.FOUNDATION_CERT),
    (re.compile("统一社会信用代码证书"), _C.UNIFIED_CODE),
    (re.compile("外国\\(地区\\)企业常驻代表机构登记证"), _C.FOREIGN_ENTERPRISE_OFFICE),
    (re.compile("民办学校办学许可证"), _C.PRIVATE_SCHOOL_LICENCE),
    (re.compile("律师事务所(?:分所)?执业许可证"), _C.LAW_FIRM_LICENCE),
    (re.compile("司法鉴定许可证"), _C.FORENSIC_LICENCE),
    (re.compile("宗教活动场所登记证"), _C.RELIGIOUS_SITE_CERT),
    (re.compile("医疗机构执业许可证"), _C.MEDICAL_LICENCE),
    (re.compile("公证机构执业证"), _C.NOTARY_LICENCE),
    (re.compile("营业执照"), _C.BUSINESS_LICENCE),
)
"""Titles of papers of bodies. What mentions another's title stands before it."""

_TRAVEL: Final = (
    (re.compile("港澳居民来往内地通行证"), _C.HK_MO_PERMIT),
    (re.compile("台湾居民来往大陆通行证"), _C.TAIWAN_PERMIT),
)
_CARD_BACK: Final = re.compile("居民身份证")
_RESIDENCE_BACK: Final = re.compile("(?:港澳|台湾)居民居住证")
_CARD_FRONT: Final = re.compile("公民身份号码")
_FRONT_LABELS: Final = ("姓名", "性别", "出生", "住址")


def paper_of(texts: Iterable[str]) -> Paper | None:
    """The paper these lines stand on; None where that is not clear."""
    words = [half_width(text).replace(" ", "") for text in texts]
    whole = "\n".join(words)
    for title, certificate in _TITLES:
        if any(title.search(line) for line in words):
            return Paper(certificate)
    for title, certificate in _TRAVEL:
        if title.search(whole):
            return Paper(certificate, Side.FRONT if "姓名" in whole else Side.BACK)
    return _card(whole)


def _card(whole: str) -> Paper | None:
    seen = sum(label in whole for label in _FRONT_LABELS)
    front = _CARD_FRONT.search(whole) is not None or seen == len(_FRONT_LABELS)
    residence = _RESIDENCE_BACK.search(whole) is not None
    back = residence or (_CARD_BACK.search(whole) is not None and "有效期限" in whole)
    if not front and not back:
        return None
    side = Side.WHOLE if front and back else Side.FRONT if front else Side.BACK
    return Paper(_C.HK_MO_TW_RESIDENCE_PERMIT if residence else _C.ID_CARD, side)
