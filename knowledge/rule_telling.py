"""What the rules in force say to one person: a province's, the nation's, where sources differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from filing.provinces import province_named
from filing.rulebook import ALL, UNIT, Rule, Rulebook, RulebookError, RuleValue, RuleVersion
from filing.subject import SubjectKind
from knowledge.remarks import remark
from knowledge.rule_wording import Statements
from knowledge.rules_schema import freeze
from knowledge.toml_reader import LOCALES

_COMMA: Final = {"zh-CN": "、", "en": ", "}
_BREAK: Final = {"zh-CN": "；", "en": "; "}
_COLON: Final = {"zh-CN": " ", "en": ": "}
_STOP: Final = {"zh-CN": "。", "en": "."}
_ASIDE: Final = {"zh-CN": "（{}）", "en": " ({})"}
_DIFFER: Final = {"zh-CN": "各家说法不同：{}。", "en": "Sources differ: {}. "}
_FOLLOWED: Final = {
    "zh-CN": {"law": "我们以法规为准。", "practice": "我们按上面的办。"},
    "en": {"law": "We follow the regulation.", "practice": "We go by the above."},
}
_USUALLY: Final = {"zh-CN": "通常", "en": "Usually: "}
_WIDE: Final = {
    ALL,
    UNIT,
    SubjectKind.INDIVIDUAL.value,
}  # whose rules say themselves whom they mean
_OTHERS: Final = {"zh-CN": "其他主体：", "en": "All others: "}


@dataclass(frozen=True, slots=True)
class RuleTelling:
    """The rules as they are told in one language to one kind of subject on one day.

    ``subject`` is None while the kind is unknown: then every rule is told, with whom it is for.
    """

    rulebook: Rulebook
    statements: Statements
    locale: str
    on: date
    subject: str | None = None
    extra_dir: Path | None = None

    def differs(self, key: str, province: str | None, subject: str | None) -> str:
        """Where sources disagree on the governing rule, and what is done; ``""`` if they agree."""
        try:
            rule = self.rulebook.rule(key, self.on, province=province, subject=subject)
        except RulebookError:
            return ""
        return self._differs(rule)

    def own(self, key: str, province: str, *, brief: bool = False) -> tuple[str, ...]:
        """A province's own rules of a key, each in full.

        Those that say the same as the nation's and nothing beside it are left out; ``brief``
        leaves out whatever says the same.
        """
        told = self._new if brief else self._particular
        lines = (self._full(rule) for rule in self._own(key, province) if told(rule))
        return tuple(line for line in lines if line)

    def default(self, key: str, province: str) -> str:
        """What the nation's rule, or one like it, says to those the province's own leave out.

        Without a full stop; ``""`` if nothing remains.
        """
        of_province = tuple(self._own(key, province))
        own = [rule for rule in of_province if self._particular(rule)]
        whom = {who for rule in own for who in rule.subjects}
        for rule in (*of_province, *self._national(key, province)):
            if rule in own or ALL in whom or set(rule.subjects) <= whom:
                continue
            sure = rule if rule.province is None else replace(rule, confidence="medium")
            wide = bool(_WIDE & set(rule.subjects))
            said = self._sentence(replace(sure, subjects=(ALL,)) if whom or wide else sure)
            return _OTHERS[self.locale] + said if whom and said else said
        return ""

    def where(
        self, key: str, *values: object, field: str | None = None, subject: str | None = None
    ) -> str:
        """The provinces in which a rule, or a field of it, says one of ``values``.

        The value ``"list"`` stands for any list of words. ``""`` if there is none.
        """
        wanted = [freeze(value) for value in values]
        found = self._across(key, field, subject).items()
        return self._names(
            province
            for province, value in found
            if value in wanted or ("list" in wanted and isinstance(value, tuple))
        )

    def by_province(self, key: str, field: str | None = None, subject: str | None = None) -> str:
        """The provinces where a number is other than the nation's, those with the same together."""
        nation = self.rulebook.find(key, self.on, subject=subject)
        usual = None if nation is None else _part(nation, field)
        groups: dict[int, list[str]] = {}
        for province, value in self._across(key, field, subject).items():
            if isinstance(value, int) and value != usual:
                groups.setdefault(value, []).append(province)
        gap, between = _COLON[self.locale], _BREAK[self.locale]
        return between.join(f"{self._names(groups[value])}{gap}{value}" for value in sorted(groups))

    def _across(
        self, key: str, field: str | None, subject: str | None
    ) -> Mapping[str, RuleValue | None]:
        found = self.rulebook.across_provinces(key, self.on, subject=subject)
        return {province: _part(version, field) for province, version in found.items()}

    def _names(self, provinces: Iterable[str]) -> str:
        shown = (province_named(province) for province in provinces)
        return _COMMA[self.locale].join(
            one.name if self.locale == LOCALES[0] else one.english for one in shown if one
        )

    def _own(self, key: str, province: str) -> Iterator[Rule]:
        yield from self._fitting(key, self.rulebook.rules_of(key, province), province)

    def _national(self, key: str, province: str) -> Iterator[Rule]:
        yield from self._fitting(key, self.rulebook.rules_of(key), province)

    def _fitting(self, key: str, rules: tuple[Rule, ...], province: str) -> Iterator[Rule]:
        if not rules:
            return
        governing = None
        if self.subject is not None:
            try:
                governing = self.rulebook.rule(
                    key, self.on, province=province, subject=self.subject
                )
            except RulebookError:
                return
        for rule in rules:
            wanted = governing is None or rule is governing
            if wanted and rule.version_on(self.on) is not None:
                yield rule

    def _particular(self, rule: Rule) -> bool:
        """True if a province's rule has something to say of its own."""
        version = rule.version_on(self.on)
        noted = version is not None and version.note is not None
        return noted or rule.disagreement is not None or self._new(rule)

    def _new(self, rule: Rule) -> bool:
        """True if a province's rule says other than the nation's for the same subjects."""
        return all(self._value(rule) != self._national_value(rule, who) for who in rule.subjects)

    def _national_value(self, rule: Rule, who: str) -> object:
        subject = None if who == ALL else "enterprise" if who == UNIT else who
        version = self.rulebook.find(rule.key, self.on, subject=subject)
        return None if version is None else version.value

    def _value(self, rule: Rule) -> object:
        version = rule.version_on(self.on)
        return None if version is None else version.value

    def _full(self, rule: Rule) -> str:
        said = self._sentence(rule)
        version = rule.version_on(self.on)
        if not said or version is None:
            return ""
        aside = ""
        if version.note:
            note = remark(version.note, self.locale, self.extra_dir)
            aside = _ASIDE[self.locale].format(note.rstrip("。."))
        differ = self._differs(rule)
        gap = " " if differ and self.locale == "en" else ""
        return f"{said}{aside}{_STOP[self.locale]}{gap}{differ}"

    def _sentence(self, rule: Rule) -> str:
        version = rule.version_on(self.on)
        if version is None or version.value is None:
            return ""
        said = self.statements.say(rule.key, version.value, self.locale)
        if not said:
            return ""
        if rule.confidence == "low" and not said.startswith(_USUALLY[self.locale]):
            said = _USUALLY[self.locale] + said
        whom = () if self.subject is not None else rule.subjects
        return self.statements.whom(whom, self.locale) + said[:1].upper() + said[1:]

    def _differs(self, rule: Rule) -> str:
        if not rule.disagreement:
            return ""
        told = remark(rule.disagreement, self.locale, self.extra_dir)
        return _DIFFER[self.locale].format(told.rstrip("。.")) + _FOLLOWED[self.locale][rule.kind]


def _part(version: RuleVersion, field: str | None) -> RuleValue | None:
    if field is None:
        return version.value
    part = version.field(field)
    return None if part is None else part.value
