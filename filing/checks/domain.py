"""Checks on the domain: holder, validity, real-name check, suffix and prefix."""

from collections.abc import Iterable
from datetime import timedelta

from filing.checks.base import Case, Hit, hit, refuse, warn
from filing.name_forms import plain, word_in
from filing.subject import SubjectKind
from filing.workdays import working_days_after

_DOMAIN, _HOLDER = "website.domain", "website.domain_holder"
_VALID, _VERIFIED = "website.domain_valid_until", "website.domain_verified_on"
_WHO = ("subject.kind", "subject.province")
_SUFFIXES = "domain_suffix_limits"
_CHINA = "cn"
_STATE_BODIES = (
    SubjectKind.GOVERNMENT,
    SubjectKind.PUBLIC_INSTITUTION,
    SubjectKind.MASS_ORGANIZATION,
    SubjectKind.MILITARY,
)


@refuse(
    "domain.holder_not_accepted",
    _HOLDER,
    *_WHO,
    rules=("domain_owner_match",),
    params=("holder", "accepted"),
)
def holder_not_accepted(case: Case) -> Iterable[Hit]:
    """The domain is registered to somebody it may not be."""
    rule, holder = case.rule("domain_owner_match"), case.filing.website.domain_holder
    if rule and holder and holder not in rule.words:
        yield hit(holder=holder, accepted=",".join(rule.words))


@warn(
    "domain.holder_needs_letter",
    _HOLDER,
    *_WHO,
    rules=("domain_owner_letter", "domain_owner_match"),
    params=("holder", "letter", "province"),
)
def holder_needs_letter(case: Case) -> Iterable[Hit]:
    """A holder other than the subject who has to bring a proof."""
    holder, accepted = case.filing.website.domain_holder, case.rule("domain_owner_match")
    letter = case.part("domain_owner_letter", holder) if holder else None
    if holder and letter and letter.word != "none" and accepted and holder in accepted.words:
        yield hit(holder=holder, letter=letter.word, province=case.province)


@refuse("domain.expired", _VALID)
def expired(case: Case) -> Iterable[Hit]:
    """The registration has run out."""
    until = case.filing.website.domain_valid_until
    if until and until < case.today:
        yield hit()


@refuse(
    "domain.expires_too_soon",
    _VALID,
    "subject.province",
    rules=("domain_validity_days_min",),
    params=("days", "until"),
)
def expires_too_soon(case: Case) -> Iterable[Hit]:
    """The registration does not run long enough."""
    rule, until = case.rule("domain_validity_days_min"), case.filing.website.domain_valid_until
    if rule is None or until is None or until < case.today:
        return
    if (until - case.today).days <= rule.number:
        least = case.today + timedelta(days=rule.number + 1)
        yield hit(days=rule.number, until=least.isoformat())


@refuse(
    "domain.verified_too_recently",
    _VERIFIED,
    rules=("real_name_wait_working_days",),
    params=("days", "ready"),
)
def verified_too_recently(case: Case) -> Iterable[Hit]:
    """The real-name check has not reached the ministry's records yet."""
    rule, verified = (
        case.rule("real_name_wait_working_days"),
        case.filing.website.domain_verified_on,
    )
    if rule is None or verified is None:
        return
    ready = working_days_after(verified, rule.number)
    if case.today < ready:
        yield hit(days=rule.number, ready=ready.isoformat())


@refuse(
    "domain.suffix_not_allowed",
    _DOMAIN,
    *_WHO,
    rules=(_SUFFIXES,),
    params=("kind", "allowed"),
)
def suffix_not_allowed(case: Case) -> Iterable[Hit]:
    """State bodies must use the suffixes kept for them."""
    domain, allowed = case.filing.website.domain, case.nearest(_SUFFIXES, "allowed")
    if domain and allowed and not domain.endswith(allowed.version.words):
        kind = case.filing.subject.kind or ""
        yield hit(None, allowed, kind=kind, allowed="、".join(allowed.version.words))


