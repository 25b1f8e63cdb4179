"""Two filings with nothing wrong, made-up throughout, and a way to vary them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import Any

from filing.model import (
    PERMANENT,
    Certificate,
    Filing,
    Resources,
    ResponsiblePerson,
    Subject,
    Website,
)
from filing.subject import CertificateType, SubjectKind

TODAY = date(2026, 11, 23)

COMPANY = Filing(
    subject=Subject(
        kind=SubjectKind.ENTERPRISE,
        certificate=Certificate(
            CertificateType.BUSINESS_LICENCE,
            "91430100MA0000007Q",
            "湖南省长沙市岳麓区样例路1号",
            PERMANENT,
        ),
        name="长沙云杉样例科技有限公司",
        province="湖南",
        address="湖南省长沙市岳麓区样例路1号2栋301室",
    ),
    principal=ResponsiblePerson(
        name="样例甲",
        certificate=Certificate(
            CertificateType.ID_CARD, "43010219900101001X", None, date(2035, 1, 1)
        ),
        is_legal_representative=True,
        mobile="13900000001",
        office_phone="073100000001",
        email="jia@example.com",
    ),
    site_manager=ResponsiblePerson(
        name="样例乙",
        certificate=Certificate(
            CertificateType.ID_CARD, "320106199202020020", None, date(2035, 1, 1)
        ),
        mobile="13900000002",
        email="yi@example.com",
    ),
    site_manager_same=True,
    emergency_phone="13900000003",
    website=Website(
        name="云杉样例科技",
        domain="example.cn",
        domain_holder="subject",
        domain_valid_until=date(2028, 1, 1),
        domain_verified_on=date(2026, 10, 20),
        service_content="unit_portal",
        pre_approval=("none",),
        languages=("zh-Hans",),
        ips=("203.0.113.7",),
        remark="介绍本公司的软件产品",
    ),
    resources=Resources(server_location="mainland", months_bought=12, months_left=11),
)

PERSON = replace(
    COMPANY,
    subject=Subject(
        kind=SubjectKind.INDIVIDUAL,
        certificate=COMPANY.principal.certificate,
        name=COMPANY.principal.name,
        province="湖南",
        address=COMPANY.subject.address,
    ),
    principal=replace(
        COMPANY.principal, is_legal_representative=None, office_phone=None, mobile="13973100001"
    ),
    website=replace(
        COMPANY.website,
        name="云杉读书笔记",
        service_content="other",
        remark="纯个人网站，分享读书笔记和摄影，不含单位信息",
    ),
)

Changes = Mapping[str, Any]


def changed(filing: Filing, changes: Changes) -> Filing:
    """The filing with dotted fields set to other values."""
    return reduce(lambda one, path: _set(one, path.split("."), changes[path]), changes, filing)


def _set(target: Any, path: list[str], value: Any) -> Any:
    head, *rest = path
    inner = _set(getattr(target, head), rest, value) if rest else value
    return replace(target, **{head: inner})
