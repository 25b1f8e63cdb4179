"""Checks on who files: certificate, kind, name and what the province asks of such subjects."""

from collections.abc import Iterable

from filing.checks.base import Case, Hit, hit, refuse, warn
from filing.identifiers import uscc
from filing.identifiers.address import address_parts
from filing.months import months_after
from filing.subject import CERTIFICATES_OF, CertificateType, SubjectKind

_STUDIO = "工作室"
_BRACKETS = frozenset("()（）")
_OLD_NUMBER_LENGTH = 15


@refuse("subject.province_not_served", "subject.province", params=("province",))
def province_not_served(case: Case) -> Iterable[Hit]:
    """The provider cannot file in the province."""
    province = case.filing.subject.province
    if province and case.provider and province in case.provider.unavailable_provinces:
        yield hit(province=province)


@refuse(
    "subject.certificate_not_of_kind",
    "subject.certificate.type",
    "subject.kind",
    params=("kind", "certificate"),
)
def certificate_not_of_kind(case: Case) -> Iterable[Hit]:
    """The certificate is one that subjects of this kind do not have."""
    subject = case.filing.subject
    certificate = subject.certificate.type
    if subject.kind and certificate and certificate not in CERTIFICATES_OF[subject.kind]:
        yield hit(kind=subject.kind, certificate=certificate)


@warn(
    "subject.kind_unlike_code",
    "subject.kind",
    "subject.certificate.number",
    params=("kind", "likely"),
)
def kind_unlike_code(case: Case) -> Iterable[Hit]:
    """The first two characters of the unified code belong to another kind of subject."""
    subject, code = case.filing.subject, _unified_code(case)
    likely = uscc.likely_kinds(code) if code else ()
    if subject.kind and likely and subject.kind not in likely:
        yield hit(kind=subject.kind, likely=likely[0])


@warn(
    "subject.code_of_other_province",
    "subject.province",
    "subject.certificate.number",
    rules=("unit_files_in_certificate_province",),
    params=("province", "registered"),
)
def code_of_other_province(case: Case) -> Iterable[Hit]:
    """The unified code was given out elsewhere; a body that moved keeps its code."""
    province, code = case.filing.subject.province, _unified_code(case)
    registered = uscc.province_name(code) if code else None
    if province and registered and registered != province:
        yield hit(province=province, registered=registered)


@refuse(
    "subject.certificate_address_elsewhere",
    "subject.certificate.address",
    "subject.province",
    rules=("unit_files_in_certificate_province",),
    params=("province", "found"),
)
def certificate_address_elsewhere(case: Case) -> Iterable[Hit]:
    """A body's registered address lies in another province."""
    subject = case.filing.subject
    if not (subject.province and subject.certificate.address):
        return
    found = address_parts(subject.certificate.address).province_name
    if found and found != subject.province:
        yield hit(province=subject.province, found=found)


@refuse("subject.certificate_expired", "subject.certificate.valid_until")
def certificate_expired(case: Case) -> Iterable[Hit]:
    """A body's certificate is no longer valid."""
    until = case.filing.subject.certificate.valid_until
    if case.is_unit and until and until < case.today:
        yield hit()


@refuse(
    "subject.licence_validity_short",
    "subject.certificate.valid_until",
    rules=("licence_min_validity_months",),
    params=("months", "province"),
)
def licence_validity_short(case: Case) -> Iterable[Hit]:
    """The province wants a licence that stays valid longer."""
    rule = case.rule("licence_min_validity_months")
    until = case.filing.subject.certificate.valid_until
    if rule and until and case.today <= until <= months_after(case.today, rule.number):
        yield hit(months=rule.number, province=case.province)


@refuse(
    "subject.business_licence_required",
    "subject.certificate.type",
    rules=("licence_type",),
    params=("province",),
)
def business_licence_required(case: Case) -> Iterable[Hit]:
    """An enterprise shows another certificate where only the business licence is taken."""
    rule, subject = case.rule("licence_type"), case.filing.subject
    wanted = rule is not None and rule.word.startswith("business_licence")
    enterprise = subject.kind in (SubjectKind.ENTERPRISE, SubjectKind.SOLE_PROPRIETOR)
    if wanted and enterprise and subject.certificate.type is CertificateType.ORG_CODE:
        yield hit(province=case.province)


@refuse(
    "subject.unified_code_required",
    "subject.certificate.number",
    rules=("licence_type",),
    params=("province",),
)
def unified_code_required(case: Case) -> Iterable[Hit]:
    """An old registration number where only the licence with the unified code is taken."""
    rule, subject = case.rule("licence_type"), case.filing.subject
    if rule is None or not rule.word.startswith("latest"):
        return
    if len(subject.certificate.number or "") == _OLD_NUMBER_LENGTH:
        yield hit(province=case.province)


