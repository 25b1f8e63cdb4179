"""What a rule says, as a sentence in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeAlias

from filing.provinces import province_named
from filing.rulebook import ALL, Rule, RuleValue, RuleVersion
from knowledge.errors import Problem
from knowledge.toml_file import TomlFile, read_toml
from knowledge.toml_reader import LOCALES

Template: TypeAlias = str | Mapping[str, "Template"]

_FILE: Final = "rules/statements.toml"
_COMMA: Final = {"zh-CN": "、", "en": ", "}
_PAUSE: Final = {"zh-CN": "，", "en": ", "}
_BREAK: Final = {"zh-CN": "；", "en": "; "}
_COLON: Final = {"zh-CN": "：", "en": ": "}
_STOP: Final = {"zh-CN": "。", "en": "."}


class Unsayable(LookupError):
    """A value for which no sentence is written."""


@dataclass(frozen=True, slots=True)
class Statements:
    """The sentences of all rules."""

    templates: Mapping[str, Mapping[str, Template]]  # key, then locale
    labels: Mapping[str, Mapping[str, str]]  # locale, then word

    def say(self, key: str, value: RuleValue, locale: str = "zh-CN") -> str:
        """The sentence for a value, without its full stop. Raises Unsayable."""
        try:
            return self._say(self.templates[key][locale], value, locale)
        except (KeyError, ValueError) as error:
            raise Unsayable(f"no {locale} sentence of {key} fits {value!r}") from error

    def state(self, rule: Rule, version: RuleVersion, locale: str = "zh-CN") -> str:
        """The whole statement: whom it concerns, what it says.

        ``version`` must be one of the rule's that is not repealed.
        """
        if version.value is None:
            raise Unsayable(f"{rule.key} is repealed from {version.valid_from.isoformat()}")
        said = _capital(self.say(rule.key, version.value, locale))
        return self.whom(rule.subjects, locale, rule.province) + said + _STOP[locale]

    def whom(self, subjects: tuple[str, ...], locale: str, province: str | None = None) -> str:
        """Whom a rule for ``subjects`` concerns, with a colon; ``""`` if it holds for all."""
        named = province_named(province) if province else None
        place = "" if named is None else _name(named.name, named.english, locale)
        labels = self.labels[locale]
        who = _COMMA[locale].join(labels[word] for word in subjects if word != ALL)
        whom = _PAUSE[locale].join(part for part in (place, who) if part)
        return _capital(whom) + _COLON[locale] if whom else ""

    def _say(self, template: Template, value: RuleValue, locale: str) -> str:
        if isinstance(template, str):
            if value is False:
                return ""
            if isinstance(value, Mapping) and "{value}" not in template:
                return template.format_map({k: self._show(v, locale) for k, v in value.items()})
            return template.format_map({"value": self._show(value, locale)})
        if isinstance(value, Mapping):
            ordered = sorted(value, key=list(template).index)
            parts = (self._say(template[name], value[name], locale) for name in ordered)
            return _BREAK[locale].join(part for part in parts if part)
        if isinstance(value, tuple):
            return self._say(template["list"], value, locale)
        choice = template[str(value).lower() if isinstance(value, bool) else str(value)]
        return self._say(choice, str(value), locale)

    def _show(self, value: RuleValue, locale: str) -> str:
        if isinstance(value, str):
            province = province_named(value)
            if province is not None:
                return _name(province.name, province.english, locale)
            return self.labels[locale].get(value, value)
        if isinstance(value, tuple):
            return _COMMA[locale].join(self._show(item, locale) for item in value)
        if isinstance(value, Mapping):
            return _BREAK[locale].join(self._show(item, locale) for item in value.values())
        return str(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _name(chinese: str, english: str, locale: str) -> str:
    return chinese if locale == "zh-CN" else english


@cache
def load_statements(extra_dir: Path | None = None) -> Statements:
    """The shipped sentences, with an operator's ``rules/statements.toml`` over them.

    Raises BrokenContent when a file is not TOML.
    """
    data = dict(_read().data)
    if extra_dir is not None and (own := extra_dir / "rules" / "statements.toml").is_file():
        data |= {**read_toml(own, str(own)).data, "labels": data["labels"]}
    return Statements(
        {key: _resolve(table, data) for key, table in data.items() if key != "labels"},
        data["labels"],
    )


def statement_problems(rules: Iterable[Rule], extra_dir: Path | None = None) -> list[Problem]:
    """Values in use that cannot be said in some locale."""
    statements, file = load_statements(extra_dir), _read()
    problems: dict[tuple[str, str], Problem] = {}
    for rule in rules:
        for version in rule.versions:
            if version.value is None:
                continue
            for locale in LOCALES:
                try:
                    said = statements.say(rule.key, version.value, locale)
                    trouble = "" if said else f"says nothing for {version.value!r} in {locale}"
                except Unsayable as error:
                    trouble = str(error)
                if trouble:
                    line = file.line_of(f"{rule.key}.{locale}") or file.line_of(rule.key)
                    problems.setdefault(
                        (rule.key, locale),
                        Problem(_FILE, line, f"[{rule.key}]: {trouble}", "write the sentence"),
                    )
    return list(problems.values())


def _read() -> TomlFile:
    return read_toml(files("knowledge") / "rules" / "statements.toml", _FILE)


def _resolve(table: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Template]:
    found: Mapping[str, Template] = data[table["like"]] if "like" in table else table
    return found
