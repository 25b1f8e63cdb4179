"""The closed choices: what each option is called, and how people say it in any language.

The words stand in ``dialogs/wording/<locale>/choices.toml``, one table per option.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dialogs.wording.texts import LOCALES
from filing.identifiers.normalise import aligned, half_width
from filing.simplified import simplify

_NOT_A_WORD = re.compile(r"[\W_]+")
_CLAUSE = re.compile(r"[,，。.;；!！、\s]+")
_NUMBER = re.compile(
    r"(?:第|选择?|就|是|no\.?|option|number|#)*([0-9]{1,2}|[一二三四五六七八九]|十[一二三四五六七八九]?)"
    r"(?:个|個|项|項|号|种|條|条)?",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:我们?想?|咱们?|想)?(?:是|选择?|用的?|办|属于|应该是|就是|就选|算是|要|填)+(?:的是|是)?|我们?"
    r"|(?:i am |i'm |we are )?(?:the|an?) "
)
_TAIL = re.compile(r"(?:吧|的|啊|呢|呀|了|哦|类型|类|谢谢|please|one)+")
_DENIED = re.compile(r"(?:不是|并非|不算|不属于|不|非|没有|没|无|\bnot an? |\bnot |\bno |\bnon-?)$")


class UnknownVocabulary(LookupError):
    """A vocabulary or option that ``choices.toml`` does not list."""


class BrokenVocabulary(ValueError):
    """``choices.toml`` contradicts itself: one word for two options, or a locale incomplete."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An option named somewhere in a sentence, at ``text[start:end]``."""

    option: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """One vocabulary, ready for reading."""

    labels: dict[str, dict[str, str]]  # locale -> option -> label
    words: dict[str, str]  # folded word -> option
    pattern: re.Pattern[str] | None  # any word that may be found in a sentence


def options(vocabulary: str) -> tuple[str, ...]:
    """All options of a vocabulary in the order they are shown."""
    return tuple(_vocabulary(vocabulary).labels[LOCALES[0]])


def label(vocabulary: str, option: str, locale: str = "zh-CN") -> str:
    """What an option is called; a locale nobody wrote falls back to the first."""
    labels = _vocabulary(vocabulary).labels
    try:
        return labels.get(locale, labels[LOCALES[0]])[option]
    except KeyError:
        raise UnknownVocabulary(f"choices.toml: [{vocabulary}] has no {option!r}") from None


def read(vocabulary: str, text: str, among: Sequence[str] | None = None) -> str | None:
    """The option a whole answer means, or None.

    Understood are the option's key, its number in ``among`` (as shown, from 1), and its label
    and synonyms in every locale, whatever their width, case, blanks or traditional characters.
    """
    shown = options(vocabulary) if among is None else among
    plain = simplify(half_width(text)).casefold()
    if plain.strip() in shown:
        return plain.strip()
    clauses = [clause for clause in map(_fold, _CLAUSE.split(plain)) if clause]
    if len(clauses) > 1:
        meant = {_read_one(vocabulary, clause, clause, shown) for clause in clauses}
        if len(meant) == 1 and None not in meant:
            return meant.pop()  # 好的，我同意
    return _read_one(vocabulary, _fold(plain), plain, shown)


def _read_one(vocabulary: str, folded: str, plain: str, shown: Sequence[str]) -> str | None:
    if not folded:
        return None
    number = _number(folded)
    if number is not None:
        return shown[number - 1] if 0 < number <= len(shown) else None
    words = _vocabulary(vocabulary).words
    for candidate in _candidates(folded, plain):
        option = words.get(candidate)
        if option is not None and option in shown:
            return option
    return None


def find(vocabulary: str, text: str, among: Sequence[str] | None = None) -> tuple[Mention, ...]:
    """The options a sentence names by words that cannot mean anything else, each once."""
    entry = _vocabulary(vocabulary)
    if entry.pattern is None:
        return ()
    shown = options(vocabulary) if among is None else among
    plain = simplify(aligned(text))
    found: dict[str, Mention] = {}
    for match in entry.pattern.finditer(plain):
        option = entry.words.get(_fold(match.group().casefold()))
        if option is None or option not in shown or option in found:
            continue
        if not _DENIED.search(plain, max(0, match.start() - 8), match.start()):
            found[option] = Mention(option, match.start(), match.end())
    return tuple(found.values())


