"""What the assistant says: texts by key and locale, with their variables filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeAlias

from jinja2 import Environment, Template, TemplateError

from dialogs.wording import texts
from dialogs.wording.texts import LOCALES
from filing.provinces import province_named
from knowledge.templates import Blanks, is_plain, ready, text_environment

__all__ = ["LOCALES", "ConsentText", "MissingWording", "Wording", "WordingError", "load_wording"]


class WordingError(Exception):
    """A text that cannot be said: a variable is missing or its template is broken.

    WordingError
    └── MissingWording (LookupError)   no such key or locale
    """


class MissingWording(WordingError, LookupError):
    """Nobody wrote this text."""

    def __init__(self, key: str, locale: str) -> None:
        super().__init__(f"no wording {key!r} in {locale!r}; add it to the file of its kind")
        self.key = key
        self.locale = locale


class ConsentText(NamedTuple):
    """The text of a consent as shown: its version and the SHA-256 (hex) of its wording."""

    text: str
    version: str
    sha256: str


_Line: TypeAlias = str | Template | Blanks
_COMMAS = {"zh-CN": "、", "en": ", "}


@dataclass(slots=True)
class Wording:
    """All texts, read file by file when first needed.

    Keys are dotted, the kind first: ``step.domain.ask``, ``invalid.text.too_long``,
    ``message.welcome``, ``consent.processing.text``, ``check.<code>.reason``,
    ``section.subject``, ``choice.subject_kind.enterprise``, ``button.skip``, ``stage.draft``,
    ``sheet.domain``. ``extra`` is an operator's folder
    with files of the same names, whose keys replace ours.
    """

    extra: Path | None = None
    _texts: dict[tuple[str, str], Mapping[str, str]] = field(init=False, default_factory=dict)
    _ready: dict[tuple[str, str], _Line] = field(init=False, default_factory=dict)
    _environments: dict[str, Environment] = field(init=False, default_factory=dict)

    def say(self, key: str, locale: str, /, **variables: object) -> str:
        """The text of ``key`` in ``locale`` with its variables filled in.

        Raises MissingWording for an unknown key or locale, WordingError when a variable the
        text needs is not among ``variables``; further ones are ignored.
        """
        line = self._ready.get((key, locale))
        if line is None:
            line = self._make_ready(key, locale)
        if isinstance(line, str):
            return line
        try:
            return line.render(variables)
        except TemplateError as error:
            raise WordingError(f"{key!r} in {locale!r} cannot be said: {error.message}") from error

    def has(self, key: str, locale: str) -> bool:
        """Whether somebody wrote this text."""
        kind = key.partition(".")[0]
        return kind in texts.FILES and locale in LOCALES and key in self.texts(kind, locale)

    def label(self, vocabulary: str, option: str, locale: str) -> str:
        """What a choice is called; an option nobody named shows as it is.

        ``"province"`` is a vocabulary too: its options are the short names.
        """
        province = province_named(option) if vocabulary == "province" else None
        if province is not None:
            return province.english if locale == "en" else province.name
        key = f"choice.{vocabulary}.{option}"
        return self.say(key, locale) if self.has(key, locale) else option

    def labels(self, vocabulary: str, options: str, locale: str) -> str:
        """What several choices are called, given and listed with commas between them."""
        names = (self.label(vocabulary, option, locale) for option in options.split(","))
        return _COMMAS[locale].join(names)

    def consent(self, kind: str, locale: str, /, **variables: object) -> ConsentText:
        """The text to agree to, with the version and hash that are recorded.

        ``kind`` is ``"processing"``, ``"sensitive"``, ``"cross_border"`` …; the variables are
        ``provider``, ``operator`` and ``contact``. The hash covers what the person read.
        """
        text = self.say(f"consent.{kind}.text", locale, **variables)
        version = self.say(f"consent.{kind}.version", locale)
        return ConsentText(text, version, sha256(text.encode()).hexdigest())

    def texts(self, kind: str, locale: str) -> Mapping[str, str]:
        """All raw texts of one kind (``"step"``, ``"message"`` …) by full key."""
        found = self._texts.get((kind, locale))
        if found is None:
            found = self._texts[kind, locale] = texts.read(kind, locale, self.extra)
        return found

    def environment(self, locale: str) -> Environment:
        """The locale's Jinja2 environment.

        Templates may call ``label(vocabulary, option)`` and ``labels(vocabulary, options)``.
        """
        found = self._environments.get(locale)
        if found is None:

            def label(vocabulary: str, option: str) -> str:
                return self.label(vocabulary, option, locale)

            def labels(vocabulary: str, options: str) -> str:
                return self.labels(vocabulary, options, locale)

            found = self._environments[locale] = text_environment(label=label, labels=labels)
        return found

    def _make_ready(self, key: str, locale: str) -> _Line:
        if not self.has(key, locale):
            raise MissingWording(key, locale)
        text = self.texts(key.partition(".")[0], locale)[key]
        try:
            line = text if is_plain(text) else ready(self.environment(locale), text)
        except TemplateError as error:
            raise WordingError(f"{key!r} in {locale!r} is broken: {error.message}") from error
        self._ready[key, locale] = line
        return line


def load_wording(extra: Path | None = None) -> Wording:
    """The assistant's wording, with an operator's own files from ``extra`` over it.

    Files are read when first needed; :func:`dialogs.wording.validate.validate` reads all.
    """
    return Wording(extra)
