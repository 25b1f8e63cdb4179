"""Checks on what the website is: service content, languages and remark."""

from collections.abc import Iterable

from filing.checks.base import Case, Hit, hit, refuse, warn

_CONTENT, _REMARK, _LANGUAGES = (
    "website.service_content",
    "website.remark",
    "website.languages",
)
_WHO = ("subject.kind", "subject.province")
_RULE, _BLOG_RULE, _FIXED = (
    "service_content_rule",
    "personal_blog_category_allowed",
    "website_remark_fixed_text",
)
_BLOG = "blog"
_DECLARING = ("个人网站", "个人性质", "纯个人")


@refuse("website.blog_not_allowed", _CONTENT, *_WHO, rules=(_BLOG_RULE,), params=("province",))
def blog_not_allowed(case: Case) -> Iterable[Hit]:
    """Individuals may not choose 博客/个人空间 there."""
    allowed = case.rule(_BLOG_RULE)
    if allowed and not allowed.flag and case.filing.website.service_content == _BLOG:
        yield hit(province=case.province)


@refuse(
    "website.service_content_not_allowed",
    _CONTENT,
    *_WHO,
    rules=(_RULE,),
    params=("chosen", "allowed"),
)
def service_content_not_allowed(case: Case) -> Iterable[Hit]:
    """A content that this kind of subject may not choose there."""
    chosen, allowed = case.filing.website.service_content, case.part(_RULE, "allowed")
    if not chosen or allowed is None or chosen in allowed.words:
        return
    if not any(blog_not_allowed.run(case)):
        yield hit(chosen=chosen, allowed=",".join(allowed.words))


@refuse(
    "website.remark_missing",
    _REMARK,
    "website.name",
    *_WHO,
    rules=("website_remark_required",),
)
def remark_missing(case: Case) -> Iterable[Hit]:
    """No remark where one must say what the website is about."""
    website = case.filing.website
    if website.name and not website.remark and case.holds("website_remark_required"):
        yield hit()


@refuse(
    "website.remark_for_content",
    _REMARK,
    _CONTENT,
    *_WHO,
    rules=(_RULE, "service_content_rule_other"),
    params=("chosen",),
)
def remark_for_content(case: Case) -> Iterable[Hit]:
    """A content that has to be explained in the remark."""
    website = case.filing.website
    if not website.service_content or website.remark or any(remark_missing.run(case)):
        return
    plain = case.part(_RULE, "remark_unless")
    other = website.service_content == "other" and case.rule("service_content_rule_other")
    if other or (plain is not None and website.service_content not in plain.words):
        yield hit(chosen=website.service_content)


@refuse(
    "website.remark_too_short",
    _REMARK,
    *_WHO,
    rules=(_FIXED,),
    params=("least", "found", "province"),
)
def remark_too_short(case: Case) -> Iterable[Hit]:
    """A remark shorter than the province wants."""
    remark, least = case.filing.website.remark, case.part(_FIXED, "min_characters")
    if remark and least and len(remark) < least.number:
        yield hit(least=least.number, found=len(remark), province=case.province)


@warn("website.remark_declaration", _REMARK, *_WHO, rules=(_FIXED,), params=("province", "opening"))
def remark_declaration(case: Case) -> Iterable[Hit]:
    """The remark lacks the declaration the province wants of individuals."""
    remark = case.filing.website.remark
    if not remark or not case.holds(_FIXED, "declaration"):
        return
    if not any(words in remark for words in _DECLARING):
        opening = case.holds(_FIXED, "with_content_and_opening")
        yield hit(province=case.province, opening=int(opening is not None))


@warn(
    "website.remark_content",
    _REMARK,
    "website.name",
    *_WHO,
    rules=("website_remark_content",),
    params=("wanted", "province"),
)
def remark_content(case: Case) -> Iterable[Hit]:
    """The province wants bodies to say something definite in the remark."""
    website, wanted = case.filing.website, case.rule("website_remark_content")
    if wanted and website.name and not website.remark:
        yield hit(wanted=wanted.word, province=case.province)


@warn(
    "website.remark_for_ips",
    _REMARK,
    "website.ips",
    "subject.province",
    rules=("site_remark_multi_ip",),
    params=("province",),
)
def remark_for_ips(case: Case) -> Iterable[Hit]:
    """Several addresses in several provinces have to be explained."""
    website = case.filing.website
    if len(website.ips) > 1 and not website.remark and case.holds("site_remark_multi_ip"):
        yield hit(province=case.province)


@refuse(
    "website.language_required",
    _LANGUAGES,
    "subject.province",
    rules=("site_languages_must_include",),
    params=("language", "province"),
)
def language_required(case: Case) -> Iterable[Hit]:
    """The languages lack one the province wants among them."""
    rule, chosen = case.rule("site_languages_must_include"), case.filing.website.languages
    if rule is None or not chosen:
        return
    tags = {_tag(language) for language in chosen}
    for language in rule.words:
        if _tag(language) not in tags:
            yield hit(language=_choice(language), province=case.province)


def _tag(language: str) -> str:
    return language.replace("-", "_").casefold()


def _choice(language: str) -> str:
    """A language of the rules (zh_hans) as the choices call it (zh-Hans)."""
    tongue, _, script = language.partition("_")
    return f"{tongue}-{script.title()}" if script else tongue


@warn(
    "website.many_languages",
    _LANGUAGES,
    rules=("site_languages_advised_max",),
    params=("most",),
)
def many_languages(case: Case) -> Iterable[Hit]:
    """More languages than a website usually has."""
    rule = case.rule("site_languages_advised_max")
    if rule and len(case.filing.website.languages) > rule.number:
        yield hit(most=rule.number)


CHECKS = (
    blog_not_allowed,
    service_content_not_allowed,
    remark_missing,
    remark_for_content,
    remark_too_short,
    remark_declaration,
    remark_content,
    remark_for_ips,
    language_required,
    many_languages,
)
