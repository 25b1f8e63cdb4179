"""Closed questions answered in passing: whole statements, and who files or where."""

import re
from collections.abc import Iterator

from dialogs.understanding.findings import Findings
from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.reading import Clause
from dialogs.understanding.sorts import is_closed
from dialogs.understanding.words import Statement

_BETWEEN_BLANKS = re.compile(r"\S+")
_UNBROKEN = re.compile(r"(?<![^\s:])[^\s:]++(?!\s*:)(?=\s|$)")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_A_WORD = re.compile(r"[a-z\u4e00-\u9fff]")
_ONLY_A_NUMBER = re.compile(r"[0-9一二三四五六七八九十第选]+个?")
_LONGEST_VOLUNTEERED = 16
_ONESELF = re.compile("(?:我们?|咱们?|这边)(?=不)")
_STILL = re.compile("^(?:还|仍然?|依然)是")
_NOT_THAT = re.compile("(?<=.)(?:而|并)?不是.+$")


def read_statements(findings: Findings) -> None:
    """Take whole clauses that answer a closed question, asked or not."""
    opened = findings.open_step.key if findings.open_step is not None else ""
    for clause in findings.message.statements:
        said = _stated(opened, clause.forms)
        if said is not None:
            _take_stated(findings, said, clause.start, clause.end)
            continue
        for start, end in _between_blanks(clause):
            said = _stated(opened, (findings.message.plain[start:end],))
            if said is not None:
                _take_stated(findings, said, start, end)


def _stated(opened: str, forms: tuple[str, ...]) -> Statement | None:
    """What a clause states: as an answer to the open question, else to any."""
    statements = lexicon().statements
    for key in dict.fromkeys((opened, "")):
        for statement in statements.get(key, ()):
            if any(statement.pattern.fullmatch(form) for form in forms):
                return statement
    return None


def _take_stated(findings: Findings, said: Statement, start: int, end: int) -> None:
    if said.step in findings.flow:
        findings.take(findings.flow[said.step], said.value, start, end)


def _between_blanks(clause: Clause) -> Iterator[tuple[int, int]]:
    """The parts of a clause whose writer puts blanks for commas: 我公司要备案 苏州的."""
    words = tuple(_BETWEEN_BLANKS.finditer(clause.plain))
    if len(words) > 1 and _HAN.search(clause.plain):
        for word in words:
            yield clause.start + word.start(), clause.start + word.end()


def read_volunteered(findings: Findings) -> None:
    """Take words that say no more than who files, or where: 公司备案, 江苏的."""
    for clause in findings.message.statements:
        for start, end in _phrases(findings, clause):
            if 1 < end - start <= _LONGEST_VOLUNTEERED and not findings.is_used(start, end):
                said = findings.message.plain[start:end]
                apart = _stands_apart(findings.message.plain, start, end)
                if apart or lexicon().choice_front.match(said):
                    _read_phrase(findings, start, end)


def _phrases(findings: Findings, clause: Clause) -> Iterator[tuple[int, int]]:
    """What nothing was made of in a clause, and its parts between blanks and numbers."""
    for start, end in findings.unused(clause):
        if not findings.holds_shape(start, end):
            yield start, end
    for start, end in findings.between_shapes(clause):
        for word in _UNBROKEN.finditer(findings.message.plain, start, end):
            apart = _stands_apart(findings.message.plain, word.start(), word.end())
            if apart and _HAN.search(word.group()):
                yield word.start(), word.end()


def _stands_apart(plain: str, start: int, end: int) -> bool:
    """Whether no number or address touches a word, as in 13800138000是我本人的."""
    around = plain[max(0, start - 1) : start] + plain[end : end + 1]
    return not any(one.isalnum() for one in around)


def _read_phrase(findings: Findings, start: int, end: int) -> None:
    words = lexicon()
    said = findings.message.plain[start:end]
    oneself = _ONESELF.match(said)
    denial = words.corrections.denial.match(said, oneself.end() if oneself else 0)
    if denial is not None:
        _deny(findings, said[denial.end() :].strip())
        return
    said = _NOT_THAT.sub("", said)
    says = words.says_what_one_is.match(said) is not None
    front = words.choice_front.match(said)
    short = said[front.end() :].strip() if front else said
    shorter = words.choice_back.sub("", short).strip()
    for candidate in dict.fromkeys((said.strip(), _STILL.sub("", said), short, shorter)):
        is_word = len(candidate) > 1 and _A_WORD.search(candidate) is not None
        if is_word and not _ONLY_A_NUMBER.fullmatch(candidate):
            _volunteer(findings, start, end, candidate, says=says)
    if says:
        _extract(findings, start, end)


def _extract(findings: Findings, start: int, end: int) -> None:
    """Who files, or where, named anywhere in 我是…."""
    for key in lexicon().volunteered:
        ask = findings.flow[key].ask if key in findings.flow else None
        if not _may_change(findings, key, says=True):
            continue
        found = ask.extract(findings.message.text[start:end], findings.context) if ask else ()
        if len(found) == 1:
            at, stop = start + found[0].start, start + found[0].end
            if not findings.is_denied(at, stop):
                findings.take(findings.flow[key], found[0].value, at, stop)


def _deny(findings: Findings, said: str) -> None:
    for key in lexicon().volunteered:
        read = findings.parse(findings.flow[key], said) if key in findings.flow else None
        if isinstance(read, str):
            findings.denied.setdefault(key, read)


def _volunteer(findings: Findings, start: int, end: int, candidate: str, *, says: bool) -> None:
    for key in lexicon().volunteered:
        if key not in findings.flow or key in findings.values:
            continue
        step = findings.flow[key]
        read = findings.parse(step, candidate)
        if not isinstance(read, str) or not _may_change(findings, key, says=says):
            continue
        if findings.is_denied(start, end):
            findings.denied.setdefault(key, read)
        else:
            findings.take(step, read, start, end)


def _may_change(findings: Findings, key: str, *, says: bool) -> bool:
    """Whether words of this kind may touch a step: 公司的 answers whose domain it is.

    ``says``: they say what one is (我们是…).
    """
    opened = findings.open_step
    if opened is None or opened.key == key or key not in findings.context.values:
        return True
    if findings.denied.get(key) == findings.context.values[key]:
        return True  # 我不是个体户，是公司
    if opened.key in findings.values or findings.puts_right():
        return opened.key not in findings.values
    return says and not is_closed(opened, findings.context)
