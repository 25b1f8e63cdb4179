"""Answers to closed questions: an option by name or number, or yes and no standing for two."""

import re

from dialogs.flow import Step
from dialogs.understanding import acts
from dialogs.understanding.findings import Findings
from dialogs.understanding.hints import is_denied, is_qualified
from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.reading import Clause
from dialogs.understanding.sorts import is_closed
from dialogs.understanding.understood import Intent, Understood
from dialogs.understanding.words import squeezed
from filing.invalid import Invalid

_BINARY = 2
_ASKING = re.compile(r"[吗么嗎?？]\s*$")
_SPANS = frozenset({"months", "expiry_date", "past_date"})
_NO_ANSWER = frozenset({"date.form", "months.form", "text.empty"})
_LONGEST_PROVINCE = 4
_LONGEST_SEARCHED = 14
_HAN_WORD = re.compile(r"(?!第|选|[一二三四五六七八九十]+[个项种号]?$)[\u4e00-\u9fff]+")
_READ_WHOLE = frozenset({"province", "months", "expiry_date", "past_date"})
"""Types whose answers say nothing else when they are read as a whole."""


def exact_answer(findings: Findings) -> Understood | None:
    """One of the open step's options, said with the whole message and nothing else."""
    step = findings.open_step
    if step is None or step.ask is None:
        return None
    if not is_closed(step, findings.context) and step.ask.name not in _READ_WHOLE:
        return None
    read = findings.parse(step, findings.message.text)
    return Understood(Intent.ANSWER, {step.key: read}) if isinstance(read, str) else None


def loose_answer(findings: Findings) -> Understood | None:
    """The same with fillers around it."""
    step = findings.open_step
    if step is None or step.ask is None or findings.message.question is not None:
        return None
    if not is_closed(step, findings.context) and step.ask.name not in _READ_WHOLE:
        return None
    if _ASKING.search(findings.message.text):
        return None
    for form in findings.message.forms[1:]:
        read = findings.parse(step, form)
        if isinstance(read, str):
            return Understood(Intent.ANSWER, {step.key: read})
    return None


def yes_or_no(findings: Findings) -> Understood | None:
    """The first or second of two options, by a yes or a no."""
    step = findings.open_step
    if step is None or step.ask is None:
        return None
    value = _as_option(acts.act(findings.message), step.ask.options(findings.context))
    return None if value is None else Understood(Intent.ANSWER, {step.key: value})


def _as_option(said: Understood | None, options: tuple[str, ...]) -> str | None:
    """Yes and no as the two options of a question that has no more."""
    if said is None or len(options) != _BINARY:
        return None
    if said.intent is Intent.CONFIRM:
        return options[0]
    return options[1] if said.intent is Intent.DENY else None


def refused_answer(findings: Findings) -> Understood | None:
    """Why a short message that can only be meant as an answer is none."""
    step = findings.open_step
    if step is None or step.ask is None or findings.message.question:
        return None
    said = squeezed(findings.message.plain)
    counted = said.isdigit() and is_closed(step, findings.context)
    named = step.ask.name == "province" and len(said) <= _LONGEST_PROVINCE
    read = findings.parse(step, findings.message.text) if counted or named else None
    if not isinstance(read, Invalid):
        return None
    return Understood(Intent.ANSWER, wrong=(step.key, read))


def read_option(findings: Findings) -> None:
    """Take the open step's option where it is named somewhere in what is stated."""
    step = findings.open_step
    if step is None or step.ask is None or step.key in findings.values:
        return
    if step.ask.name in _SPANS:
        _take_span(findings, step)
        return
    if not is_closed(step, findings.context) and step.ask.name != "province":
        return
    if step.closes or step.consent:  # bind the applicant: only plain words decide
        if not findings.values:
            _take_clause(findings)
        return
    if _take_named(findings) or _take_clause(findings) or _take_part(findings):
        return
    options = step.ask.options(findings.context)
    if not findings.values and not findings.message.question:
        value = _as_option(acts.command_in_passing(findings.message), options)
        findings.take(step, value, 0, len(findings.message.text))


def _take_span(findings: Findings, step: Step) -> None:
    """Take the last date or length of time named: 一年多吧，大概13个月."""
    message = findings.message
    for clause in reversed(message.statements):
        text = message.text[clause.start : clause.end]
        for found in reversed(step.ask.extract(text, findings.context) if step.ask else ()):
            start, end = clause.start + found.start, clause.start + found.end
            if not findings.is_denied(start, end):
                findings.take(step, found.value, start, end)
                return
    if not findings.values and message.question is None:
        read = findings.parse(step, message.plain)
        if isinstance(read, Invalid) and read.code not in _NO_ANSWER:
            findings.take(step, read, 0, len(message.plain))


def _take_named(findings: Findings) -> bool:
    """Take the one option named and not denied."""
    step = findings.open_step
    if step is None or step.ask is None:
        return False
    found = {}
    for clause in findings.message.statements:
        text = findings.message.text[clause.start : clause.end]
        for one in step.ask.extract(text, findings.context):
            start, end = clause.start + one.start, clause.start + one.end
            denied = is_denied(findings.message.plain, clause.start, start)
            if denied or findings.is_denied(start, end):
                findings.denied.setdefault(step.key, one.value)
            else:
                found[one.value] = (start, end)
    if len(found) != 1:
        return False
    ((value, (start, end)),) = found.items()
    return findings.take(step, value, start, end)


def _take_part(findings: Findings) -> bool:
    """Take the one option whose name is part of a short clause: 大陆的服务器."""
    step = findings.open_step
    if step is None or step.ask is None or step.ask.name == "yes_no":
        return False
    plain = findings.message.plain
    for clause in findings.message.statements:
        parts = _parts(findings, step, clause)
        options = {option for option, _, _ in parts}
        if len(options) == 1:
            option, start, end = parts[0]
            known = step.ask.options(findings.context)
            if not lexicon().corrections.denied.search(plain, clause.start, start):
                return findings.take(step, option, start, end)
            if len(known) == _BINARY:
                return findings.take(step, known[1 - known.index(option)], start, end)
    return False


def _parts(findings: Findings, step: Step, clause: Clause) -> list[tuple[str, int, int]]:
    """The longest parts of a short clause that name options, none overlapping."""
    found: list[tuple[str, int, int]] = []
    if clause.end - clause.start > _LONGEST_SEARCHED:
        return found
    for length in range(clause.end - clause.start, 1, -1):
        for start in range(clause.start, clause.end - length + 1):
            end = start + length
            if any(start < stop and begin < end for _, begin, stop in found):
                continue
            part = findings.message.plain[start:end]
            if _HAN_WORD.fullmatch(part) and isinstance(option := findings.parse(step, part), str):
                found.append((option, start, end))
    return found


def _take_clause(findings: Findings) -> bool:
    """Take a clause that is an option and nothing else."""
    step = findings.open_step
    for clause in reversed(findings.message.statements):
        for form in (clause.plain.strip(), *clause.forms):
            read = None if step is None else findings.parse(step, form)
            if step is None or not isinstance(read, str):
                continue
            if not is_qualified(step.key, read, findings.message.plain):
                return findings.take(step, read, clause.start, clause.end)
    return False
