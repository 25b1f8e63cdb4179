"""Closed choices: one of several, several of many, yes or no, noted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from dialogs import vocabulary
from dialogs.answers.base import Context, Found
from filing.invalid import Invalid, invalid

_STRONG = re.compile(r"[,，、;；|\n]+")
_WEAK = re.compile(r"[\s/&+]+|和|及|与|以及|还有|\band\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a vocabulary.

    ``among`` narrows the vocabulary down; ``options_by`` does so by an earlier answer: a step
    key and the options for some of its values. Other values leave all options open.
    """

    vocabulary: str
    among: tuple[str, ...] = ()
    options_by: tuple[str, Mapping[str, tuple[str, ...]]] | None = field(default=None, hash=False)

    name: ClassVar[str] = "choice"
    sensitive: ClassVar[bool] = False

    def parse(self, text: str, context: Context) -> str | Invalid:
        """The option by its number, label or a synonym; ``choice.unknown`` otherwise."""
        shown = self.options(context)
        option = vocabulary.read(self.vocabulary, text, shown)
        if option is not None:
            return option
        known = vocabulary.read(self.vocabulary, text)
        return invalid("choice.unknown" if known is None else "choice.not_offered")

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The option's label."""
        return vocabulary.label(self.vocabulary, value, locale)

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """The option a sentence names, unless it names several."""
        found = vocabulary.find(self.vocabulary, text, self.options(context))
        return tuple(Found(one.option, one.start, one.end) for one in found[:1] if len(found) == 1)

    def options(self, context: Context) -> tuple[str, ...]:
        """The options open to this applicant, as shown."""
        if self.options_by is not None:
            step, by_value = self.options_by
            narrowed = by_value.get(context.values.get(step, ""))
            if narrowed is not None:
                return narrowed
        return self.among or vocabulary.options(self.vocabulary)


@dataclass(frozen=True, slots=True)
class MultiChoice:
    """Several options of a vocabulary, in its own order, joined by commas.

    An option in ``alone`` (以上都不涉及) excludes all others.
    """

    vocabulary: str
    among: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()

    name: ClassVar[str] = "multi_choice"
    sensitive: ClassVar[bool] = False

    def parse(self, text: str, context: Context) -> str | Invalid:
        """Options by number, label or synonym: 1、3; 新闻和教育.

        Codes: ``choice.unknown``, ``choice.alone`` (with others beside it).
        """
        shown = self.options(context)
        chosen: set[str] = set()
        for part in filter(None, map(str.strip, _STRONG.split(text))):
            option = vocabulary.read(self.vocabulary, part, shown)
            several = {option} if option else self._several(part, shown)
            if several is None:
                return invalid("choice.unknown")
            chosen |= several
        if not chosen:
            return invalid("choice.unknown")
        return self._joined(chosen, shown)

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The labels, in the language's own list form."""
        labels = [vocabulary.label(self.vocabulary, one, locale) for one in value.split(",")]
        return ("、" if locale.startswith("zh") else ", ").join(labels)

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """All options a sentence names, as one value."""
        found = vocabulary.find(self.vocabulary, text, self.options(context))
        if not found:
            return ()
        value = self._joined({one.option for one in found}, self.options(context))
        if isinstance(value, Invalid):
            return ()
        return (Found(value, min(one.start for one in found), max(one.end for one in found)),)

    def options(self, context: Context) -> tuple[str, ...]:
        """All options, as shown."""
        return self.among or vocabulary.options(self.vocabulary)

    def _several(self, part: str, shown: tuple[str, ...]) -> set[str] | None:
        """Options joined by words (和) or blanks, or None if one of them is unknown."""
        read = [
            vocabulary.read(self.vocabulary, one, shown) for one in _WEAK.split(part) if one.strip()
        ]
        known = {one for one in read if one is not None}
        return known if known and None not in read else None

    def _joined(self, chosen: set[str], shown: tuple[str, ...]) -> str | Invalid:
        if len(chosen) > 1 and any(option in chosen for option in self.alone):
            return invalid("choice.alone")
        return ",".join(option for option in shown if option in chosen)


@dataclass(frozen=True, slots=True)
class YesNo:
    """``yes`` or ``no``. Never read from the middle of a sentence."""

    name: ClassVar[str] = "yes_no"
    sensitive: ClassVar[bool] = False

    def parse(self, text: str, context: Context) -> str | Invalid:
        """``yes`` or ``no``; ``choice.unknown`` otherwise."""
        return vocabulary.read("yes_no", text) or invalid("choice.unknown")

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """是 or 否."""
        return vocabulary.label("yes_no", value, locale)

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Nothing: 是 and 不 stand in every other sentence."""
        return ()

    def options(self, context: Context) -> tuple[str, ...]:
        """Both."""
        return vocabulary.options("yes_no")


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A statement that has to be acknowledged before going on; its only value is ``yes``."""

    name: ClassVar[str] = "acknowledge"
    sensitive: ClassVar[bool] = False

    def parse(self, text: str, context: Context) -> str | Invalid:
        """``yes``; anything else is ``choice.acknowledge``."""
        for words in ("yes_no", "consent"):
            if vocabulary.read(words, text) in ("yes", "agree"):
                return "yes"
        return invalid("choice.acknowledge")

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """同意."""
        return vocabulary.label("consent", "agree", locale)

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Nothing: a consent is never picked out of a sentence."""
        return ()

    def options(self, context: Context) -> tuple[str, ...]:
        """The one way on."""
        return ("yes",)
