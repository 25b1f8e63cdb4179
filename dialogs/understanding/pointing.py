"""Answers to closed questions given in free words: 在阿里云备过, 老板自己买的, 换个人管."""

from dialogs.answers.choices import MultiChoice
from dialogs.flow import Step
from dialogs.understanding.findings import Findings
from dialogs.understanding.hints import Pointer, is_qualified, pointers, weighed
from dialogs.understanding.labels import mentioned
from dialogs.understanding.understood import Intent, Understood


def pointed_answer(findings: Findings) -> Understood | None:
    """The option that words point at which would pass for a refusal or a saying otherwise."""
    step = findings.open_step
    if step is None or findings.message.question or findings.message.shapes:
        return None
    read_pointed(findings)
    value = findings.values.get(step.key)
    return None if value is None else Understood(Intent.ANSWER, {step.key: value})


def read_pointed(findings: Findings) -> None:
    """Take the option, or of a multiple choice the options, that statements point at."""
    step = findings.open_step
    if step is None or step.ask is None or step.key in findings.values:
        return
    known = step.ask.options(findings.context)
    found = _pointers(findings, step) if known and not _puts_another_right(findings, step) else []
    options = weighed(step.key, (one.option for one in found), known)
    if not options or (len(options) > 1 and not isinstance(step.ask, MultiChoice)):
        return
    read = findings.parse(step, "、".join(options))
    if isinstance(read, str) and findings.take(step, read, found[0].start, found[0].end):
        for one in found[1:]:
            findings.use(one.start, one.end, value=True)


def _pointers(findings: Findings, step: Step) -> list[Pointer]:
    plain = findings.message.plain
    return [
        pointer
        for clause in findings.message.statements
        for pointer in pointers(step.key, plain, clause.start, clause.end)
        if not findings.is_used(pointer.start, pointer.end)
        and not is_qualified(step.key, pointer.option, plain)
    ]


def _puts_another_right(findings: Findings, step: Step) -> bool:
    """Whether the message puts another answer right: 公司名称错了."""
    if not findings.puts_right():
        return False
    named = mentioned(findings.message, weak=False)
    own = (step.key, *step.needs)  # whoever tells of a domain's record names the domain
    return bool(named) and all(key not in own for key, _ in named)
