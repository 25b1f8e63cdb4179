"""Values that stand behind their name: 域名：…, 手机号是…, 法人张三."""

import re
from collections.abc import Sequence

from dialogs.answers.certificates import CertificateNumber
from dialogs.flow import Step
from dialogs.understanding import names
from dialogs.understanding.findings import Findings
from dialogs.understanding.labels import Label, find
from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.shapes import Kind, Shape, end_of_list
from dialogs.understanding.sorts import (
    alike,
    asks_person,
    is_address,
    is_closed,
    is_free,
    is_name,
    shapes_of,
)
from dialogs.understanding.text import stripped

_FARTHEST = 24
"""Characters between a word and the value it names."""

_NAME_ENDS = re.compile(
    r"[;；。!！?？\n]|[,，、](?!\s*(?:ltd|inc|llc|limited|co\.|corp|l\.l\.c))", re.I
)
_TEXT_ENDS = re.compile(r"[;；\n]|。(?=\s*$)")
_INSTEAD_WITHIN = re.compile(r"\s*(?:而)?(?:应该)?(?:是|改成|改为|换成|\bbut\b)\s*")
_LABEL_AHEAD = re.compile(r"[\s,，;；。、]")
_CERTIFICATES = frozenset({Kind.PERSONAL, Kind.CODE})
_NUMBERS = frozenset({Kind.NUMBER, Kind.MOBILE, Kind.LANDLINE, Kind.PERSONAL, Kind.CODE})


def read_labelled(findings: Findings) -> None:
    """Take every labelled value, and note who is spoken of from where on."""
    flow = findings.flow
    labels = find(findings.message, lambda key: key in flow and bool(shapes_of(flow[key])))
    for place, label in enumerate(labels):
        if label.word.role is not None and not findings.is_given(label.start, label.end):
            findings.roles.append((label.start, label.word.role))
        step = _step_of(findings, label)
        if step is None:
            continue
        if not label.word.names_a_person or label.firm:
            findings.named.setdefault(step.key, label.word.text)
        if findings.is_given(label.start, label.end) or _is_told_in_passing(findings, label, step):
            continue
        if not findings.is_asked_about(label.start):
            findings.use(label.start, label.value_start)
            _read_value(findings, labels, place, step)


def _is_told_in_passing(findings: Findings, label: Label, step: Step) -> bool:
    """Whether an answer of free text only speaks of another step: 网站名称是注册商标."""
    opened = findings.open_step
    if opened is None or not is_free(opened) or step == opened:
        return False
    return not (label.signed or shapes_of(step) or findings.puts_right())


def meant(findings: Findings, key: str, place: int) -> str:
    """The step a word means at a place, by who is spoken of there and by other answers."""
    words = lexicon()
    by_role = words.role_steps.get(findings.role_at(place), {})
    if key in by_role:
        return by_role[key]
    for step, by_value in words.value_steps.items():
        value = findings.values.get(step) or findings.context.values.get(step, "")
        if key in by_value.get(value, {}):
            return by_value[value][key]
    return key


def _step_of(findings: Findings, label: Label) -> Step | None:
    key = meant(findings, label.word.step or "", label.start)
    if key not in findings.flow:
        return None
    step = findings.flow[key]
    opened = findings.open_step
    if opened is None or opened.key in findings.values or not label.word.generic:
        return step
    spoken_of = any(start > 0 or role != opened.section for start, role in findings.roles)
    earlier = key in findings.context.values or key in findings.named or spoken_of
    if earlier and findings.puts_right():
        return step
    return opened if alike(step, opened) or _fits_only(findings, label, opened, step) else step


def _fits_only(findings: Findings, label: Label, opened: Step, other: Step) -> bool:
    """Whether what follows a label has the shape asked for and not that of the other step."""
    for shape in findings.message.shapes:
        if shape.start >= label.end:
            near = shape.start <= label.value_start
            return near and shape.kind in shapes_of(opened) - shapes_of(other)
    return False


