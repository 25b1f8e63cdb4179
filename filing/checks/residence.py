"""Checks on where the subject lives or sits: address, and individuals filing away from home."""

from collections.abc import Iterable
from functools import lru_cache

from filing.checks.base import Case, Hit, hit, refuse, warn
from filing.identifiers.address import AddressParts, address_parts, names_a_door
from filing.regions import province_of, short_name
from filing.subject import CertificateType

_ADDRESS, _PROVINCE, _PROOF = "subject.address", "subject.province", "subject.residence_proof"
_PRINTED, _NUMBER, _TYPE = (
    "subject.certificate.address",
    "subject.certificate.number",
    "subject.certificate.type",
)
_RULES = "address_rules"
_FROM_ELSEWHERE = "individual_filing_allowed_from_other_province"
_PERMIT_NEEDED = "residence_permit_required_when_id_elsewhere"
_NO_DISTRICT = "市辖区"
_ROOM_SIGNS = ("室", "房", "户", "单元", "宿舍", "铺")


@refuse("address.other_province", _ADDRESS, _PROVINCE, params=("province", "found"))
def other_province(case: Case) -> Iterable[Hit]:
    """The mailing address lies outside the province filed in."""
    found, province = _parts(case).province_name, case.filing.subject.province
    if found and province and found != province:
        yield hit(province=province, found=found)


@refuse(
    "address.other_city",
    _ADDRESS,
    _PRINTED,
    _PROVINCE,
    rules=(_RULES,),
    params=("province", "city"),
)
def other_city(case: Case) -> Iterable[Hit]:
    """The mailing address lies in another city than the certificate's."""
    here, printed = _parts(case), address_parts(case.filing.subject.certificate.address or "")
    if not case.holds(_RULES, "same_city_as_certificate"):
        return
    if here.city and printed.city and here.city != printed.city:
        yield hit(province=case.province, city=printed.city)


@refuse(
    "address.no_district_placeholder", _ADDRESS, _PROVINCE, rules=(_RULES,), params=("province",)
)
def no_district_placeholder(case: Case) -> Iterable[Hit]:
    """市辖区 in place of the district's name."""
    if _NO_DISTRICT in (case.filing.subject.address or "") and case.holds(
        _RULES, "no_district_placeholder"
    ):
        yield hit(province=case.province)


@warn("address.district_missing", _ADDRESS)
def district_missing(case: Case) -> Iterable[Hit]:
    """No city or district can be made out in the address."""
    parts = _parts(case)
    if case.filing.subject.address and not (parts.city or parts.district):
        yield hit()


@refuse("address.door_number_required", _ADDRESS, _PROVINCE, rules=(_RULES,), params=("province",))
def door_number_required(case: Case) -> Iterable[Hit]:
    """No door number where the province insists on one."""
    if case.holds(_RULES, "to_door_number") and _lacks_door(case):
        yield hit(province=case.province)


@warn("address.door_number_missing", _ADDRESS)
def door_number_missing(case: Case) -> Iterable[Hit]:
    """No door number; where there is none, the remark should say so."""
    if _lacks_door(case) and not case.holds(_RULES, "to_door_number"):
        yield hit()


@warn("address.room_number_missing", _ADDRESS, _PROVINCE, rules=(_RULES,), params=("province",))
def room_number_missing(case: Case) -> Iterable[Hit]:
    """No room number where the province wants individuals to give it."""
    detail = _parts(case).detail
    if (
        detail
        and case.holds(_RULES, "to_room_number")
        and not any(sign in detail for sign in _ROOM_SIGNS)
    ):
        yield hit(province=case.province)


@warn("address.as_in_permit", _ADDRESS, _PROOF, _PROVINCE, rules=(_RULES,), params=("province",))
def as_in_permit(case: Case) -> Iterable[Hit]:
    """The mailing address must be that of the residence permit."""
    subject = case.filing.subject
    if (
        subject.address
        and subject.residence_proof == "residence_permit"
        and case.holds(_RULES, "matches_residence_permit")
    ):
        yield hit(province=case.province)


