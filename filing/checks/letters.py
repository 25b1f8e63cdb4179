"""Reminders of the letters and further documents a province asks for."""

from collections.abc import Iterable

from filing.checks.base import Case, Hit, hit, warn
from filing.checks.pre_approval import undeclared
from filing.finding import Basis
from filing.name_forms import word_in
from filing.rulebook import RuleVersion

_FIELDS = ("subject.province", "subject.kind", "subject.name", "website.name")
_COMMITMENT, _EDUCATION, _EXTRA = (
    "commitment_letter_required",
    "education_letter_required",
    "extra_material",
)
_ALWAYS = ("always", "first_filing", "domain_changes")
_INDUSTRY_WORDS = {
    "travel_agency": ("旅行社",),
    "private_fund": ("私募", "基金"),
    "food": ("食品", "餐饮"),
}
"""Industries a subject's name gives away; those of a subject kind need no word."""


@warn(
    "letters.commitment",
    *_FIELDS,
    rules=(_COMMITMENT,),
    params=("documents", "province"),
)
def commitment(case: Case) -> Iterable[Hit]:
    """A letter everybody files with there."""
    when = case.part(_COMMITMENT, "when")
    if when and when.word in _ALWAYS and case.filing.website.name:
        yield hit(documents=_list(case.part(_COMMITMENT, "documents")), province=case.province)


@warn(
    "letters.commitment_for_words",
    *_FIELDS,
    "website.pre_approval",
    rules=(_COMMITMENT,),
    params=("documents", "province", "word"),
)
def commitment_for_words(case: Case) -> Iterable[Hit]:
    """A letter because of a word in the name of subject or website."""
    when = case.part(_COMMITMENT, "when")
    if when is None or when.word in _ALWAYS or not case.filing.website.name:
        return
    own = case.part(_COMMITMENT, "words")
    word = word_in(_names(case), own.words) if own else None
    if when.word.startswith("education"):
        word = word or _education_word(case)
    if when.word == "education_or_approval_words":
        word = word or next((found for _, _, found in undeclared(case)), None)
    if word:
        documents = _list(case.part(_COMMITMENT, "documents"))
        yield hit(documents=documents, province=case.province, word=word)


@warn(
    "letters.education",
    *_FIELDS,
    "website.pre_approval",
    rules=(_EDUCATION, "education_keywords"),
    params=("documents", "province", "word"),
)
def education(case: Case) -> Iterable[Hit]:
    """A letter by which a body with a name of education says it gives no lessons."""
    word = _education_word(case) if case.filing.website.name else None
    if word:
        yield hit(documents=_list(case.rule(_EDUCATION)), province=case.province, word=word)


@warn(
    "letters.commitment_video", *_FIELDS, rules=("commitment_video_required",), params=("province",)
)
def commitment_video(case: Case) -> Iterable[Hit]:
    """A video of the site manager holding the letter."""
    if case.filing.website.name and case.holds("commitment_video_required"):
        yield hit(province=case.province)


@warn(
    "letters.extra_material", *_FIELDS, rules=(_EXTRA,), params=("documents", "province", "remark")
)
def extra_material(case: Case) -> Iterable[Hit]:
    """Documents of the subject's industry."""
    industry, documents = case.part(_EXTRA, "industry"), case.part(_EXTRA, "documents")
    if industry is None or not case.filing.website.name:
        return
    words = _INDUSTRY_WORDS.get(industry.word)
    if words is None or word_in(_names(case), words):
        yield hit(
            documents=_list(documents),
            province=case.province,
            remark=int(case.holds(_EXTRA, "remark") is not None),
        )


@warn(
    "letters.gov_domain_review",
    *_FIELDS,
    rules=("gov_extra_material",),
)
def gov_domain_review(case: Case) -> Iterable[Hit]:
    """State bodies usually bring a review form of their domain."""
    rule = case.rule("gov_extra_material")
    if rule and case.filing.website.name and "gov_domain_review_form" in rule.words:
        yield hit(None, Basis("gov_extra_material", rule))


def _education_word(case: Case) -> str | None:
    if "education" in case.filing.website.pre_approval:
        return None
    rule = case.rule("education_keywords")
    return word_in(_names(case), rule.words) if rule else None


def _names(case: Case) -> str:
    return f"{case.filing.subject.name or ''}\n{case.filing.website.name or ''}"


def _list(documents: RuleVersion | None) -> str:
    return "、".join(documents.words) if documents else ""


CHECKS = (
    commitment,
    commitment_for_words,
    education,
    commitment_video,
    extra_material,
    gov_domain_review,
)