def _read_value(findings: Findings, labels: Sequence[Label], place: int, step: Step) -> None:
    label = labels[place]
    limit = labels[place + 1].start if place + 1 < len(labels) else len(findings.message.text)
    if label.word.names_a_person and asks_person(step, findings.known):
        _read_name(findings, label, step, limit)
    elif shapes_of(step):
        _read_shape(findings, label, step, limit)
    elif is_closed(step, findings.known) or (step.ask and step.ask.name in ("province", "months")):
        _read_choice(findings, label, step, limit)
    elif label.firm or label.at_edge:
        _read_text(findings, labels, place, step)


def _read_name(findings: Findings, label: Label, step: Step, limit: int) -> None:
    text = findings.message.text
    start = _past_denied(findings, step, label.value_start)
    found = names.leading_name(text[start : limit if start < limit else None], signed=label.signed)
    if found is None:
        start = _put_right_after(findings, start) or len(text)
        found = names.leading_name(text[start:], signed=False)
    if found is None:
        return
    name, length = found
    if not _settle(findings, step, name, start, start + length):
        start = _put_right_after(findings, start, denied=True) or len(text)
        found = names.leading_name(text[start:], signed=False)
        if found is not None:
            _settle(findings, step, found[0], start, start + found[1])


def _put_right_after(findings: Findings, start: int, *, denied: bool = False) -> int | None:
    """Where the right value begins in the next clause: ``…错了，是``; None if nothing follows."""
    clause = findings.clause_at(start)
    if clause is None or not (denied or findings.has_cue(clause)):
        return None
    instead = lexicon().corrections.instead.match(findings.message.plain, clause.end)
    return instead.end() if instead else None


def _past_denied(findings: Findings, step: Step, start: int) -> int:
    """Where the value begins: behind ``不是…，是`` if one is denied first."""
    corrections = lexicon().corrections
    plain = findings.message.plain
    denial = corrections.denial.match(plain, start)
    clause = findings.clause_at(start)
    if denial is None or clause is None:
        return start
    instead = corrections.instead.match(plain, clause.end)
    end = clause.end
    if instead is None:
        instead = _INSTEAD_WITHIN.search(plain, denial.end() + 1, clause.end)
        end = instead.start() if instead else end
    findings.denied.setdefault(step.key, findings.message.text[denial.end() : end].strip())
    findings.use(start, end, value=True)
    return instead.end() if instead else len(plain)


def _read_shape(findings: Findings, label: Label, step: Step, limit: int) -> None:
    takes = shapes_of(step)
    near = [
        shape
        for shape in findings.message.shapes
        if label.end <= shape.start < limit
        and not findings.is_used(shape.start, shape.end)
        and not findings.is_asked_about(shape.start)
    ]
    _infer_type(findings, label, step, near)
    reach = label.value_start + _FARTHEST
    for shape in near:
        if shape.kind in takes and shape.start <= reach:
            if _settle_shape(findings, step, shape, near):
                return
            reach = shape.end + _FARTHEST
    if step.key in findings.denied or step.key in findings.values:
        return
    if near and near[0].start <= label.value_start + 2 and _is_try(near[0], step, label):
        shape = near[0]
        findings.take(step, findings.parse(step, _text(findings, shape)), shape.start, shape.end)
    elif Kind.DATE in takes:
        _read_choice(findings, label, step, limit)


def _infer_type(findings: Findings, label: Label, step: Step, near: list[Shape]) -> None:
    """Take a certificate's type from the word before its number: 护照号 E12345678."""
    key = step.ask.type_step if isinstance(step.ask, CertificateNumber) else ""
    ask = findings.flow[key].ask if key in findings.flow else None
    if ask is None or not near or key in findings.context.values or key in findings.values:
        return
    named = ask.extract(label.word.text, findings.known)
    text = _text(findings, near[0])
    if len(named) != 1 or isinstance(findings.parse(step, text), str):
        return
    findings.values[key] = named[0].value
    if not isinstance(findings.parse(step, text), str):
        del findings.values[key]


