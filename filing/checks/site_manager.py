"""Checks on the site manager (网站负责人)."""

from collections.abc import Iterable

from filing.checks.base import Case, Hit, hit, refuse, warn
from filing.identifiers import id_card, mod11
from filing.model import ResponsiblePerson
from filing.subject import CertificateType

_SAME, _TYPE = "site_manager_same", "site_manager.certificate.type"
_LEGAL, _PROVINCE, _KIND = (
    "principal.is_legal_representative",
    "subject.province",
    "subject.kind",
)
_FOREIGN = "foreign_legal_rep_rule"


@refuse(
    "site_manager.must_be_principal",
    _SAME,
    _LEGAL,
    _PROVINCE,
    _KIND,
    rules=("service_leader_must_equal_entity_leader_when_not_legal_rep",),
    params=("province",),
)
def must_be_principal(case: Case) -> Iterable[Hit]:
    """A principal who is not the legal representative must manage the website as well."""
    if _led_by_another(case) and case.holds(
        "service_leader_must_equal_entity_leader_when_not_legal_rep"
    ):
        yield hit(province=case.province)


@warn(
    "site_manager.same_as_authorised",
    _SAME,
    _LEGAL,
    _PROVINCE,
    _KIND,
    rules=(_FOREIGN,),
    params=("province",),
)
def same_as_authorised(case: Case) -> Iterable[Hit]:
    """Whom a foreign legal representative authorises must manage the website as well."""
    if _led_by_another(case) and case.holds(_FOREIGN, "site_manager_same"):
        yield hit(province=case.province)


@warn(
    "site_manager.authorisation_letter",
    _SAME,
    _LEGAL,
    _PROVINCE,
    _KIND,
    rules=("service_leader_authorization_letter", "service_leader_letter_template"),
    params=("template",),
)
def authorisation_letter(case: Case) -> Iterable[Hit]:
    """A site manager who is not the legal representative needs a letter."""
    filing = case.filing
    if not case.is_unit or filing.site_manager_same is None:
        return
    manager_is_legal = case.one_person and filing.principal.is_legal_representative is not False
    if manager_is_legal:
        return
    template = case.rule("service_leader_letter_template")
    yield hit(template=template.word if template else "")


@refuse(
    "site_manager.certificate_type_not_accepted",
    _TYPE,
    "principal.certificate.type",
    _PROVINCE,
    rules=("service_leader_certificates",),
    params=("province", "accepted"),
)
def certificate_type_not_accepted(case: Case) -> Iterable[Hit]:
    """The province takes other papers only from a site manager."""
    rule, manager = case.rule("service_leader_certificates"), _manager(case)
    if case.filing.site_manager_same is None or rule is None:
        return
    paper = manager.certificate.type
    if paper and paper not in rule.words:
        yield hit(province=case.province, accepted=",".join(rule.words))


@refuse(
    "site_manager.must_hold_mainland_id",
    _TYPE,
    "principal.certificate.type",
    _SAME,
    _PROVINCE,
    rules=(_FOREIGN,),
    params=("province",),
)
def must_hold_mainland_id(case: Case) -> Iterable[Hit]:
    """With a foreign legal representative the site manager must be a mainland resident."""
    filing = case.filing
    abroad = filing.principal.certificate.type is CertificateType.PASSPORT
    paper = _manager(case).certificate.type
    if not (abroad and paper and case.holds(_FOREIGN, "site_manager_mainland")):
        return
    if paper is not CertificateType.ID_CARD:
        yield hit(_SAME if case.one_person else None, province=case.province)


@refuse(
    "site_manager.too_old",
    "site_manager.certificate.number",
    "principal.certificate.number",
    _SAME,
    rules=("service_leader_max_age",),
    params=("province", "age"),
)
def too_old(case: Case) -> Iterable[Hit]:
    """Past the age up to which the province takes a site manager."""
    number = _manager(case).certificate.number
    if case.filing.site_manager_same is None or not number or not mod11.has_shape(number):
        return
    limit = case.part("service_leader_max_age", id_card.sex(number).value)
    age = id_card.age(number, case.today)
    if limit and age is not None and age > limit.number:
        yield hit(
            _SAME if case.one_person else None,
            province=case.province,
            age=limit.number,
        )


@warn("site_manager.is_principal", _SAME, "site_manager.certificate.number")
def is_principal(case: Case) -> Iterable[Hit]:
    """Said to be somebody else, but with the principal's certificate."""
    number = case.filing.site_manager.certificate.number
    if (
        case.filing.site_manager_same is False
        and number
        and number == case.filing.principal.certificate.number
    ):
        yield hit()


def _manager(case: Case) -> ResponsiblePerson:
    return case.filing.principal if case.one_person else case.filing.site_manager


def _led_by_another(case: Case) -> bool:
    """A principal who is not the legal representative, and a third person for the website."""
    filing = case.filing
    return (
        case.is_unit
        and filing.principal.is_legal_representative is False
        and filing.site_manager_same is False
    )


CHECKS = (
    must_be_principal,
    same_as_authorised,
    authorisation_letter,
    certificate_type_not_accepted,
    must_hold_mainland_id,
    too_old,
    is_principal,
)
