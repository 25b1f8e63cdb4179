"""The order in which a message is read: command, answer, values, correction, question, talk."""

import re

from dialogs.answers.base import Context
from dialogs.flow import Flow, Step, When
from dialogs.understanding import acts
from dialogs.understanding.findings import Findings
from dialogs.understanding.labelled import read_labelled
from dialogs.understanding.labels import mentioned
from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.open_text import read_bodies, read_lone_name, read_open_text, read_same
from dialogs.understanding.options import (
    exact_answer,
    loose_answer,
    read_option,
    refused_answer,
    yes_or_no,
)
from dialogs.understanding.pointing import pointed_answer, read_pointed
from dialogs.understanding.reading import Message, read
from dialogs.understanding.shaped import read_numbers_of_types, read_shapes, read_try
from dialogs.understanding.sorts import is_closed, is_open_text
from dialogs.understanding.statements import read_statements, read_volunteered
from dialogs.understanding.understood import Intent, Understood

_UNKNOWN = Understood(Intent.UNKNOWN)
_NOT_KNOWING = re.compile(r"[不没忘]|n.t\b|\bno\b|\bnot\b|forgot|unsure|dunno|idk")
_SHORT = 16


def understand(
    text: str,
    *,
    flow: Flow,
    open_step: Step | None,
    context: Context,
    pending: str | None = None,
    told: bool = False,
) -> Understood:
    """Read one message of an applicant.

    ``open_step`` is the question last asked, ``context`` the answers so far, ``pending`` the
    yes or no in the air; ``told`` whether a question of theirs has just been answered.
    Deterministic, and raises nothing for any text; of a very long one only the beginning is
    read.
    """
    message = read(text, to_open_text=open_step is not None and is_open_text(open_step))
    if not message.plain.strip():
        return _UNKNOWN
    findings = Findings(message, flow, open_step, context)
    return (
        _in_the_air(message, pending)
        or (acts.verdict(message) if told else None)
        or exact_answer(findings)
        or loose_answer(findings)
        or _command(findings)
        or yes_or_no(findings)
        or _saying(findings)
        or _values(findings)
        or (_refusal(findings) if message.question is None else None)
        or _question_or_correction(findings)
        or acts.command_in_passing(message)
        or _topic(message)
        or acts.smalltalk_in_passing(message)
        or refused_answer(findings)
        or _UNKNOWN
    )


def _in_the_air(message: Message, pending: str | None) -> Understood | None:
    """A yes or no, where one is awaited."""
    if pending is None:
        return None
    said = acts.act(message)
    return said if said and said.intent in (Intent.CONFIRM, Intent.DENY) else None


def _command(findings: Findings) -> Understood | None:
    """A command, unless it names a language where one is asked for."""
    said = acts.command(findings.message)
    if said is not None and said.intent is Intent.SWITCH_LOCALE:
        return pointed_answer(findings) or said
    return said


def _saying(findings: Findings) -> Understood | None:
    """A refusal, an act or small talk, unless its words point at an option asked for."""
    message = findings.message
    said = (
        (_refusal(findings) if len(message.clauses) == 1 else None)
        or _act(findings)
        or acts.smalltalk(message)
    )
    if said is None or said.intent is Intent.ANSWER:
        return said
    return pointed_answer(findings) or said


def _act(findings: Findings) -> Understood | None:
    """Yes, no, help or why; not knowing is an option where that is offered."""
    said, opened = acts.act(findings.message), findings.open_step
    if said is not None and said.intent is Intent.DENY and opened is not None and opened.optional:
        return Understood(Intent.SKIP, target=opened.key)
    if said is None or opened is None or said.intent not in (Intent.WHY, Intent.HELP):
        return said
    not_knowing = _NOT_KNOWING.search(findings.message.plain) is not None
    if said.intent is Intent.HELP and not_knowing and is_closed(opened, findings.context):
        read = findings.parse(opened, lexicon().not_known)
        if isinstance(read, str):
            return Understood(Intent.ANSWER, {opened.key: read})
    return Understood(said.intent, target=opened.key)


def _refusal(findings: Findings) -> Understood | None:
    """None to give, or not willing to: of the step named, else of the open one."""
    opened = findings.open_step
    if not acts.may_refuse(findings.message):
        return None
    named = mentioned(findings.message)
    if opened is None and not named:
        return None
    own = tuple(word for step, word in named if opened is not None and step == opened.key)
    said = acts.refusal(findings.message, own, named)
    if said is None or opened is None:
        return said
    if said.target in (None, opened.key) and is_closed(opened, findings.context):
        read = findings.parse(opened, lexicon().none_at_all)
        if said.intent is Intent.SKIP and isinstance(read, str):
            return Understood(Intent.ANSWER, {opened.key: read})
    return Understood(said.intent, target=said.target or opened.key)


