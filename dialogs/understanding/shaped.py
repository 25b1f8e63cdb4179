"""Values that name themselves by their shape: each goes to the step it must belong to."""

import re

from dialogs.answers.certificates import CertificateNumber
from dialogs.flow import Step
from dialogs.understanding.findings import Findings
from dialogs.understanding.labelled import meant
from dialogs.understanding.shapes import Kind, Shape, end_of_list
from dialogs.understanding.sorts import form_of, shapes_of, takes_persons_number
from filing.invalid import Invalid

_NUMBERS = frozenset({Kind.NUMBER, Kind.MOBILE, Kind.LANDLINE, Kind.PERSONAL, Kind.CODE})
_ONE_TRY = re.compile(r"[!-~]{2,80}|[0-9.,:\-+()\s]{3,80}")
_ONE_WORD = re.compile(r"[!-+\--~]{2,80}")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def read_shapes(findings: Findings) -> None:
    """Give every shape without a label to the step it must belong to."""
    for shape in findings.message.shapes:
        if findings.is_used(shape.start, shape.end) or findings.is_asked_about(shape.start):
            continue
        if _is_failed_try(findings, shape):
            continue
        if findings.is_denied(shape.start, shape.end):
            _deny(findings, shape)
            continue
        _place(findings, shape)


def read_numbers_of_types(findings: Findings) -> None:
    """Take the number that stands beside the certificate just named: 护照，E12345678."""
    for step in findings.flow.steps:
        ask = step.ask
        if not isinstance(ask, CertificateNumber) or ask.type_step not in findings.values:
            continue
        for shape in findings.message.shapes:
            if shape.kind not in _NUMBERS or findings.is_given(shape.start, shape.end):
                continue
            if findings.is_asked_about(shape.start) or findings.is_denied(shape.start, shape.end):
                continue
            read = findings.parse(step, _text(findings, shape))
            if isinstance(read, str) and findings.take(step, read, shape.start, shape.end):
                break


def _is_failed_try(findings: Findings, shape: Shape) -> bool:
    """Whether a shape nobody asked for, sent alone, is a garbled answer: a#example.com.

    Taken for what it looks like it would be part of a word, or change an answer given before.
    """
    opened, text = findings.open_step, findings.message.text.strip()
    if opened is None or not shapes_of(opened) or shape.kind in shapes_of(opened):
        return False
    if _ONE_WORD.fullmatch(text) is None:
        return False
    return shape.end - shape.start < len(text) or any(
        findings.context.values.get(step.key, said) != said
        for step in _candidates(findings, shape)[:1]
        if isinstance(said := findings.parse(step, text), str)
    )


def _deny(findings: Findings, shape: Shape) -> None:
    findings.use(shape.start, shape.end, value=True)
    for step in form_of(findings.flow).by_kind[shape.kind]:
        read = findings.parse(step, _text(findings, shape))
        if isinstance(read, str) and findings.context.values.get(step.key) == read:
            findings.denied.setdefault(step.key, read)
            return
    candidates = _candidates(findings, shape)
    if candidates:
        findings.denied.setdefault(candidates[0].key, _text(findings, shape))


def _place(findings: Findings, shape: Shape) -> None:
    refused: tuple[Step, Invalid] | None = None
    message, end = findings.message, shape.end
    if shape.kind is Kind.IP:
        end = end_of_list(message.plain, shape, message.shapes)
    for step in _candidates(findings, shape):
        if step.key in findings.values:
            continue
        read = findings.parse(step, message.text[shape.start : end])
        if isinstance(read, str):
            findings.take(step, read, shape.start, end)
            return
        if isinstance(read, Invalid) and refused is None:
            refused = (step, read)
    if refused is not None:
        findings.take(refused[0], refused[1], shape.start, shape.end)


def _candidates(findings: Findings, shape: Shape) -> list[Step]:
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
        found += _usual(findings, shape, steps)
    if shape.kind is Kind.NUMBER and opened is not None and shapes_of(opened) & _NUMBERS:
        found.append(opened)
    return list({step.key: step for step in found}.values())


def _usual(findings: Findings, shape: Shape, steps: tuple[Step, ...]) -> list[Step]:
    """Where a shape goes when nobody asked for it."""
    if shape.kind is Kind.PERSONAL:
        steps = tuple(step for step in steps if takes_persons_number(step))
    elif shape.kind is Kind.MOBILE:
        steps = tuple(step for step in steps if len(shapes_of(step)) == 1)
    keys = (meant(findings, step.key, shape.start) for step in steps[:1])
    return [findings.flow[key] for key in keys if key in findings.flow]


def read_try(findings: Findings) -> None:
    """Say what is wrong with a text that can only be meant as the open answer."""
    opened = findings.open_step
    if opened is None or not shapes_of(opened) or findings.values or findings.wrong:
        return
    message = findings.message
    text = message.text.strip()
    has_words = _HAN.search(text) is not None
    if message.question or (has_words and len(message.clauses) > 1):
        return
    read = findings.parse(opened, text)
    if isinstance(read, str) or (not has_words and _ONE_TRY.fullmatch(text)):
        findings.take(opened, read, 0, len(message.text))


def _text(findings: Findings, shape: Shape) -> str:
    return findings.message.text[shape.start : shape.end]
