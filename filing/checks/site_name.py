"""Checks on the website's name: form, words and kinship with the subject."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from filing import name_forms as forms
from filing.checks.base import Case, Check, Hit, hit, refuse, warn
from filing.finding import Basis

_NAME = "website.name"
_FIELDS = (_NAME, "subject.kind", "subject.province")
_RULES, _REFUSED, _WARNED = (
    "site_name_rules",
    "site_name_refused_words",
    "site_name_warned_words",
)
_SHORTEST_PERSON_NAME = 2

Form: TypeAlias = Callable[[Case, str], bool]
_OfForm: TypeAlias = Callable[[Form], Check]


def _of_form(form: str, *further_fields: str) -> _OfForm:
    """A check refusing names of a form, where the rules refuse that form."""

    def make(has_form: Form) -> Check:
        def judge(case: Case) -> Iterable[Hit]:
            name = case.filing.website.name
            bases = _bases_refusing(case, form) if name else ()
            if name and bases and has_form(case, name):
                yield hit(None, *bases)

        return refuse(f"site_name.{form}", *_FIELDS, *further_fields, rules=(_RULES,))(judge)

    return make


@_of_form("digits_only")
def digits_only(_case: Case, name: str) -> bool:
    """Nothing but digits."""
    return forms.is_digits_only(name)


@_of_form("latin_only", "website.domain")
def latin_only(case: Case, name: str) -> bool:
    """Latin letters without a Chinese character, other than the domain."""
    return forms.is_latin_only(name) and not forms.is_domain(name, case.filing.website.domain)


@_of_form("latin")
def latin(_case: Case, name: str) -> bool:
    """Latin letters in a name that has Chinese ones too."""
    return forms.has_latin(name) and not forms.is_latin_only(name)


@_of_form("pinyin")
def pinyin(_case: Case, name: str) -> bool:
    """Latin letters, which in a personal website's name are mostly pinyin."""
    return forms.has_latin(name) and not forms.is_latin_only(name)


@_of_form("digits")
def digits(_case: Case, name: str) -> bool:
    """A digit in a name that is not all digits."""
    return forms.has_digit(name) and not forms.is_digits_only(name)


@_of_form("domain", "website.domain")
def domain(case: Case, name: str) -> bool:
    """The domain itself."""
    return forms.is_domain(name, case.filing.website.domain)


@_of_form("homepage_url")
def homepage_url(_case: Case, name: str) -> bool:
    """A web address."""
    return forms.names_home_page(name)


@_of_form("person_name", "subject.name", "principal.name")
def person_name(case: Case, name: str) -> bool:
    """The name of the individual or the principal."""
    own = case.filing.subject.name if case.is_individual else None
    names = (own, case.filing.principal.name)
    return any(one and len(one) >= _SHORTEST_PERSON_NAME and one in name for one in names)


@_of_form("personal_site")
def personal_site(_case: Case, name: str) -> bool:
    """个人网站, 某某个人: says no more than that a person runs it."""
    return "个人" in name


@_of_form("village_name")
def village_name(_case: Case, name: str) -> bool:
    """Named after a village or township."""
    return forms.names_village(name)


@refuse("site_name.special_characters", *_FIELDS, rules=(_RULES,), params=("sign",))
def special_characters(case: Case) -> Iterable[Hit]:
    """A sign that is no letter or digit."""
    bases = _bases_refusing(case, "special_characters")
    sign = forms.special_sign(case.filing.website.name or "")
    if bases and sign:
        yield hit(None, *bases, sign=sign)


@refuse("site_name.too_short", *_FIELDS, rules=(_RULES,), params=("least",))
def too_short(case: Case) -> Iterable[Hit]:
    """Too few Chinese characters, though some."""
    name, basis = case.filing.website.name, case.nearest(_RULES, "min_characters")
    count = forms.chinese_characters(name or "")
    if count and basis and count < basis.version.number:
        yield hit(None, basis, least=basis.version.number)


@warn("site_name.long", *_FIELDS, rules=(_RULES,), params=("most",))
def long(case: Case) -> Iterable[Hit]:
    """Longer than advised."""
    name, basis = case.filing.website.name, case.nearest(_RULES, "advised_max_characters")
    if name and basis and len(name) > basis.version.number:
        yield hit(None, basis, most=basis.version.number)


def _of_words(group: str) -> Check:
    """A check refusing words of a group, unless the body itself is so called."""

    def judge(case: Case) -> Iterable[Hit]:
        word = _word(case, _REFUSED, group)
        if word and not _is_own_word(case, word):
            yield hit(word=word)

    return refuse(
        f"site_name.{group}_word", *_FIELDS, "subject.name", rules=(_REFUSED,), params=("word",)
    )(judge)