def _number(folded: str) -> int | None:
    match = _NUMBER.fullmatch(folded)
    if match is None:
        return None
    digits = match.group(1)
    if digits.isascii():
        return int(digits)
    ones = digits.rpartition("十")[2]
    units = "零一二三四五六七八九".index(ones or "零")
    return units + (10 if "十" in digits else 0)


def _candidates(folded: str, plain: str) -> Iterator[str]:
    """The whole text, then the text without what people say around an answer."""
    yield folded
    lead = _LEAD.match(plain)
    without_lead = plain[lead.end() :] if lead else plain
    for text in (without_lead, plain):
        short = _fold(text)
        yield short
        tail = re.search(rf"{_TAIL.pattern}$", short)
        if tail:
            yield short[: tail.start()]


def _fold(plain: str) -> str:
    return _NOT_A_WORD.sub("", plain)


def _folded_word(word: str) -> str:
    return _fold(simplify(half_width(word)).casefold())


@cache
def _tables(locale: str) -> dict[str, dict[str, dict[str, object]]]:
    source = files("dialogs") / "wording" / locale / "choices.toml"
    tables: dict[str, dict[str, dict[str, object]]] = tomllib.loads(
        source.read_text(encoding="utf-8")
    )
    return tables


@cache
def _vocabulary(name: str) -> _Vocabulary:
    if any(name not in _tables(locale) for locale in LOCALES):
        raise UnknownVocabulary(f"choices.toml: no vocabulary is called {name!r}")
    labels: dict[str, dict[str, str]] = {}
    words: dict[str, str] = {}
    findable: set[str] = set()
    for locale in LOCALES:
        labels[locale] = {}
        for option, entry in _tables(locale)[name].items():
            labels[locale][option] = str(entry["label"])
            said = _listed(entry, "find")
            findable.update(said)
            for word in (option, labels[locale][option], *_listed(entry, "also"), *said):
                _enter(words, name, _folded_word(word), option)
    if any(labels[locale].keys() != labels[LOCALES[0]].keys() for locale in LOCALES):
        raise BrokenVocabulary(f"choices.toml: [{name}] lists other options in another locale")
    return _Vocabulary(labels, words, _pattern(findable))


def _listed(entry: dict[str, object], field: str) -> tuple[str, ...]:
    words = entry.get(field, ())
    return tuple(map(str, words)) if isinstance(words, list) else ()


def _enter(words: dict[str, str], name: str, word: str, option: str) -> None:
    known = words.setdefault(word, option)
    if known != option:
        raise BrokenVocabulary(f"choices.toml: [{name}] {word!r} means {known!r} and {option!r}")


def _pattern(findable: set[str]) -> re.Pattern[str] | None:
    if not findable:
        return None
    longest_first = sorted(findable, key=lambda word: (-len(word), word))
    first = "".join(sorted({simplify(word)[0] for word in findable}))
    words = "|".join(map(_as_pattern, longest_first))
    # The class in front lets the engine pass over characters no word starts with: 3x faster.
    return re.compile(rf"(?=[{re.escape(first)}])(?:{words})", re.IGNORECASE)


def _as_pattern(word: str) -> str:
    escaped = re.escape(simplify(word)).replace(r"\ ", r"\s+")
    return rf"(?<![A-Za-z]){escaped}(?![A-Za-z])" if word.isascii() else escaped


def check_all() -> tuple[str, ...]:
    """Load every vocabulary of every locale and return their names; raises BrokenVocabulary."""
    names = tuple(_tables(LOCALES[0]))
    for locale in LOCALES:
        if set(_tables(locale)) != set(names):
            raise BrokenVocabulary(f"{locale}/choices.toml lists other vocabularies")
    for name in names:
        _vocabulary(name)
    return names
