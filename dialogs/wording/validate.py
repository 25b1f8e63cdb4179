"""Is the wording complete and sound? All problems of all files at once."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from jinja2 import TemplateSyntaxError

from dialogs.flow import Flow, Step
from dialogs.wording import Wording, texts
from dialogs.wording.texts import LOCALES
from filing.materials.requirement import MaterialRules
from knowledge.errors import Problem
from knowledge.templates import rules_in, variables_of

STEP_VARIABLES = frozenset(
    {
        "cert_type",
        "is_individual",
        "legal_representative_required",
        "provider",
        "province",
        "region",
        "rule",
        "subject_kind_label",
    }
)
"""What a step's texts may use; ``rule(key)`` gives the value in force for the case."""

CONSENT_VARIABLES = frozenset({"provider", "operator", "contact"})
"""What a consent's texts may use."""

_ALLOWED = {"step": STEP_VARIABLES, "consent": CONSENT_VARIABLES}
_OF_A_STEP = ("label", "ask", "example", "why", "help")


def validate(
    wording: Wording, *flows: Flow, rule_keys: frozenset[str] | None = None
) -> tuple[Problem, ...]:
    """Every problem in the wording of all kinds and locales, and of the steps of ``flows``.

    With ``rule_keys``, the keys the rulebook knows, rules quoted under another name are told.
    """
    problems: list[Problem] = []
    for kind in texts.FILES:
        readable = [problem for locale in LOCALES for problem in _unreadable(wording, kind, locale)]
        problems += readable
        if not readable:
            problems += _judge(wording, kind)
            problems += _judge_rules(wording, kind, rule_keys)
    if flows and not any(problem.file.endswith("steps.toml") for problem in problems):
        problems += _judge_steps(wording, flows)
    return tuple(problems)


def validate_papers(wording: Wording, rules: MaterialRules) -> tuple[Problem, ...]:
    """Papers and needs of the checklist that nobody put into words."""
    keys = [f"material.need.{code}" for code in (*rules.needs, "format", "validity")]
    kinds = dict.fromkeys(one.slot.kind for one in rules.requirements)
    keys += [f"material.{kind}.{part}" for kind in kinds for part in ("name", "why")]
    return tuple(
        _problem(wording, key, locale, f"{key} is missing", "write it")
        for locale in LOCALES
        for key in keys
        if not wording.has(key, locale)
    )


def _unreadable(wording: Wording, kind: str, locale: str) -> Iterator[Problem]:
    """Files that are missing or no TOML, the operator's own included."""
    sources = [texts.file_of(kind, locale)]
    if wording.extra is not None:
        own = texts.override_of(wording.extra, kind, locale)
        sources += [own] if own.is_file() else []
    for source in sources:
        name = str(source) if isinstance(source, Path) else _name(kind, locale)
        try:
            tomllib.loads(source.read_text(encoding="utf-8"))
        except OSError:
            yield Problem(name, 0, "the file is missing or unreadable", "put it back")
        except UnicodeDecodeError:
            yield Problem(name, 0, "the file is not UTF-8", "save it as UTF-8")
        except tomllib.TOMLDecodeError as error:
            yield Problem(name, 0, f"not TOML: {error}", "mend the syntax there")


def _judge(wording: Wording, kind: str) -> Iterator[Problem]:
    """Keys missing in a locale, broken templates, variables that differ or do not exist."""
    used = {locale: dict[str, frozenset[str]]() for locale in LOCALES}
    for locale in LOCALES:
        environment = wording.environment(locale)
        for key, text in wording.texts(kind, locale).items():
            if not text.strip():
                yield _problem(wording, key, locale, "the text is empty", "write it")
            try:
                used[locale][key] = variables_of(environment, text)
            except TemplateSyntaxError as error:
                yield _problem(wording, key, locale, f"{error.message}", "mend the template")
    every = {key: None for locale in LOCALES for key in wording.texts(kind, locale)}
    for key in every:
        yield from _compare(wording, key, {locale: used[locale].get(key) for locale in LOCALES})


def _judge_rules(
    wording: Wording, kind: str, rule_keys: frozenset[str] | None
) -> Iterator[Problem]:
    for locale in LOCALES:
        for key, text in wording.texts(kind, locale).items():
            for rule in rules_in(text):
                if rule_keys is not None and rule not in rule_keys:
                    message = f"{key}: no rule is called {rule!r}"
                    yield _problem(wording, key, locale, message, "see rules/keys.toml")


def _compare(
    wording: Wording, key: str, used: Mapping[str, frozenset[str] | None]
) -> Iterator[Problem]:
    missing = [locale for locale in LOCALES if not wording.has(key, locale)]
    for locale in missing:
        yield _problem(wording, key, locale, f"{key} is missing", f"write it in {locale}")
    names = [found for found in used.values() if found is not None]
    if len(set(names)) > 1:
        listed = "; ".join(f"{locale}: {_list(found or ())}" for locale, found in used.items())
        yield _problem(
            wording, key, LOCALES[-1], f"{key}: variables differ ({listed})", "use the same in both"
        )
    allowed = _ALLOWED.get(key.partition(".")[0])
    for locale, found in used.items():
        if allowed is not None and found is not None and found - allowed:
            message = f"{key} uses {_list(found - allowed)}, which is never given"
            yield _problem(wording, key, locale, message, f"use one of {_list(allowed)}")


def _judge_steps(wording: Wording, flows: Iterable[Flow]) -> Iterator[Problem]:
    """Steps without wording, sections without a name, wording of steps nobody asks."""
    steps: dict[str, Step] = {step.key: step for flow in flows for step in flow.steps}
    for locale in LOCALES:
        for step in steps.values():
            for part in _OF_A_STEP if step.ask is not None else ("label",):
                key = f"step.{step.key}.{part}"
                if not wording.has(key, locale):
                    yield _problem(wording, key, locale, f"{key} is missing", "write it")
        for section in dict.fromkeys(step.section for step in steps.values()):
            key = f"section.{section}"
            if not wording.has(key, locale):
                yield _problem(wording, key, locale, f"{key} is missing", "name the section")
        for key in wording.texts("step", locale):
            if key.split(".")[1] not in steps:
                message = f"{key}: no flow has this step"
                yield _problem(wording, key, locale, message, "rename it or take it out")


def _problem(wording: Wording, key: str, locale: str, message: str, cure: str) -> Problem:
    kind, _, rest = key.partition(".")
    own = texts.override_of(wording.extra, kind, locale) if wording.extra is not None else None
    if own is not None and own.is_file():
        line = texts.line_of(own.read_text(encoding="utf-8"), rest)
        if line:
            return Problem(str(own), line, message, cure)
    line = texts.line_of(texts.file_of(kind, locale).read_text(encoding="utf-8"), rest)
    return Problem(_name(kind, locale), line, message, cure)


def _name(kind: str, locale: str) -> str:
    return f"dialogs/wording/{locale}/{texts.FILES[kind]}.toml"


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
