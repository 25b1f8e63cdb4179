"""Checks on the principal (主体负责人)."""

from collections.abc import Iterable

from filing.checks.base import Case, Hit, hit, refuse, warn
from filing.identifiers.org_name import same_name
from filing.name_forms import word_in
from filing.regions import province_of, short_name
from filing.rulebook import RuleVersion
from filing.subject import CertificateType

_LEGAL, _PROVINCE, _KIND = (
    "principal.is_legal_representative",
    "subject.province",
    "subject.kind",
)
_MUST_BE = "entity_leader_must_be_legal_rep"
_FOREIGN = "foreign_legal_rep_rule"
_PROOF = "residence_proof_required_for_leader"
_TRADES = {"trading_company": ("商贸", "贸易", "百货")}
"""Sorts of enterprise a rule may name, and the words in a name that tell them."""
_FOREIGN_PAPERS = (CertificateType.PASSPORT, CertificateType.FOREIGN_PERMANENT_RESIDENT)


@refuse(
    "principal.must_be_legal_representative",
    _LEGAL,
    _PROVINCE,
    _KIND,
    rules=(_MUST_BE,),
    params=("province",),
)
def must_be_legal_representative(case: Case) -> Iterable[Hit]:
    """Only the legal representative may be principal there."""
    if _is_barred(case) and not case.part(_FOREIGN, "authorise"):
        yield hit(province=case.province)


@warn(
    "principal.legal_representative_unless_foreign",
    _LEGAL,
    _PROVINCE,
    _KIND,
    rules=(_MUST_BE, _FOREIGN),
    params=("province",),
)
def legal_representative_unless_foreign(case: Case) -> Iterable[Hit]:
    """Somebody else may be principal there only if the legal representative is foreign."""
    if _is_barred(case) and case.part(_FOREIGN, "authorise"):
        yield hit(province=case.province)


@warn(
    "principal.authorisation_letter",
    _LEGAL,
    _PROVINCE,
    _KIND,
    rules=("principal_authorization_letter", _MUST_BE),
    params=("province",),
)
def authorisation_letter(case: Case) -> Iterable[Hit]:
    """A principal who is not the legal representative needs a letter."""
    letter = case.rule("principal_authorization_letter")
    if letter and letter.word == "required" and _is_other(case) and not _is_barred(case):
        yield hit(province=case.province)


@refuse(
    "principal.must_hold_mainland_id",
    "principal.certificate.type",
    _PROVINCE,
    _KIND,
    rules=(_FOREIGN,),
    params=("province",),
)
def must_hold_mainland_id(case: Case) -> Iterable[Hit]:
    """The legal representative is no mainland resident and must authorise one."""
    authorise, paper = case.part(_FOREIGN, "authorise"), case.filing.principal.certificate.type
    if authorise is None or paper is None or paper is CertificateType.ID_CARD:
        return
    if authorise.word != "chinese_citizen" or paper in _FOREIGN_PAPERS:
        yield hit(province=case.province)


@warn(
    "principal.name_as_in_passport",
    "principal.name",
    "principal.certificate.type",
    rules=(_FOREIGN,),
    params=("province",),
)
def name_as_in_passport(case: Case) -> Iterable[Hit]:
    """Licence and passport may spell the name differently: the passport counts."""
    principal = case.filing.principal
    if (
        principal.name
        and principal.certificate.type is CertificateType.PASSPORT
        and case.holds(_FOREIGN, "name_as_in_passport")
    ):
        yield hit(province=case.province)


@refuse("principal.not_the_individual", "principal.name", "subject.name")
def not_the_individual(case: Case) -> Iterable[Hit]:
    """An individual is their own principal."""
    name, principal = case.filing.subject.name, case.filing.principal.name
    if case.is_individual and name and principal and not same_name(name, principal):
        yield hit()


@refuse(
    "principal.not_the_individuals_number",
    "principal.certificate.number",
    "subject.certificate.number",
)
def not_the_individuals_number(case: Case) -> Iterable[Hit]:
    """An individual shows the same certificate as subject and as principal."""
    subject = case.filing.subject.certificate.number
    principal = case.filing.principal.certificate.number
    if case.is_individual and subject and principal and subject != principal:
        yield hit()


@warn(
    "principal.residence_proof",
    "principal.certificate.number",
    _PROVINCE,
    _KIND,
    "subject.name",
    rules=(_PROOF,),
    params=("province", "accepted"),
)
def residence_proof(case: Case) -> Iterable[Hit]:
    """Small businesses whose operator has an ID from elsewhere prove they live there."""
    accepted = case.part(_PROOF, "any_of")
    sort = case.part(_PROOF, "enterprises")
    concerns = sort is None or word_in(case.filing.subject.name or "", _TRADES[sort.word])
    if accepted and concerns and _id_elsewhere(case):
        yield hit(province=case.province, accepted=",".join(accepted.words))


@warn(
    "principal.id_elsewhere_documents",
    "principal.certificate.number",
    _PROVINCE,
    _KIND,
    rules=("legal_rep_id_elsewhere_rule",),
    params=("province", "accepted"),
)
def id_elsewhere_documents(case: Case) -> Iterable[Hit]:
    """A legal representative with an ID from elsewhere brings something further."""
    accepted = case.rule("legal_rep_id_elsewhere_rule")
    if accepted and _id_elsewhere(case):
        yield hit(province=case.province, accepted=",".join(accepted.words))


def _is_other(case: Case) -> bool:
    return case.is_unit and case.filing.principal.is_legal_representative is False


def _is_barred(case: Case) -> bool:
    """A principal other than the legal representative, where the rule allows none."""
    rule: RuleVersion | None = case.rule(_MUST_BE)
    return rule is not None and rule.word == "true" and _is_other(case)


def _id_elsewhere(case: Case) -> bool:
    certificate, province = case.filing.principal.certificate, case.filing.subject.province
    if certificate.type is not CertificateType.ID_CARD or not certificate.number or not province:
        return False
    home = province_of(certificate.number)
    return home is not None and short_name(home) != province


CHECKS = (
    must_be_legal_representative,
    legal_representative_unless_foreign,
    authorisation_letter,
    must_hold_mainland_id,
    name_as_in_passport,
    not_the_individual,
    not_the_individuals_number,
    residence_proof,
    id_elsewhere_documents,
)
