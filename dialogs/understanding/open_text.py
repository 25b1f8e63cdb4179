"""Open text: names, addresses and remarks, without swallowing what means something else."""

import re

from dialogs.flow import Step
from dialogs.understanding import acts, names
from dialogs.understanding.findings import Findings
from dialogs.understanding.labelled import meant
from dialogs.understanding.labels import mentioned, names_a_step, word_at
from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.reading import Clause
from dialogs.understanding.sorts import (
    alike,
    asks_person,
    is_address,
    is_free,
    is_name,
    is_open_text,
    takes_persons_number,
)
from dialogs.understanding.text import stripped
from filing.invalid import Invalid

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LONE_HAN = re.compile(r"(?<![^\s,，、:：])[\u4e00-\u9fff]{2,3}(?![^\s,，、])")
_ASIDE = re.compile(r"\s*[(（][^()（）]*[)）]\s*$|[\s,，、]+[男女](?:士|性|生)?\s*$")
_BRACKETS = " ()（）"
_LONGEST_HAN_NAME = 6


def read_open_text(findings: Findings) -> None:
    """Take what is left of a message as the open answer, if that is open text."""
    opened = findings.open_step
    if opened is None or not is_open_text(opened) or opened.key in findings.values:
        return
    if is_free(opened) and _take_whole(findings, opened):
        return
    for clause in findings.message.statements:
        if acts.is_whole_saying(clause) or findings.has_cue(clause):
            continue
        for start, end in _pieces(findings, opened, clause):
            if _take_piece(findings, opened, start, end):
                return


def _take_whole(findings: Findings, step: Step) -> bool:
    """Free text is taken whole, unless it begins with something that belongs elsewhere."""
    said = findings.message.statements
    if not said or any(start <= said[0].start for start, _ in findings.used):
        return False
    elsewhere = dict(findings.values)
    if not _take_piece(findings, step, said[0].start, said[-1].end):
        return False
    for key in elsewhere:
        del findings.values[key]
    return True


def _pieces(findings: Findings, step: Step, clause: Clause) -> list[tuple[int, int]]:
    if is_name(step):
        return list(findings.unused(clause))
    said = findings.message.statements
    if not findings.used:
        return [(said[0].start, said[-1].end)]  # an address may hold commas
    return list(findings.unused(clause))[:1]


def _take_piece(findings: Findings, step: Step, start: int, end: int) -> bool:
    denial = lexicon().corrections.denial.match(findings.message.plain, start, end)
    text = findings.message.text[denial.end() if denial else start : end]
    of_person = asks_person(step, findings.known)
    if of_person:
        text = _ASIDE.sub("", text).strip(_BRACKETS)
    value = stripped(text, step, of_person=of_person)
    if not value or not _could_answer(findings, step, value):
        return False
    read = findings.parse(step, value)
    if denial is not None:
        if isinstance(read, str):
            findings.denied.setdefault(step.key, read)
        return False
    if isinstance(read, Invalid) and is_name(step) and findings.values:
        return False
    return findings.take(step, read, start, end)


def read_bodies(findings: Findings) -> None:
    """Take a name that ends like a company's where nobody asked for a name."""
    opened = findings.open_step
    if opened is not None and is_open_text(opened) and not asks_person(opened, findings.known):
        return
    for step in findings.flow.steps:
        if step.ask is None or step.ask.name != "subject_name" or step.key in findings.values:
            continue
        for clause in findings.message.statements:
            for start, end in findings.unused(clause):
                _take_body(findings, step, start, end)
        if step.key not in findings.values:
            _take_body_of_kind(findings, step)


def _take_body_of_kind(findings: Findings, step: Step) -> None:
    """A whole name of which only the kind was read so far: …有限公司 as an enterprise."""
    if step.ask is None or "subject_kind" not in findings.places:
        return
    others = [place for key, place in findings.places.items() if key != "subject_kind"]
    for clause in findings.message.statements:
        for start, end in findings.between_shapes(clause):
            for found in step.ask.extract(findings.message.text[start:end], findings.known):
                at, stop = start + found.start, start + found.end
                if not any(at < last and first < stop for first, last in others):
                    _take_body(findings, step, at, stop)


