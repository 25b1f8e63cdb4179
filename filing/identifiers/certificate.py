"""Certificate numbers by certificate type, and what a number of the wrong type looks like."""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from filing.identifiers import mod11, uscc
from filing.identifiers.foreign_permanent_resident import parse_permanent_resident
from filing.identifiers.free_code import parse_free_code
from filing.identifiers.hk_mo_permit import parse_hk_mo_permit
from filing.identifiers.id_card import parse_id_card
from filing.identifiers.normalise import compact, half_width
from filing.identifiers.org_code import parse_org_code
from filing.identifiers.passport import parse_passport
from filing.identifiers.registration_15 import parse_registration
from filing.identifiers.residence_permit import parse_residence_permit
from filing.identifiers.taiwan_permit import parse_taiwan_permit
from filing.invalid import Invalid, invalid
from filing.provinces import province_of_adcode
from filing.subject import PERSONAL_CERTIFICATES, CertificateType

_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_HK_MO = re.compile(r"[HM]\d{8}(?:\d{2})?")

_Reader: TypeAlias = Callable[[str, date], str | Invalid]


def parse_certificate(type_: CertificateType, text: str, today: date) -> str | Invalid:
    """The number of a certificate of ``type_``, normalised.

    A number refused for its own type but valid for another comes back as
    ``certificate.looks_like`` with ``looks_like``: a certificate type, ``mobile_phone`` or
    ``email``.
    """
    value = _READERS[type_](text, today)
    other = looks_like(text, today)
    if isinstance(value, str):
        is_slip = type_ in _UNCHECKED and other in _NEVER_ON_A_LICENCE
        return invalid("certificate.looks_like", looks_like=str(other)) if is_slip else value
    if other is None or other == type_:
        return value
    if other == CertificateType.BUSINESS_LICENCE and (
        type_ not in PERSONAL_CERTIFICATES or mod11.has_shape(mod11.personal_number(text))
    ):
        return value  # one more unified code, or by chance only: an ID number with a slip
    return invalid("certificate.looks_like", looks_like=str(other))


def looks_like(text: str, today: date) -> str | None:
    """What else a number is without doubt: a certificate type, ``mobile_phone``, ``email``.

    Only forms that prove themselves count: check characters, or a prefix no other form has.
    """
    if "@" in half_width(text):
        return "email"
    number = mod11.personal_number(text)
    if len(number) == mod11.LENGTH and mod11.has_shape(number) and mod11.checks_out(number):
        return _personal_type(number, today)
    if uscc.has_shape(number) and uscc.checks_out(number):
        return CertificateType.BUSINESS_LICENCE
    if _MOBILE.fullmatch(number):
        return "mobile_phone"
    return CertificateType.HK_MO_PERMIT if _HK_MO.fullmatch(number) else None


def province_of_certificate(type_: str, number: str) -> str | None:
    """Short name of the province in a number's region digits; None where it has none.

    ``type_`` is a certificate type's value. Codes and ID cards carry the region of their
    first issue, which a later move does not change.
    """
    if type_ == CertificateType.ID_CARD:
        code = number[:6]
    elif type_ in PERSONAL_CERTIFICATES:
        return None
    elif uscc.has_shape(number):
        code = uscc.parts(number).region
    elif len(number) == 15 and number.isdigit():
        code = number[:6]
    else:
        return None
    found = province_of_adcode(code)
    return None if found is None else found.name


def _personal_type(number: str, today: date) -> str | None:
    readers = (
        (CertificateType.ID_CARD, parse_id_card),
        (CertificateType.HK_MO_TW_RESIDENCE_PERMIT, parse_residence_permit),
        (CertificateType.FOREIGN_PERMANENT_RESIDENT, parse_permanent_resident),
    )
    for type_, read in readers:
        if isinstance(read(number, today), str):
            return type_
    return None


def _business_licence(text: str, _today: date) -> str | Invalid:
    """The unified code, or the registration number of a licence from before it."""
    number = compact(text)
    return parse_registration(text) if len(number) == 15 else uscc.parse_uscc(text)


def _org_code(text: str, _today: date) -> str | Invalid:
    """The nine-character code; a body that now has the unified code gives that."""
    number = compact(text)
    return uscc.parse_uscc(text) if len(number) == uscc.LENGTH else parse_org_code(text)


def _unified_or_free(text: str, _today: date) -> str | Invalid:
    """A certificate that bears the unified code, in old issues a number of the authority."""
    number = compact(text)
    if len(number) == uscc.LENGTH and number.isascii() and number.isalnum():
        return uscc.parse_uscc(text)
    return parse_free_code(text)


def _undated(read: Callable[[str], str | Invalid]) -> _Reader:
    def reader(text: str, _today: date) -> str | Invalid:
        return read(text)

    return reader


_C = CertificateType
_free = _undated(parse_free_code)

_NEVER_ON_A_LICENCE = frozenset({"id_card", "mobile_phone", "email"})

_READERS: dict[CertificateType, _Reader] = {
    _C.BUSINESS_LICENCE: _business_licence,
    _C.ORG_CODE: _org_code,
    _C.UNIFIED_CODE: _undated(uscc.parse_uscc),
    _C.FOREIGN_ENTERPRISE_OFFICE: _business_licence,
    _C.PUBLIC_INSTITUTION_CERT: _unified_or_free,
    _C.SOCIAL_ORG_CERT: _unified_or_free,
    _C.PRIVATE_NON_ENTERPRISE_CERT: _unified_or_free,
    _C.PRIVATE_SCHOOL_LICENCE: _unified_or_free,
    _C.FOUNDATION_CERT: _unified_or_free,
    _C.LAW_FIRM_LICENCE: _unified_or_free,
    _C.MILITARY_UNIT_CODE: _free,
    _C.MILITARY_SERVICE_LICENCE: _free,
    _C.FOREIGN_CULTURAL_CENTRE_CERT: _unified_or_free,
    _C.FORENSIC_LICENCE: _unified_or_free,
    _C.RELIGIOUS_SITE_CERT: _unified_or_free,
    _C.OVERSEAS_BODY_CERT: _unified_or_free,
    _C.FOREIGN_TOURISM_OFFICE_APPROVAL: _free,
    _C.MEDICAL_LICENCE: _unified_or_free,
    _C.NOTARY_LICENCE: _unified_or_free,
    _C.ID_CARD: parse_id_card,
    _C.PASSPORT: _undated(parse_passport),
    _C.HK_MO_PERMIT: _undated(parse_hk_mo_permit),
    _C.TAIWAN_PERMIT: _undated(parse_taiwan_permit),
    _C.FOREIGN_PERMANENT_RESIDENT: parse_permanent_resident,
    _C.HK_MO_TW_RESIDENCE_PERMIT: parse_residence_permit,
}

_UNCHECKED = frozenset(
    type_ for type_, read in _READERS.items() if read in (_free, _unified_or_free)
) | {_C.PASSPORT}
"""Types whose numbers have no check character, so that almost anything would pass."""