@refuse("domain.suffix_refused", _DOMAIN, *_WHO, rules=(_SUFFIXES,), params=("suffix", "province"))
def suffix_refused(case: Case) -> Iterable[Hit]:
    """A suffix the province does not take."""
    domain = case.filing.website.domain or ""
    suffix = _refused_suffix(case, domain)
    if domain and suffix:
        yield hit(suffix=suffix, province=case.province)


def _refused_suffix(case: Case, domain: str) -> str | None:
    refused = case.part(_SUFFIXES, "refused")
    for suffix in refused.words if refused else ():
        if domain.endswith(suffix):
            return suffix
    last = domain.rpartition(".")[2]
    is_country = len(last) == len(_CHINA) and last.isascii() and last != _CHINA
    listed = case.rule("domain_suffixes_listed")
    is_listed = listed is not None and f".{last}" in listed.words
    if is_country and not is_listed and case.holds(_SUFFIXES, "foreign_country_codes_refused"):
        return f".{last}"
    return None


@warn(
    "domain.suffix_unlisted",
    _DOMAIN,
    rules=("domain_suffix_approved_required", "domain_suffixes_listed"),
    params=("suffix",),
)
def suffix_unlisted(case: Case) -> Iterable[Hit]:
    """A suffix not among those known to be approved."""
    domain, listed = case.filing.website.domain, case.rule("domain_suffixes_listed")
    last = f".{domain.rpartition('.')[2]}" if domain else ""
    if domain and listed and last not in listed.words and not _refused_suffix(case, domain):
        yield hit(suffix=last)


@refuse(
    "domain.suffix_reserved",
    _DOMAIN,
    "subject.kind",
    params=("suffix",),
)
def suffix_reserved(case: Case) -> Iterable[Hit]:
    """A suffix kept for the government, used by somebody else."""
    kind, domain = case.filing.subject.kind, case.filing.website.domain
    if kind is None or domain is None or kind in _STATE_BODIES:
        return
    rule = case.rulebook.find(_SUFFIXES, case.today, subject=SubjectKind.GOVERNMENT)
    kept = rule.field("allowed") if rule else None
    for suffix in kept.words if kept else ():
        if domain.endswith(suffix):
            yield hit(suffix=suffix)


@warn("domain.national_bodies_only", _DOMAIN, *_WHO, rules=(_SUFFIXES,), params=("province",))
def national_bodies_only(case: Case) -> Iterable[Hit]:
    """中国….中国, which only national bodies may file there."""
    domain = case.filing.website.domain or ""
    if case.part(_SUFFIXES, "national_bodies_only") and _is_national(domain):
        yield hit(province=case.province)


def _is_national(domain: str) -> bool:
    return domain.startswith("中国") and domain.endswith(".中国")


@refuse(
    "domain.prefix_word",
    _DOMAIN,
    *_WHO,
    rules=("domain_prefix_limits",),
    params=("word", "province"),
)
def prefix_word(case: Case) -> Iterable[Hit]:
    """A national word in the name of somebody who is no state body."""
    words = case.part("domain_prefix_limits", "refused_words")
    word = word_in(_prefix(case), words.words) if words else None
    if word and case.filing.subject.kind not in _STATE_BODIES:
        yield hit(word=word, province=case.province)


@warn(
    "domain.prefix_needs_approval",
    _DOMAIN,
    *_WHO,
    "website.pre_approval",
    rules=("domain_prefix_limits",),
    params=("word", "province"),
)
def prefix_needs_approval(case: Case) -> Iterable[Hit]:
    """A word in the name that asks for an approval, or a remark that none is needed."""
    words = case.part("domain_prefix_limits", "approval_words")
    word = word_in(_prefix(case), words.words) if words else None
    if word and not case.filing.website.pre_approval_number:
        yield hit(word=word, province=case.province)


def _prefix(case: Case) -> str:
    """The domain's own name, without its suffix."""
    return plain(case.filing.website.domain or "").partition(".")[0]


CHECKS = (
    holder_not_accepted,
    holder_needs_letter,
    expired,
    expires_too_soon,
    verified_too_recently,
    suffix_not_allowed,
    suffix_refused,
    suffix_unlisted,
    suffix_reserved,
    national_bodies_only,
    prefix_word,
    prefix_needs_approval,
)
