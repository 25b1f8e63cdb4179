"""A filing as the provider's console sees it: subject, responsible persons and website.

Every field may still be missing (``None``): a filing is filled in over days. Values are the
normalised ones (half-width, upper case, no separators); dates are ``datetime.date``.
"""

from dataclasses import dataclass, field
from datetime import date

from filing.subject import CertificateType, SubjectKind

PERMANENT = date.max
"""An expiry of 长期 (no end date)."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """证件: what proves who somebody is."""

    type: CertificateType | None = None
    number: str | None = None
    address: str | None = None  # 证件住所, as printed
    valid_until: date | None = None  # last valid day; PERMANENT for 长期


@dataclass(frozen=True, slots=True)
class Subject:
    """主办单位: who is behind the filing."""

    kind: SubjectKind | None = None
    certificate: Certificate = field(default_factory=Certificate)
    name: str | None = None
    province: str | None = None  # short name: 江苏
    address: str | None = None  # 通信地址, with province, city and district in front
    investor: str | None = None  # 投资人或主管单位
    residence_proof: str | None = None  # an individual's proof of living in the province


@dataclass(frozen=True, slots=True)
class ResponsiblePerson:
    """负责人: 主体负责人 (principal) or 网站负责人 (site manager)."""

    name: str | None = None
    certificate: Certificate = field(default_factory=Certificate)
    is_legal_representative: bool | None = None
    mobile: str | None = None  # 联系方式1, eleven digits
    office_phone: str | None = None  # 联系方式2
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Website:
    """网站: the service that is filed."""

    name: str | None = None
    domain: str | None = None  # registrable name, lower case, Chinese names in Unicode
    # subject, legal_representative, shareholder_or_executive or other
    domain_holder: str | None = None
    domain_valid_until: date | None = None
    domain_verified_on: date | None = None  # day the domain's real-name check passed
    service_content: str | None = None  # 服务内容
    pre_approval: tuple[str, ...] = ()  # 前置审批项; ("none",) when none applies, () while unasked
    pre_approval_number: str | None = None
    languages: tuple[str, ...] = ()
    ips: tuple[str, ...] = ()
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Resources:
    """The cloud resources behind the website, as the applicant states them."""

    server_location: str | None = None  # mainland / overseas / none
    months_bought: int | None = None
    months_left: int | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """备案: everything an applicant has stated so far."""

    subject: Subject = field(default_factory=Subject)
    principal: ResponsiblePerson = field(default_factory=ResponsiblePerson)
    site_manager: ResponsiblePerson = field(default_factory=ResponsiblePerson)
    site_manager_same: bool | None = None  # then site_manager repeats principal
    emergency_phone: str | None = None
    website: Website = field(default_factory=Website)
    resources: Resources = field(default_factory=Resources)
