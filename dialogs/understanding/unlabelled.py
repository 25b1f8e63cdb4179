"""Values that name themselves: by their shape, by a whole statement, or as the open answer."""

import re

from dialogs.flow import Step
from dialogs.understanding import names
from dialogs.understanding.acts import is_whole_saying
from dialogs.understanding.findings import Findings
from dialogs.understanding.labelled import meant
from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.reading import Clause, bare_forms
from dialogs.understanding.shapes import Kind, Shape
from dialogs.understanding.sorts import (
    asks_person,
    form_of,
    is_free,
    is_name,
    is_open_text,
    shapes_of,
    takes_persons_number,
)
from dialogs.understanding.text import stripped
from filing.invalid import Invalid

_NUMBERS = frozenset({Kind.NUMBER, Kind.MOBILE, Kind.LANDLINE, Kind.PERSONAL, Kind.CODE})
_ONE_TRY = re.compile(r"[!-~]{2,80}|[0-9.,:\-+()\s]{3,80}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ONLY_A_NUMBER = re.compile(r"[0-9一二三四五六七八九十第选]+个?")
_LONGEST_VOLUNTEERED = 16
_LONGEST_HAN_NAME = 6


def read_statements(findings: Findings) -> None:
    """Take whole clauses that answer a closed question, asked or not."""
    for clause in findings.message.statements:
        forms = bare_forms(clause.plain)
        for statement in lexicon().statements:
            opened = findings.open_step is not None and findings.open_step.key == statement.step
            if (statement.open_only and not opened) or statement.step not in findings.flow:
                continue
            if any(statement.pattern.fullmatch(form) for form in forms):
                findings.take(
                    findings.flow[statement.step], statement.value, clause.start, clause.end
                )


def read_volunteered(findings: Findings) -> None:
    """Take clauses that say no more than who files, or where: 公司备案, 江苏的."""
    words = lexicon()
    for clause in findings.message.statements:
        if findings.is_used(clause.start, clause.end) or len(clause.plain) > _LONGEST_VOLUNTEERED:
            continue
        denial = words.corrections.denial.match(clause.plain)
        if denial is not None:
            _deny_volunteered(findings, clause.plain[denial.end() :].strip())
            continue
        plain = words.choice_front.sub("", clause.plain, count=1).strip()
        for candidate in dict.fromkeys(
            (clause.plain.strip(), plain, words.choice_back.sub("", plain).strip())
        ):
            if len(candidate) > 1 and not _ONLY_A_NUMBER.fullmatch(candidate):
                _volunteer(findings, clause, candidate)


def _deny_volunteered(findings: Findings, said: str) -> None:
    for key in lexicon().volunteered:
        read = findings.parse(findings.flow[key], said) if key in findings.flow else None
        if isinstance(read, str):
            findings.denied.setdefault(key, read)


def _volunteer(findings: Findings, clause: Clause, candidate: str) -> None:
    for key in lexicon().volunteered:
        if key not in findings.flow or key in findings.values:
            continue
        step = findings.flow[key]
        read = findings.parse(step, candidate)
        if not isinstance(read, str):
            continue
        if findings.is_denied(clause.start, clause.end):
            findings.denied.setdefault(key, read)
        else:
            findings.take(step, read, clause.start, clause.end)


def read_shapes(findings: Findings, role: str) -> None:
    """Give every shape without a label to the step it must belong to."""
    for shape in findings.message.shapes:
        if findings.is_used(shape.start, shape.end) or findings.is_asked_about(shape.start):
            continue
        if findings.is_denied(shape.start, shape.end):
            _deny(findings, shape)
            continue
        _place(findings, shape, role)


def _deny(findings: Findings, shape: Shape) -> None:
    findings.use(shape.start, shape.end, value=True)
    for step in form_of(findings.flow).by_kind[shape.kind]:
        read = findings.parse(step, _text(findings, shape))
        if isinstance(read, str) and findings.context.values.get(step.key) == read:
            findings.denied.setdefault(step.key, read)
            return
    candidates = _candidates(findings, shape, "")
    if candidates:
        findings.denied.setdefault(candidates[0].key, _text(findings, shape))


def _place(findings: Findings, shape: Shape, role: str) -> None:
    refused: tuple[Step, Invalid] | None = None
    for step in _candidates(findings, shape, role):
        if step.key in findings.values:
            continue
        read = findings.parse(step, _text(findings, shape))
        if isinstance(read, str):
            findings.take(step, read, shape.start, shape.end)
            return
        if isinstance(read, Invalid) and refused is None:
            refused = (step, read)
    if refused is not None and shape.kind is not Kind.DATE:
        findings.take(refused[0], refused[1], shape.start, shape.end)


def _candidates(findings: Findings, shape: Shape, role: str) -> list[Step]:
    """The steps a shape may belong to, the likeliest first."""
    opened = findings.open_step
    found: list[Step] = []
    steps = form_of(findings.flow).by_kind[shape.kind]
    for step in steps:
        if step.key in findings.denied:  # "not this one": the next is meant for the same step
            found.append(step)
    if opened is not None and shape.kind in shapes_of(opened):
        found.append(opened)
    if shape.kind not in (Kind.DATE, Kind.NUMBER):
        found += _usual(findings, shape, steps, role)
    if shape.kind is Kind.NUMBER and opened is not None and shapes_of(opened) & _NUMBERS:
        found.append(opened)
    return list(dict.fromkeys(found)) if len(found) > 1 else found


def _usual(
    findings: Findings, shape: Shape, steps: tuple[Step, ...], role: str
) -> list[Step]:
    """Where a shape goes when nobody asked for it."""
    if shape.kind is Kind.PERSONAL and not _files_alone(findings):
        steps = tuple(step for step in steps if takes_persons_number(step))
    elif shape.kind is Kind.MOBILE:
        steps = tuple(step for step in steps if len(shapes_of(step)) == 1)
    keys = (meant(findings, step.key, role) for step in steps[:1])
    return [findings.flow[key] for key in keys if key in findings.flow]


def _files_alone(findings: Findings) -> bool:
    """Whether the subject is a natural person, as far as is known."""
    values = {**findings.context.values, **findings.values}
    return values.get("subject_kind") == "individual"


def read_try(findings: Findings) -> None:
    """Say what is wrong with a text that can only be meant as the open answer."""
    opened = findings.open_step
    if opened is None or not shapes_of(opened) or findings.values or findings.wrong:
        return
    message = findings.message
    text = message.text.strip()
    if _HAN.search(text) or not _ONE_TRY.fullmatch(text) or message.question:
        return
    findings.take(opened, findings.parse(opened, text), 0, len(message.text))


def read_open_text(findings: Findings) -> None:
    """Take what is left of a message as the open answer, if that is open text."""
    opened = findings.open_step
    if opened is None or not is_open_text(opened) or opened.key in findings.values:
        return
    if is_free(opened) and _take_whole(findings, opened):
        return
    for clause in findings.message.statements:
        if is_whole_saying(clause):
            continue
        for start, end in _pieces(findings, opened, clause):
            if _take_piece(findings, opened, start, end):
                return


def _take_whole(findings: Findings, step: Step) -> bool:
    """Free text is taken whole, unless it begins with something that belongs elsewhere."""
    said = findings.message.statements
    if not said or any(start <= said[0].start for start, _ in findings.given):
        return False
    if findings.used and min(findings.used)[0] <= said[0].start:
        return False
    return _take_piece(findings, step, said[0].start, said[-1].end)


def _pieces(findings: Findings, step: Step, clause: Clause) -> list[tuple[int, int]]:
    if is_name(step):
        return list(findings.unused(clause))
    pieces = list(findings.unused(clause))[:1]
    said = findings.message.statements
    if pieces and not findings.used and said:
        return [(said[0].start, said[-1].end)]  # an address may hold commas
    return pieces


def _take_piece(findings: Findings, step: Step, start: int, end: int) -> bool:
    value = stripped(findings.message.text[start:end], step)
    if not value or not _could_answer(findings, step, value):
        return False
    read = findings.parse(step, value)
    if isinstance(read, Invalid) and is_name(step) and findings.values:
        return False
    return findings.take(step, read, start, end)


def _could_answer(findings: Findings, step: Step, value: str) -> bool:
    """Whether words with no sign that they answer may do so."""
    if asks_person(step, findings.context):
        short = len(value) <= _LONGEST_HAN_NAME or "·" in value or not _HAN.search(value)
        return short and names.could_be_name(value)
    if is_name(step):
        if any(isinstance(findings.parse(findings.flow[key], value), str)
               for key in lexicon().volunteered if key in findings.flow):
            return False
        return names.could_be_body(value)
    return True


def _text(findings: Findings, shape: Shape) -> str:
    return findings.message.text[shape.start : shape.end]