def _values(findings: Findings) -> Understood | None:
    """Everything that can be taken as a value, of the open step and of others."""
    opened, message = findings.open_step, findings.message
    read_statements(findings)
    read_pointed(findings)
    if opened is None or not is_open_text(opened):
        read_volunteered(findings)
    earlier = lexicon().corrections.before.search(message.plain) is not None
    if opened is not None and opened.section in lexicon().role_steps and not earlier:
        findings.roles.append((0, opened.section))
    read_labelled(findings)
    if findings.named and (opened is None or not is_open_text(opened)):
        read_volunteered(findings)  # again: what labels left may now stand alone
    read_bodies(findings)
    read_shapes(findings)
    read_option(findings)
    read_numbers_of_types(findings)
    if not message.silent() and not _is_correction_only(findings):
        read_same(findings)
        read_open_text(findings)
        read_lone_name(findings)
        read_try(findings)
    if not findings.values and findings.wrong is None:
        return None
    says_so = _corrects(findings)
    intent = Intent.CORRECT if says_so or _contradicts(findings) else Intent.ANSWER
    return Understood(
        intent,
        findings.values,
        findings.wrong,
        detail=message.question,
        unsaid=intent is Intent.CORRECT and not says_so,
    )


def _contradicts(findings: Findings) -> bool:
    """Whether an earlier answer gets another value."""
    known = findings.context.values
    opened = findings.open_step.key if findings.open_step is not None else None
    return any(
        key != opened and known.get(key, value) != value for key, value in findings.values.items()
    )


def _corrects(findings: Findings) -> bool:
    """Whether the words used change an earlier answer."""
    known = findings.context.values
    opened = findings.open_step.key if findings.open_step is not None else None
    if any(_closes_off(findings, key) for key in findings.values):
        return True
    if any(
        key in findings.denied and (key != opened or key in known or not _is_choice(findings, key))
        for key in findings.values
    ):
        return True
    chosen = set(findings.values) == {opened} and opened not in known
    return findings.puts_right() and not (chosen and _is_choice(findings, opened or ""))


def _closes_off(findings: Findings, key: str) -> bool:
    """Whether the open step is only asked because ``key`` has another value."""
    conditions = findings.open_step.when if findings.open_step is not None else ()
    return any(
        one.step == key and findings.values[key] not in one.is_in
        for one in conditions
        if isinstance(one, When) and one.is_in
    )


def _is_choice(findings: Findings, key: str) -> bool:
    return is_closed(findings.flow[key], findings.context)


def _is_correction_only(findings: Findings) -> bool:
    """Whether the message only says what was wrong: 域名错了, 我要改邮箱."""
    if findings.values or not findings.puts_right():
        return False
    message = findings.message
    return bool(findings.named) or (len(message.plain) <= _SHORT and bool(mentioned(message)))


def _question_or_correction(findings: Findings) -> Understood | None:
    message = findings.message
    question = message.question or _tag_alone(message)
    corrections = lexicon().corrections
    said = findings.named or dict(mentioned(message))
    target = next(iter(said), None)
    earlier = corrections.before.search(message.plain) is not None
    if findings.puts_right() and (said or earlier or not question):
        passing = None if said or earlier else acts.command_in_passing(message)
        settled = passing is not None and passing.intent in (Intent.CONFIRM, Intent.DENY)
        return passing if passing and not settled else Understood(Intent.CORRECT, target=target)
    if earlier and question and corrections.cues.search(message.plain):
        return Understood(Intent.CORRECT, target=target)
    if question is None:
        return Understood(Intent.DENY) if findings.denied else None
    passing = acts.command_in_passing(message)
    if passing is not None and passing.intent is not Intent.CONFIRM:
        return passing
    return Understood(Intent.FAQ, target=target, detail=message.text.strip())


def _tag_alone(message: Message) -> str | None:
    """可以吗？ on its own asks after all."""
    if message.statements or not any(one.is_tag for one in message.clauses):
        return None
    return message.text.strip()


def _topic(message: Message) -> Understood | None:
    """Words of the matter said alone ask about it."""
    if lexicon().questions.topics.search(message.plain) is None:
        return None
    return Understood(Intent.FAQ, detail=message.text.strip())
