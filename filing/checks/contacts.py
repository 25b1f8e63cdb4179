"""Checks on phone numbers and e-mail addresses."""

from collections.abc import Iterable

from filing.checks.base import Case, Hit, hit, refuse, warn
from filing.identifiers.phone import is_mobile, is_virtual
from filing.mobile_areas import province_of_mobile

_MOBILES = ("principal.mobile", "site_manager.mobile")
_OFFICE, _EMERGENCY, _REMARK = "principal.office_phone", "emergency_phone", "website.remark"
_WHERE = ("subject.province", "subject.kind")
_RULE = "emergency_phone_rule"

_NUMBERS_OF = {
    "principal_mobile": "principal.mobile",
    "site_manager_mobile": "site_manager.mobile",
    "office_phone": _OFFICE,
}
"""What an emergency number may have to differ from -> where it stands."""


@refuse(
    "contacts.same_mobile",
    "site_manager.mobile",
    "principal.mobile",
    "site_manager_same",
    rules=("contact_rule",),
)
def same_mobile(case: Case) -> Iterable[Hit]:
    """Two persons, one mobile number."""
    mine, theirs = case.filing.principal.mobile, case.filing.site_manager.mobile
    if (
        _two_persons(case)
        and mine
        and mine == theirs
        and case.holds("contact_rule", "different_persons_distinct_mobile")
    ):
        yield hit()


@refuse(
    "contacts.same_email",
    "site_manager.email",
    "principal.email",
    "site_manager_same",
    rules=("contact_rule",),
)
def same_email(case: Case) -> Iterable[Hit]:
    """Two persons, one e-mail address."""
    mine, theirs = case.filing.principal.email, case.filing.site_manager.email
    if (
        _two_persons(case)
        and mine
        and theirs
        and mine.casefold() == theirs.casefold()
        and case.holds("contact_rule", "different_persons_distinct_email")
    ):
        yield hit()


@refuse(
    "contacts.emergency_missing",
    _EMERGENCY,
    "principal.mobile",
    rules=("emergency_phone_required",),
)
def emergency_missing(case: Case) -> Iterable[Hit]:
    """No emergency number, once the principal's is known."""
    filing = case.filing
    if (
        filing.principal.mobile
        and not filing.emergency_phone
        and case.holds("emergency_phone_required")
    ):
        yield hit()


@refuse(
    "contacts.emergency_not_distinct",
    _EMERGENCY,
    *_MOBILES,
    _OFFICE,
    *_WHERE,
    rules=(_RULE,),
    params=("whose",),
)
def emergency_not_distinct(case: Case) -> Iterable[Hit]:
    """The emergency number is one of the other numbers it must differ from."""
    emergency = case.filing.emergency_phone
    for whose in _emergency_differs_from(case):
        if emergency and emergency == case.get(_NUMBERS_OF[whose]):
            yield hit(whose=whose)
            return


@warn(
    "contacts.emergency_remark",
    _REMARK,
    _EMERGENCY,
    *_WHERE,
    rules=(_RULE,),
    params=("province", "wanted"),
)
def emergency_remark(case: Case) -> Iterable[Hit]:
    """The province wants to know whose the emergency number is."""
    wanted = case.part(_RULE, "remark")
    if wanted and case.filing.emergency_phone and not case.filing.website.remark:
        yield hit(province=case.province, wanted=wanted.word)


@refuse(
    "contacts.office_landline_required",
    _OFFICE,
    *_WHERE,
    rules=("office_landline_required",),
    params=("province",),
)
def office_landline_required(case: Case) -> Iterable[Hit]:
    """A mobile where the province wants a landline."""
    office = case.filing.principal.office_phone
    if case.is_unit and office and is_mobile(office) and case.holds("office_landline_required"):
        yield hit(province=case.province)


@refuse(
    "contacts.office_repeats_mobile",
    _OFFICE,
    "principal.mobile",
    *_WHERE,
    rules=("office_phone_differs_from_mobile",),
    params=("province",),
)
def office_repeats_mobile(case: Case) -> Iterable[Hit]:
    """The office number is the principal's mobile where it must differ."""
    principal = case.filing.principal
    if (
        principal.office_phone
        and principal.office_phone == principal.mobile
        and case.holds("office_phone_differs_from_mobile")
    ):
        yield hit(province=case.province)