def _is_try(shape: Shape, step: Step, label: Label) -> bool:
    """Whether something else than asked for was meant as an answer all the same."""
    if label.word.weak and shape.kind in _CERTIFICATES:  # 号码 is said of any number
        return False
    return shape.kind in _NUMBERS and bool(shapes_of(step) & _NUMBERS)


def _settle_shape(findings: Findings, step: Step, shape: Shape, near: list[Shape]) -> bool:
    end = shape.end
    if shape.kind is Kind.IP:
        end = end_of_list(findings.message.plain, shape, near)
    text = findings.message.text[shape.start : end]
    return _settle(findings, step, text, shape.start, end)


def _settle(findings: Findings, step: Step, text: str, start: int, end: int) -> bool:
    """Take a value unless it is denied; whether the label has found its value."""
    if findings.is_denied(start, end):
        read = findings.parse(step, text)
        findings.denied.setdefault(step.key, read if isinstance(read, str) else text)
        findings.use(start, end, value=True)
        return False
    read = findings.parse(step, text)
    findings.take(step, read, start, end)
    return True


def _read_choice(findings: Findings, label: Label, step: Step, limit: int) -> None:
    clause = findings.clause_at(min(label.value_start, len(findings.message.text) - 1))
    if clause is None:
        return
    end = min(limit, clause.end)
    text = findings.message.text[label.value_start : end]
    read = findings.parse(step, text.strip())
    if isinstance(read, str):
        findings.take(step, read, label.value_start, end)
        return
    if step.ask is not None:
        for found in step.ask.extract(text, findings.known):
            start, stop = label.value_start + found.start, label.value_start + found.end
            if findings.is_denied(start, stop):
                findings.denied.setdefault(step.key, found.value)
            else:
                findings.take(step, found.value, start, stop)
            findings.use(start, stop, value=True)


def _read_text(findings: Findings, labels: Sequence[Label], place: int, step: Step) -> None:
    label = labels[place]
    text = findings.message.text
    copulas = lexicon().copulas.match(findings.message.plain, label.end)
    start = _past_denied(findings, step, copulas.end() if copulas else label.value_start)
    if not label.signed and lexicon().corrections.cues.match(findings.message.plain, start):
        start = _put_right_after(findings, start) or len(text)
    ends = _NAME_ENDS if is_name(step) else _TEXT_ENDS
    stop = ends.search(text, start)
    end = stop.start() if stop else len(text)
    for ahead in labels[place + 1 :]:
        if (
            ahead.start < end
            and _LABEL_AHEAD.match(text[ahead.start - 1])
            and (ahead.signed or not is_free(step))
            and (ahead.firm or not is_address(step) or _has_value(findings, ahead))
        ):
            end = ahead.start
    value = text[start:end].strip()
    if not (label.signed and is_free(step)):
        value = stripped(value, step, keep_ending=label.signed, led=label.firm)
    if not value or (not label.signed and not _plausible(findings, label, step, value)):
        return
    if is_name(step) and _take_kind(findings, value, start, end):
        return
    if label.firm or isinstance(findings.parse(step, value), str):
        _settle(findings, step, value, start, end)


def _has_value(findings: Findings, label: Label) -> bool:
    """Whether a number or an address stands right behind a label."""
    return any(shape.start == label.value_start for shape in findings.message.shapes)


def _take_kind(findings: Findings, value: str, start: int, end: int) -> bool:
    """Take who files or where, where that was said in the place of a name: 主体：个人."""
    for key in lexicon().volunteered:
        read = findings.parse(findings.flow[key], value) if key in findings.flow else None
        if isinstance(read, str):
            return findings.take(findings.flow[key], read, start, end)
    return False


def _plausible(findings: Findings, label: Label, step: Step, value: str) -> bool:
    """Whether words behind a name without a colon are its value, not more of the sentence."""
    if asks_person(step, findings.known):
        return names.starts_with_surname(value) and names.could_be_person(value)
    if label.word.weak and is_name(step):
        return names.ends_like_body(value)
    return names.could_be_body(value) if is_name(step) else True


def _text(findings: Findings, shape: Shape) -> str:
    return findings.message.text[shape.start : shape.end]