@refuse(
    "residence.other_province_not_accepted",
    _PROVINCE,
    _NUMBER,
    rules=(_FROM_ELSEWHERE,),
    params=("province", "home"),
)
def other_province_not_accepted(case: Case) -> Iterable[Hit]:
    """The province takes individuals with its own ID cards only."""
    home, rule = home_elsewhere(case), case.rule(_FROM_ELSEWHERE)
    if home and rule and rule.word == "false":
        yield hit(province=case.province, home=home)


@refuse(
    "residence.proof_missing",
    _PROOF,
    _PROVINCE,
    _NUMBER,
    rules=(_PERMIT_NEEDED, "residence_proofs"),
    params=("province", "home", "accepted"),
)
def proof_missing(case: Case) -> Iterable[Hit]:
    """An individual from elsewhere without proof of living in the province."""
    home, subject = home_elsewhere(case), case.filing.subject
    if (
        home
        and subject.address
        and subject.residence_proof in (None, "none")
        and case.holds(_PERMIT_NEEDED)
        and not _is_turned_away(case)
    ):
        yield hit(province=case.province, home=home, accepted=",".join(_proofs(case)))


@refuse(
    "residence.proof_not_accepted",
    _PROOF,
    _PROVINCE,
    _NUMBER,
    rules=("residence_proofs", _PERMIT_NEEDED, "student_card_accepted"),
    params=("province", "proof", "accepted"),
)
def proof_not_accepted(case: Case) -> Iterable[Hit]:
    """A proof the province does not take."""
    subject = case.filing.subject
    proof, accepted = subject.residence_proof, _proofs(case)
    if not home_elsewhere(case) or proof in (None, "none") or _is_turned_away(case):
        return
    if case.holds(_PERMIT_NEEDED) and proof not in accepted:
        yield hit(province=case.province, proof=proof or "", accepted=",".join(accepted))


@refuse(
    "residence.foreigner_not_accepted",
    _TYPE,
    _PROVINCE,
    rules=("foreigner_id",),
    params=("province",),
)
def foreigner_not_accepted(case: Case) -> Iterable[Hit]:
    """The province takes no foreign individuals."""
    accepted = case.part("foreigner_id", "accepted")
    if _is_foreigner(case) and accepted and not accepted.flag:
        yield hit(province=case.province)


@warn(
    "residence.foreigner_documents",
    _TYPE,
    _PROVINCE,
    rules=("foreigner_id",),
    params=("province", "documents"),
)
def foreigner_documents(case: Case) -> Iterable[Hit]:
    """Foreign individuals bring these documents."""
    documents = case.part("foreigner_id", "documents")
    if _is_foreigner(case) and documents:
        yield hit(province=case.province, documents=",".join(documents.words))


def _parts(case: Case) -> AddressParts:
    return _parts_of(case.filing.subject.address or "")


@lru_cache(maxsize=1)  # every check of a filing asks for the same address
def _parts_of(address: str) -> AddressParts:
    return address_parts(address)


def _lacks_door(case: Case) -> bool:
    address = case.filing.subject.address
    return address is not None and not names_a_door(_parts(case).detail)


def home_elsewhere(case: Case) -> str | None:
    """The home province of an individual whose ID card is from elsewhere."""
    subject = case.filing.subject
    number = subject.certificate.number
    if not (case.is_individual and subject.province and number):
        return None
    if subject.certificate.type is not CertificateType.ID_CARD:
        return None
    found = province_of(number)
    home = short_name(found) if found else None
    return home if home != subject.province else None


def _is_turned_away(case: Case) -> bool:
    rule = case.rule(_FROM_ELSEWHERE)
    return rule is not None and rule.word == "false"


def _proofs(case: Case) -> tuple[str, ...]:
    rule, student = case.rule("residence_proofs"), case.rule("student_card_accepted")
    accepted = dict.fromkeys(rule.words if rule else ())
    if student is not None and student.flag:
        accepted["student_card"] = None
    elif student is not None:
        accepted.pop("student_card", None)
    return tuple(accepted)


def _is_foreigner(case: Case) -> bool:
    return case.is_individual and case.filing.subject.certificate.type is CertificateType.PASSPORT


CHECKS = (
    other_province,
    other_city,
    no_district_placeholder,
    district_missing,
    door_number_required,
    door_number_missing,
    room_number_missing,
    as_in_permit,
    other_province_not_accepted,
    proof_missing,
    proof_not_accepted,
    foreigner_not_accepted,
    foreigner_documents,
)
