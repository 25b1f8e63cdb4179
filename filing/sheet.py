"""The filing as a sheet: every item in the order of the provider's console."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from filing.identifiers.address import address_parts
from filing.masking import mask_address, mask_email, mask_name, mask_number, mask_phone
from filing.model import PERMANENT, Certificate, Filing, ResponsiblePerson, Subject
from filing.subject import PERSONAL_CERTIFICATES, CertificateType, SubjectKind

Label: TypeAlias = Callable[[str, str], str]
"""Names an option of a vocabulary in the reader's language: ``("yes_no", "yes") -> "是"``."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item. ``value`` is empty while it is missing; ``masked`` hides what is sensitive."""

    label: str  # key of its wording
    field: str  # dotted path in Filing, or of the value worked out
    value: str
    masked: str
    derived: bool = False  # worked out from other items, not asked


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the console."""

    key: str  # subject, principal, website, site_manager or remark
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All sections, in console order."""

    sections: tuple[Section, ...]

    def __iter__(self) -> Iterator[Line]:
        """Every line, section by section."""
        return (line for section in self.sections for line in section.lines)


def sheet(filing: Filing, label: Label | None = None) -> Sheet:
    """Lay a filing out. Items that do not concern it are left out, missing ones are empty.

    ``label`` names the options of closed choices; without it they show as their keys.
    """
    name = label or _as_it_is
    return Sheet(
        (
            Section("subject", tuple(_subject(filing.subject, name))),
            Section("principal", tuple(_principal(filing, name))),
            Section("website", tuple(_website(filing, name))),
            Section("site_manager", tuple(_site_manager(filing, name))),
            Section("remark", (_line("site_remark", "website.remark", filing.website.remark),)),
        )
    )


def _subject(subject: Subject, label: Label) -> Iterator[Line]:
    certificate = subject.certificate
    personal = subject.kind is SubjectKind.INDIVIDUAL
    yield _line("province", "subject.province", subject.province)
    yield _chosen("subject_kind", "subject.kind", subject.kind, label)
    yield _chosen("cert_type", "subject.certificate.type", certificate.type, label)
    yield _number("cert_number", "subject.certificate", certificate)
    yield _line("subject_name", "subject.name", subject.name, mask=mask_name if personal else None)
    yield _line(
        "cert_address",
        "subject.certificate.address",
        certificate.address,
        mask=mask_address if personal else None,
    )
    yield _day(
        "cert_valid_until", "subject.certificate.valid_until", certificate.valid_until, label
    )
    region = address_parts(subject.address).region if subject.address else ""
    yield Line("address_region", "subject.address.region", region, region, derived=True)
    yield _line(
        "address", "subject.address", subject.address, mask=mask_address if personal else None
    )
    if subject.kind is not None and subject.kind.is_unit and subject.investor:
        yield _line("investor", "subject.investor", subject.investor)
    if personal and subject.residence_proof:
        yield _chosen("residence_proof", "subject.residence_proof", subject.residence_proof, label)


def _principal(filing: Filing, label: Label) -> Iterator[Line]:
    kind = filing.subject.kind
    if kind is None or kind.is_unit:
        yield _flag(
            "is_legal_representative",
            "principal.is_legal_representative",
            filing.principal.is_legal_representative,
            label,
        )
    yield from _person("principal", filing.principal, label)
    yield _line("emergency_phone", "emergency_phone", filing.emergency_phone, mask=mask_phone)


def _website(filing: Filing, label: Label) -> Iterator[Line]:
    website = filing.website
    yield _line("site_name", "website.name", website.name)
    yield _line("domain", "website.domain", website.domain)
    home_page = f"www.{website.domain}" if website.domain else ""
    yield Line("home_page", "website.home_page", home_page, home_page, derived=True)
    yield _chosen("domain_holder", "website.domain_holder", website.domain_holder, label)
    yield _day(
        "domain_valid_until", "website.domain_valid_until", website.domain_valid_until, label
    )
    yield _chosen("service_content", "website.service_content", website.service_content, label)
    yield _several("languages", "website.languages", website.languages, "language", label)
    yield _several(
        "pre_approval", "website.pre_approval", website.pre_approval, "pre_approval", label
    )
    if website.pre_approval and website.pre_approval != ("none",):
        yield _line(
            "pre_approval_number", "website.pre_approval_number", website.pre_approval_number
        )
    yield _line("ips", "website.ips", "、".join(website.ips))
    yield _chosen(
        "server_location", "resources.server_location", filing.resources.server_location, label
    )


def _site_manager(filing: Filing, label: Label) -> Iterator[Line]:
    yield _flag("site_manager_same", "site_manager_same", filing.site_manager_same, label)
    person = filing.principal if filing.site_manager_same else filing.site_manager
    yield from _person("site_manager", person, label)


def _person(path: str, person: ResponsiblePerson, label: Label) -> Iterator[Line]:
    certificate = person.certificate
    yield _line("person_name", f"{path}.name", person.name, mask=mask_name)
    yield _chosen(
        "person_id_type", f"{path}.certificate.type", certificate.type, label, "cert_type"
    )
    yield _number("person_id_number", f"{path}.certificate", certificate)
    yield _day(
        "person_id_valid_until", f"{path}.certificate.valid_until", certificate.valid_until, label
    )
    yield _line("mobile", f"{path}.mobile", person.mobile, mask=mask_phone)
    if path == "principal":
        yield _line("office_phone", f"{path}.office_phone", person.office_phone, mask=mask_phone)
    yield _line("email", f"{path}.email", person.email, mask=mask_email)


def _line(
    label: str, field: str, value: str | None, *, mask: Callable[[str], str] | None = None
) -> Line:
    shown = value or ""
    return Line(label, field, shown, mask(shown) if mask and shown else shown)


def _number(label: str, path: str, certificate: Certificate) -> Line:
    # A body's number is public; a person's is hidden, and so is one of unknown type.
    hidden = certificate.type is None or _is_personal(certificate.type)
    mask = mask_number if hidden else None
    return _line(label, f"{path}.number", certificate.number, mask=mask)


def _is_personal(kind: CertificateType) -> bool:
    return kind in PERSONAL_CERTIFICATES


def _chosen(
    label: str, field: str, option: str | None, name: Label, vocabulary: str | None = None
) -> Line:
    return _line(label, field, name(vocabulary or label, option) if option else None)


def _several(
    label: str, field: str, options: tuple[str, ...], vocabulary: str, name: Label
) -> Line:
    return _line(label, field, "、".join(name(vocabulary, option) for option in options))


def _flag(label: str, field: str, flag: bool | None, name: Label) -> Line:
    return _line(label, field, None if flag is None else name("yes_no", "yes" if flag else "no"))


def _day(label: str, field: str, day: date | None, name: Label) -> Line:
    if day == PERMANENT:
        return _line(label, field, name("expiry", "permanent"))
    return _line(label, field, day.isoformat() if day else None)


def _as_it_is(_vocabulary: str, option: str) -> str:
    return option
