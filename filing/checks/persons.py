"""Checks on the papers of the responsible persons: kind, validity and age."""

from collections.abc import Iterable

from filing.checks.base import Case, Hit, hit, refuse, warn
from filing.identifiers import mod11
from filing.model import PERMANENT, ResponsiblePerson
from filing.months import months_after
from filing.rulebook import RuleVersion
from filing.subject import CertificateType

_PATHS = ("principal", "site_manager", "subject")
_VALIDITY = tuple(f"{path}.certificate.valid_until" for path in _PATHS)
_TYPES = tuple(f"{path}.certificate.type" for path in _PATHS)
_NUMBERS = tuple(f"{path}.certificate.number" for path in _PATHS)
_KIND_AND_PROVINCE = ("subject.kind", "subject.province")

_BLOCK, _ADVISE, _LOCAL = (
    "id_validity_months_block",
    "id_validity_months_warn",
    "id_min_validity_months",
)


@refuse("persons.certificate_expired", *_VALIDITY, params=("person",))
def certificate_expired(case: Case) -> Iterable[Hit]:
    """A responsible person's certificate is no longer valid."""
    for path, person in case.persons():
        until = person.certificate.valid_until
        if until and until < case.today:
            yield hit(_field(case, path, "valid_until"), person=path)


@refuse(
    "persons.certificate_expires_soon",
    *_VALIDITY,
    rules=(_BLOCK, _LOCAL),
    params=("person", "months"),
)
def certificate_expires_soon(case: Case) -> Iterable[Hit]:
    """A certificate that ends too soon; temporary ID cards always do."""
    months = _least_months(case)
    for path, person in case.persons():
        if _ends_within(case, person, 0, months):
            yield hit(_field(case, path, "valid_until"), person=path, months=months)


@warn(
    "persons.certificate_renewal_advised",
    *_VALIDITY,
    rules=(_ADVISE,),
    params=("person", "months"),
)
def certificate_renewal_advised(case: Case) -> Iterable[Hit]:
    """A certificate that still passes but may end while the filing is under way."""
    rule = case.rule(_ADVISE)
    months = rule.number if rule else 0
    for path, person in case.persons():
        if _ends_within(case, person, _least_months(case), months):
            yield hit(_field(case, path, "valid_until"), person=path, months=months)


def _field(case: Case, path: str, part: str) -> str:
    """Where a person's certificate is stated: an individual's stands with the subject."""
    stated = "subject" if case.is_individual and path == "principal" else path
    return f"{stated}.certificate.{part}"


def _least_months(case: Case) -> int:
    rules = (case.rule(_BLOCK), case.rule(_LOCAL))
    return max((rule.number for rule in rules if rule), default=0)


def _ends_within(case: Case, person: ResponsiblePerson, after: int, months: int) -> bool:
    """Whether the certificate ends in the months from ``after`` (excluded) to ``months``."""
    until = person.certificate.valid_until
    if until is None or until == PERMANENT:
        return False
    too_early = until < case.today if after == 0 else until <= months_after(case.today, after)
    return not too_early and until <= months_after(case.today, months)


@refuse(
    "persons.certificate_type_not_accepted",
    *_TYPES,
    rules=("id_types",),
    params=("person", "certificate"),
)
def certificate_type_not_accepted(case: Case) -> Iterable[Hit]:
    """A paper that no responsible person may file with."""
    rule = case.rule("id_types")
    for path, person in case.persons():
        certificate = person.certificate.type
        if rule and certificate and certificate not in rule.words:
            yield hit(_field(case, path, "type"), person=path, certificate=certificate)


@refuse(
    "persons.resident_id_only",
    "subject.certificate.type",
    rules=("id_card_rule",),
    params=("province",),
)
def resident_id_only(case: Case) -> Iterable[Hit]:
    """Individuals may file with the resident ID card alone."""
    rule, certificate = case.rule("id_card_rule"), case.filing.subject.certificate.type
    wanted = rule is not None and rule.word == "resident_id_only"
    if wanted and certificate and certificate is not CertificateType.ID_CARD:
        yield hit(province=case.province)


@refuse(
    "persons.hk_mo_tw_certificate",
    *_TYPES,
    "subject.province",
    rules=("hk_mo_tw_id_rule",),
    params=("person", "province", "accepted"),
)
def hk_mo_tw_certificate(case: Case) -> Iterable[Hit]:
    """A paper of a Hong Kong, Macao or Taiwan resident that the province does not take."""
    homes = {
        CertificateType.HK_MO_PERMIT: "hong_kong_macao",
        CertificateType.TAIWAN_PERMIT: "taiwan",
    }
    for path, person in case.persons():
        home = homes.get(person.certificate.type) if person.certificate.type else None
        accepted = case.part("hk_mo_tw_id_rule", home) if home else None
        if accepted and person.certificate.type not in accepted.words:
            yield hit(
                _field(case, path, "type"),
                person=path,
                province=case.province,
                accepted=",".join(accepted.words),
            )