def _take_body(findings: Findings, step: Step, start: int, end: int) -> None:
    """Take a name in ``text[start:end]``."""
    if step.ask is None:
        return
    for found in step.ask.extract(findings.message.text[start:end], findings.known):
        at, stop = start + found.start, start + found.end
        word = word_at(findings.message.plain, at, lexicon())
        if word is not None and word.step == step.key and at + len(word.text) < stop:
            at += len(word.text)
        value = findings.message.text[at:stop]
        if names.ends_like_body(value) and not findings.is_denied(at, stop):
            findings.take(step, findings.parse(step, value), at, stop)


def read_same(findings: Findings) -> None:
    """Take the answer of a step named as the same: 跟公司名称一样, 同上."""
    opened = findings.open_step
    if opened is None or findings.values:
        return
    for clause in findings.message.statements:
        for key in _same_as(findings, opened, clause):
            known = findings.context.values.get(key)
            other = findings.flow[key]
            fits = (
                alike(other, opened)
                or (is_open_text(other) and is_open_text(opened))
                or key in _counterparts(opened.key)
            )
            read = findings.parse(opened, known) if known and fits and other != opened else None
            if isinstance(read, str):
                findings.take(opened, read, clause.start, clause.end)


def _same_as(findings: Findings, opened: Step, clause: Clause) -> list[str]:
    """The steps whose answer a clause says is that of the open one, the likeliest first."""
    words, flow = lexicon(), findings.flow
    said = clause.plain.strip()
    if words.above.fullmatch(said):
        steps = flow.steps[: flow.steps.index(opened)]
        return [step.key for step in reversed(steps) if _is_of_a_kind(step, opened)]
    same = words.sameness.fullmatch(said) or words.same_use.fullmatch(said)
    if same is None and not names_a_step(stripped(clause.plain, opened)):
        return []
    named = [key for key, _ in mentioned(findings.message)]
    if same is not None:
        what = next(filter(None, (same.groupdict().get(name) for name in ("what", "that"))), "")
        named += [key for key, names_ in words.called.items() if what in names_]
        if what in words.persons:
            named += _counterparts(opened.key)
    return [key for key in named if key in flow]


def _counterparts(key: str) -> list[str]:
    """The steps that ask of another role what ``key`` asks of its own."""
    pairs = [pair for steps in lexicon().role_steps.values() for pair in steps.items()]
    return [other for other, own in pairs if own == key]


def _is_of_a_kind(step: Step, opened: Step) -> bool:
    """Whether two steps ask for the same kind of thing, addresses on papers included."""
    both_addresses = step.key in lexicon().called and is_address(opened)
    return both_addresses or (step.ask is not None and alike(step, opened))


def read_lone_name(findings: Findings) -> None:
    """Take a name that stands alone beside a person's number: 张三 13800138000."""
    if not any(_belongs_to_person(findings.flow[key]) for key in findings.values):
        return
    for clause in findings.message.statements:
        for start, end in findings.unused(clause):
            for word in _LONE_HAN.finditer(findings.message.text, start, end):
                name = word.group()
                if names.starts_with_surname(name) and _is_free_for_name(name):
                    _take_lone_name(findings, name, word.start())


def _is_free_for_name(word: str) -> bool:
    """Whether a word is neither part of a sentence nor a saying, as 谢谢 is."""
    return names.could_be_person(word) and not acts.is_saying(word)


def _take_lone_name(findings: Findings, name: str, start: int) -> None:
    for word in lexicon().role_names:
        key = meant(findings, word, start)
        if key in findings.flow:
            step = findings.flow[key]
            read = findings.parse(step, name)
            says_whose = read == findings.context.values.get(key)
            if isinstance(read, str) and not says_whose:
                findings.take(step, read, start, start + len(name))


def _belongs_to_person(step: Step) -> bool:
    return takes_persons_number(step) or (step.ask is not None and step.ask.name == "mobile_phone")


def _could_answer(findings: Findings, step: Step, value: str) -> bool:
    """Whether words with no sign that they answer may do so."""
    if asks_person(step, findings.known):
        short = len(value) <= _LONGEST_HAN_NAME or "·" in value or not _HAN.search(value)
        return short and names.could_be_person(value)
    if names_a_step(value):
        return False
    if is_name(step):
        if any(
            isinstance(findings.parse(findings.flow[key], value), str)
            for key in lexicon().volunteered
            if key in findings.flow
        ):
            return False
        return names.could_be_body(value)
    return lexicon().sameness.fullmatch(value) is None