@warn("subject.name_brackets", "subject.name", rules=("entity_name_format",), params=("province",))
def name_brackets(case: Case) -> Iterable[Hit]:
    """Brackets in the name must be as wide as on the certificate."""
    name = case.filing.subject.name
    if case.is_unit and name and _BRACKETS & set(name):
        yield hit(province=case.province)


@warn("subject.studio_seal", "subject.name", rules=("sole_studio_rule",), params=("province",))
def studio_seal(case: Case) -> Iterable[Hit]:
    """A studio without a seal cannot file there."""
    if _STUDIO in (case.filing.subject.name or ""):
        yield hit(province=case.province)


@warn(
    "subject.sole_proprietor_seal",
    "subject.kind",
    rules=("sole_proprietor_rule",),
    params=("province", "without"),
)
def sole_proprietor_seal(case: Case) -> Iterable[Hit]:
    """A sole proprietor needs a seal, or may do without one in a stated way."""
    if case.filing.subject.kind is not SubjectKind.SOLE_PROPRIETOR:
        return
    without = case.part("sole_proprietor_rule", "without_seal")
    if without or case.holds("sole_proprietor_rule", "seal_required"):
        yield hit(province=case.province, without=without.word if without else "")


@warn(
    "subject.sole_proprietor_trade_name",
    "subject.name",
    "subject.kind",
    rules=("sole_proprietor_rule",),
    params=("province", "otherwise"),
)
def sole_proprietor_trade_name(case: Case) -> Iterable[Hit]:
    """A sole proprietor without a trade name files otherwise, or not at all."""
    if case.filing.subject.kind is not SubjectKind.SOLE_PROPRIETOR:
        return
    otherwise = case.part("sole_proprietor_rule", "without_trade_name")
    if otherwise or case.holds("sole_proprietor_rule", "trade_name_required"):
        yield hit(
            province=case.province,
            otherwise=otherwise.word if otherwise else "",
        )


@refuse(
    "subject.sole_proprietor_operator_only",
    "principal.is_legal_representative",
    "subject.kind",
    rules=("sole_proprietor_rule",),
    params=("province",),
)
def sole_proprietor_operator_only(case: Case) -> Iterable[Hit]:
    """Only the operator on the licence may be the principal."""
    if case.filing.subject.kind is not SubjectKind.SOLE_PROPRIETOR:
        return
    if case.filing.principal.is_legal_representative is not False:
        return
    if case.holds("sole_proprietor_rule", "legal_representative_only"):
        yield hit(province=case.province)


@refuse(
    "subject.investor_missing",
    "subject.investor",
    "subject.kind",
    "subject.province",
    rules=("investor_field_rule",),
    params=("province", "wanted"),
)
def investor_missing(case: Case) -> Iterable[Hit]:
    """The province asks for the investor or superior body."""
    rule, subject = case.rule("investor_field_rule"), case.filing.subject
    if rule and subject.name and not subject.investor:
        yield hit(province=case.province, wanted=rule.word)


@warn(
    "subject.investor_unlike",
    "subject.investor",
    "subject.name",
    "principal.name",
    rules=("investor_field_rule",),
    params=("province", "wanted"),
)
def investor_unlike(case: Case) -> Iterable[Hit]:
    """The investor is not whom the province wants named."""
    rule, subject = case.rule("investor_field_rule"), case.filing.subject
    if rule is None or not subject.investor:
        return
    leads = case.filing.principal.is_legal_representative
    expected = {
        "own_full_name": subject.name,
        "legal_representative_name": case.filing.principal.name if leads else None,
    }.get(rule.word)
    if expected and expected != subject.investor:
        yield hit(province=case.province, wanted=rule.word)


@warn(
    "subject.establishment_approval",
    "subject.kind",
    "subject.province",
    rules=("gov_filing_rule",),
    params=("province", "approval"),
)
def establishment_approval(case: Case) -> Iterable[Hit]:
    """State bodies need an approval before they open a website there."""
    rule = case.rule("gov_filing_rule")
    if rule and rule.word.endswith("_approval"):
        yield hit(province=case.province, approval=rule.word)


def _unified_code(case: Case) -> str | None:
    """The subject's unified code, if its certificate number is one."""
    number = case.filing.subject.certificate.number
    return number if case.is_unit and number and uscc.has_shape(number) else None


CHECKS = (
    province_not_served,
    certificate_not_of_kind,
    kind_unlike_code,
    code_of_other_province,
    certificate_address_elsewhere,
    certificate_expired,
    licence_validity_short,
    business_licence_required,
    unified_code_required,
    name_brackets,
    studio_seal,
    sole_proprietor_seal,
    sole_proprietor_trade_name,
    sole_proprietor_operator_only,
    investor_missing,
    investor_unlike,
    establishment_approval,
)