national_word = _of_words("national")
sensitive_word = _of_words("sensitive")
supervision_word = _of_words("supervision")
forum_word = _of_words("forum")
generic_word = _of_words("generic")
business_word = _of_words("business")
_GROUPS = ("national", "supervision", "sensitive")


@refuse(
    "site_name.province_word",
    *_FIELDS,
    "subject.name",
    rules=(_RULES,),
    params=("word", "province"),
)
def province_word(case: Case) -> Iterable[Hit]:
    """A word the province refuses beside the national list."""
    name, words = case.filing.website.name, case.part(_RULES, "refused_words")
    word = forms.word_in(name, words.words) if name and words else None
    if word and not _is_own_word(case, word) and not _is_nationally_refused(case, word):
        yield hit(word=word, province=case.province)


@warn(
    "site_name.own_word_needs_proof",
    *_FIELDS,
    "subject.name",
    rules=(_REFUSED,),
    params=("word",),
)
def own_word_needs_proof(case: Case) -> Iterable[Hit]:
    """A refused word that stands in the body's registered name: proof will be asked."""
    for group in _GROUPS:
        word = _word(case, _REFUSED, group)
        if word and _is_own_word(case, word):
            yield hit(word=word)
            return


@warn("site_name.approval_word", *_FIELDS, rules=(_WARNED, _RULES), params=("word",))
def approval_word(case: Case) -> Iterable[Hit]:
    """A word that needs an approval, such as those of forums."""
    name = case.filing.website.name
    listed = case.part(_WARNED, "forum"), case.part(_RULES, "approval_words")
    words = [word for version in listed if version for word in version.words]
    word = forms.word_in(name, words) if name else None
    if word and not _is_nationally_refused(case, word):
        yield hit(word=word)


@warn("site_name.trade_word", *_FIELDS, rules=(_WARNED,), params=("word",))
def trade_word(case: Case) -> Iterable[Hit]:
    """A word of trade in an individual's website."""
    word = _word(case, _WARNED, "business")
    if word:
        yield hit(word=word)


@warn("site_name.place_name", *_FIELDS, rules=(_RULES,), params=("place",))
def place_name(case: Case) -> Iterable[Hit]:
    """A place in a name that must not have one; a place may also be a word."""
    name = case.filing.website.name
    if not name:
        return
    bases = _bases_refusing(case, "place_name") or _bases_refusing(case, "administrative_place")
    place = forms.place_in(name) if bases else None
    if place:
        yield hit(None, *bases, place=place)


@warn(
    "site_name.administrative_place",
    *_FIELDS,
    "subject.name",
    rules=(_RULES,),
    params=("place", "province"),
)
def administrative_place(case: Case) -> Iterable[Hit]:
    """A place that needs an authority's consent, unless the subject is named after it."""
    name = case.filing.website.name
    if not name or not case.holds(_RULES, "administrative_place_needs_approval"):
        return
    place = forms.place_in(name)
    if place and not _is_own_word(case, place):
        yield hit(place=place, province=case.province)


@warn("site_name.unrelated", *_FIELDS, "subject.name", rules=(_RULES,), params=("how",))
def unrelated(case: Case) -> Iterable[Hit]:
    """A body's website whose name has nothing of the body's name."""
    name, subject = case.filing.website.name, case.filing.subject.name
    basis = case.nearest(_RULES, "relate_to_subject")
    if case.is_unit and name and subject and basis and not forms.is_related(name, subject):
        yield hit(None, basis, how=basis.version.word)


def _bases_refusing(case: Case, form: str) -> tuple[Basis, ...]:
    """The rules, the province's first, that refuse names of a form."""
    return tuple(
        basis for basis in case.layers(_RULES, "refused_forms") if form in basis.version.words
    )


def _word(case: Case, key: str, group: str) -> str | None:
    name = case.filing.website.name
    words = case.part(key, group) if name else None
    return forms.word_in(name, words.words) if name and words else None


def _is_own_word(case: Case, word: str) -> bool:
    subject = case.filing.subject.name
    return case.is_unit and subject is not None and forms.word_in(subject, (word,)) is not None


def _is_nationally_refused(case: Case, word: str) -> bool:
    rule = case.rule(_REFUSED)
    groups = rule.table.values() if rule else ()
    return any(isinstance(words, tuple) and word in words for words in groups)


CHECKS = (
    too_short,
    long,
    digits_only,
    latin_only,
    latin,
    pinyin,
    digits,
    special_characters,
    domain,
    homepage_url,
    person_name,
    personal_site,
    village_name,
    national_word,
    sensitive_word,
    supervision_word,
    forum_word,
    generic_word,
    business_word,
    province_word,
    own_word_needs_proof,
    approval_word,
    trade_word,
    place_name,
    administrative_place,
    unrelated,
)