@warn(
    "contacts.office_remark",
    _REMARK,
    _OFFICE,
    *_WHERE,
    rules=("office_phone_remark_required",),
    params=("province",),
)
def office_remark(case: Case) -> Iterable[Hit]:
    """The province wants to know who answers the office number."""
    filing = case.filing
    if (
        filing.principal.office_phone
        and not filing.website.remark
        and case.holds("office_phone_remark_required")
    ):
        yield hit(province=case.province)


@refuse(
    "contacts.too_few_numbers",
    _EMERGENCY,
    *_MOBILES,
    _OFFICE,
    "site_manager_same",
    *_WHERE,
    rules=("distinct_phone_numbers_min",),
    params=("province", "least", "found"),
)
def too_few_numbers(case: Case) -> Iterable[Hit]:
    """Fewer different numbers than the province wants, counted once all are given."""
    filing = case.filing
    mobiles = {person.mobile for _, person in case.persons()}
    if filing.site_manager_same is None or None in mobiles or not filing.emergency_phone:
        return
    how = "same_person" if case.one_person else "different_persons"
    least = case.part("distinct_phone_numbers_min", how)
    numbers = {*mobiles, filing.emergency_phone, filing.principal.office_phone} - {None}
    if least and len(numbers) < least.number:
        yield hit(province=case.province, least=least.number, found=len(numbers))


@refuse(
    "contacts.mobile_from_elsewhere",
    *_MOBILES,
    *_WHERE,
    rules=("phone_number_area_rule",),
    params=("person", "province", "areas", "found"),
)
def mobile_from_elsewhere(case: Case) -> Iterable[Hit]:
    """A number given out in a province whose numbers are not taken."""
    rule = case.rule("phone_number_area_rule")
    if rule is None or isinstance(rule.value, str):
        return
    for path, person in case.persons():
        found = province_of_mobile(person.mobile) if person.mobile else None
        if found and found not in rule.words:
            yield hit(
                f"{path}.mobile",
                person=path,
                province=case.province,
                areas="、".join(rule.words),
                found=found,
            )


@warn(
    "contacts.local_mobile_advised",
    *_MOBILES,
    *_WHERE,
    rules=("phone_number_area_rule",),
    params=("person", "province", "found"),
)
def local_mobile_advised(case: Case) -> Iterable[Hit]:
    """A number from elsewhere where a local one goes through more smoothly."""
    rule, province = case.rule("phone_number_area_rule"), case.filing.subject.province
    if rule is None or rule.value != "recommended_local" or not province:
        return
    for path, person in case.persons():
        found = province_of_mobile(person.mobile) if person.mobile else None
        if found and found != province:
            yield hit(f"{path}.mobile", person=path, province=province, found=found)


@warn(
    "contacts.virtual_number",
    *_MOBILES,
    rules=("sms_verification_required",),
    params=("person",),
)
def virtual_number(case: Case) -> Iterable[Hit]:
    """A virtual operator's number, which may not get the ministry's text message."""
    for path, person in case.persons():
        if person.mobile and is_virtual(person.mobile):
            yield hit(f"{path}.mobile", person=path)


@warn(
    "contacts.email_at_filed_domain",
    "principal.email",
    "site_manager.email",
    "website.domain",
    rules=("close_site_until_approved",),
    params=("person", "domain"),
)
def email_at_filed_domain(case: Case) -> Iterable[Hit]:
    """Mail to the domain being filed may stop together with its resolution."""
    domain = case.filing.website.domain
    for path, person in case.persons():
        host = (person.email or "").rpartition("@")[2].casefold()
        if domain and (host == domain or host.endswith(f".{domain}")):
            yield hit(f"{path}.email", person=path, domain=domain)
            return


def _two_persons(case: Case) -> bool:
    return case.filing.site_manager_same is False


def _emergency_differs_from(case: Case) -> tuple[str, ...]:
    """What the emergency number must differ from, by the rule."""
    named = case.part(_RULE, "differs_from")
    both = case.holds(_RULE, "no_cross_use") or case.holds(_RULE, "third_person")
    leaders = ("principal_mobile", "site_manager_mobile") if both else ()
    return tuple(dict.fromkeys((*leaders, *(named.words if named else ()))))


CHECKS = (
    same_mobile,
    same_email,
    emergency_missing,
    emergency_not_distinct,
    emergency_remark,
    office_landline_required,
    office_repeats_mobile,
    office_remark,
    too_few_numbers,
    mobile_from_elsewhere,
    local_mobile_advised,
    virtual_number,
    email_at_filed_domain,
)