@warn(
    "persons.residence_permit_first",
    *_TYPES,
    "subject.province",
    rules=("hk_mo_tw_id_rule",),
    params=("person", "province"),
)
def residence_permit_first(case: Case) -> Iterable[Hit]:
    """Those who have a residence permit should file with it."""
    travel = (CertificateType.HK_MO_PERMIT, CertificateType.TAIWAN_PERMIT)
    if not case.holds("hk_mo_tw_id_rule", "residence_permit_first"):
        return
    for path, person in case.persons():
        if person.certificate.type in travel:
            yield hit(
                _field(case, path, "type"),
                person=path,
                province=case.province,
            )


@refuse(
    "persons.under_age_floor",
    *_NUMBERS,
    rules=("age_floor_years",),
    params=("person", "age"),
)
def under_age_floor(case: Case) -> Iterable[Hit]:
    """Too young to file anywhere."""
    floor = case.rule("age_floor_years")
    for path, person in case.persons():
        age = _age(case, person)
        if floor and age is not None and age < floor.number:
            yield hit(_field(case, path, "number"), person=path, age=floor.number)


@refuse(
    "persons.under_min_age",
    *_NUMBERS,
    *_KIND_AND_PROVINCE,
    rules=("min_age_years", "age_floor_years"),
    params=("person", "age", "province"),
)
def under_min_age(case: Case) -> Iterable[Hit]:
    """Younger than the province itself says."""
    minimum = case.rule("min_age_years")
    if minimum is None or not case.is_province_own("min_age_years"):
        return
    for path, person in case.persons():
        if _is_minor(case, person, minimum) and not _minor_rule(case, path, person):
            yield hit(
                _field(case, path, "number"),
                person=path,
                age=minimum.number,
                province=case.province,
            )


@warn(
    "persons.minor_needs_staff",
    *_NUMBERS,
    *_KIND_AND_PROVINCE,
    rules=("min_age_years", "age_floor_years"),
    params=("person", "age"),
)
def minor_needs_staff(case: Case) -> Iterable[Hit]:
    """Younger than usual where the province is silent: staff have to ask the bureau."""
    minimum = case.rule("min_age_years")
    if minimum is None or case.is_province_own("min_age_years"):
        return
    for path, person in case.persons():
        if _is_minor(case, person, minimum) and not _minor_rule(case, path, person):
            yield hit(_field(case, path, "number"), person=path, age=minimum.number)


@warn(
    "persons.minor_documents",
    *_NUMBERS,
    *_KIND_AND_PROVINCE,
    rules=("minor_rules",),
    params=("person", "province", "documents", "any_one"),
)
def minor_documents(case: Case) -> Iterable[Hit]:
    """The province lets the young file with further documents."""
    for path, person in case.persons():
        documents = _minor_rule(case, path, person)
        if documents:
            yield hit(
                _field(case, path, "number"),
                person=path,
                province=case.province,
                documents=",".join(documents.words),
                any_one=int(case.holds("minor_rules", "any_one") is not None),
            )


def _is_minor(case: Case, person: ResponsiblePerson, minimum: RuleVersion) -> bool:
    """Under the minimum, but not so young that nothing helps."""
    age, floor = _age(case, person), case.rule("age_floor_years")
    return age is not None and (floor.number if floor else 0) <= age < minimum.number


def _minor_rule(case: Case, path: str, person: ResponsiblePerson) -> RuleVersion | None:
    """The documents with which somebody so young may file, if the province names any."""
    age, documents = _age(case, person), case.part("minor_rules", "documents")
    below, least = case.part("minor_rules", "under_age"), case.part("minor_rules", "from_age")
    if age is None or documents is None or below is None:
        return None
    if case.holds("minor_rules", "legal_representative_only") and (
        path != "principal" or person.is_legal_representative is False
    ):
        return None
    return documents if (least.number if least else 0) <= age < below.number else None


def _age(case: Case, person: ResponsiblePerson) -> int | None:
    """Full years of age, where the certificate number tells."""
    number = person.certificate.number
    if number is None or not mod11.has_shape(number):
        return None
    born = mod11.birth_date(number)
    return None if born is None else mod11.age_on(born, case.today)


CHECKS = (
    certificate_expired,
    certificate_expires_soon,
    certificate_renewal_advised,
    certificate_type_not_accepted,
    resident_id_only,
    hk_mo_tw_certificate,
    residence_permit_first,
    under_age_floor,
    under_min_age,
    minor_needs_staff,
    minor_documents,
)
