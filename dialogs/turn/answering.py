"""Taking answers: the open one, corrections, and wrong ones."""

from collections.abc import Mapping
from typing import Final

from dialogs.assemble import assemble
from dialogs.case import APPLICANT, Consent
from dialogs.flow import AGREED, Step
from dialogs.journey import Journey
from dialogs.message import Button, Reply, ReplyKind
from dialogs.turn.asking import buttons_for, consent_text, example_line, has_read, variables
from dialogs.turn.draft import Draft
from dialogs.turn.findings import refusals, say_finding, step_of_field, touching
from dialogs.turn.returning import is_gone_over
from filing.checks import Finding
from filing.invalid import Invalid

HELP_AFTER = 2
PERSON_AFTER = 3

_NO_ANSWERS: Final = frozenset({"not_understood", "text", "choice", "upload", "file"})
"""Kinds of refusal of what nobody would stand by."""


def accept(draft: Draft, step: Step, value: str, *, author: str = APPLICANT) -> bool:
    """Record a value of ``step``; False if a rule refuses it as it stands.

    A consent counts once its text was read: else that is put first.
    """
    if step.consent is not None and value == AGREED and not has_read(draft, step.consent):
        draft.notice("message.read_first")
        draft.asked_before = None
        draft.attend(focus=step.key)
        return False
    findings = _judge(draft, step, value)
    refused = _refusal(step, findings)
    if refused is not None:
        fail(draft, step, finding=refused)
        return False
    before = draft.journey
    draft.put(step, value, author=author)
    draft.settle(step.key)
    _record_consent(draft, step, value)
    if draft.attention.focus == step.key:
        draft.attend(focus=None)
    draft.attend(failures=0)
    if before.values.get(step.key, value) != value:
        _say_changed(draft, step, value, before)
    _say_next(draft, step, value)
    if draft.journey.current is not None:  # else the conclusion says what there is to say
        for finding in (*_own(step, findings)[:2], *_brought_about(draft, step, findings, before)):
            say_finding(draft, finding)
    return True


def refusal(draft: Draft, step: Step, value: str) -> Finding | None:
    """The rule, if any, that makes a value of ``step`` wrong as it stands."""
    return _refusal(step, _judge(draft, step, value))


def _refusal(step: Step, findings: tuple[Finding, ...]) -> Finding | None:
    refused = refusals(_own(step, findings)) if step.strict else ()
    return refused[0] if refused else None


def _judge(draft: Draft, step: Step, value: str) -> tuple[Finding, ...]:
    """What the pre-checks that look at this field say, were the value taken."""
    if step.fills is None or not value:
        return ()
    return touching(
        draft, assemble(draft.flow, {**draft.journey.values, step.key: value}), step.fills
    )


def _own(step: Step, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.field == step.fills)


def _brought_about(
    draft: Draft, step: Step, findings: tuple[Finding, ...], before: Journey
) -> tuple[Finding, ...]:
    """The first refusal of an earlier answer that only this answer makes wrong."""
    elsewhere = [
        finding
        for finding in refusals(findings)
        if finding.field != step.fills and step_of_field(draft, finding.field) is not None
    ]
    if not elsewhere or step.fills is None:
        return ()
    earlier = touching(draft, assemble(draft.flow, before.values), step.fills)
    known = {(finding.code, finding.field) for finding in earlier}
    return tuple(one for one in elsewhere if (one.code, one.field) not in known)[:1]


def _record_consent(draft: Draft, step: Step, value: str) -> None:
    if step.consent is not None:
        record_consent(draft, step.consent, granted=value == AGREED)


def record_consent(draft: Draft, kind: str, *, granted: bool) -> None:
    """Keep which text was agreed to (or not), and when."""
    shown = consent_text(draft, kind)
    channel = draft.case.identity.channel
    draft.consent(Consent(kind, granted, shown.version, shown.sha256, draft.now, channel))


def _say_changed(draft: Draft, step: Step, value: str, before: Journey) -> None:
    """Confirm a changed answer and name those that have to be looked at again."""
    if step.consent is not None:
        return
    draft.notice(
        "message.corrected",
        label=draft.text(f"step.{step.key}.label"),
        value=draft.show(step, value),
    )
    again = reopened(draft, step, before)
    if again:
        draft.notice("message.reasked", what=draft.labels(again), count=len(again))


def reopened(draft: Draft, step: Step, before: Journey) -> tuple[str, ...]:
    """Keys of the answers that rest on ``step``, or on what follows from it and has changed."""
    values = draft.journey.values
    changed = {step.key} | {
        key for key in draft.journey.derived if before.values.get(key) != values[key]
    }
    return tuple(
        one.key
        for one in before.asked
        if not one.closes and one is not step and changed.intersection(one.needs)
    )


def _say_next(draft: Draft, step: Step, value: str) -> None:
    """What there is to say of this choice, where something is."""
    if step.ask is None or value not in step.ask.options(draft.context):
        return
    key = f"step.{step.key}.after.{value}"
    if draft.world.wording.has(key, draft.case.locale):
        draft.notice(key, **variables(draft))


def correct(draft: Draft, values: Mapping[str, str]) -> None:
    """Change earlier answers by name."""
    for key, value in values.items():
        step = draft.flow[key]
        if not draft.keeps_out(step):
            accept(draft, step, value)


def fail(
    draft: Draft, step: Step, *, wrong: Invalid | None = None, finding: Finding | None = None
) -> None:
    """Say what is wrong; from the second time explain, from the third offer ways out.

    What is wrong with another answer than the open one is only told, and not counted.
    """
    lines = []
    if (why := _reason(wrong, finding)) is not None:
        draft.attend(refused=(step.key, why))
    if wrong is not None:
        lines.append(draft.text(f"invalid.{wrong.code}", **wrong.params))
    if finding is not None:
        lines.append(draft.text(f"check.{finding.code}.reason", **finding.params))
        lines.append(draft.text(f"check.{finding.code}.cure", **finding.params))
    if step is not draft.open_step:
        _tell_wrong(draft, step, "\n".join(lines))
        return
    failures = draft.attention.failures + 1
    draft.attend(failures=failures)
    if step.closes:  # it is put again below, with all that can be done there
        draft.replies.append(Reply(ReplyKind.ERROR, "\n".join(lines)))
        return
    assert step.ask is not None
    if not step.ask.options(draft.context):
        lines.append(example_line(draft, step))
    if HELP_AFTER <= failures <= PERSON_AFTER:
        lines.append(draft.text(f"step.{step.key}.help", **variables(draft)))
    buttons: list[Button] = list(buttons_for(draft, step))
    if is_gone_over(draft, step):
        buttons.append(draft.button("cmd:forward", "still_so"))
    if failures >= PERSON_AFTER:
        lines.append(draft.text("message.ways_out"))
        buttons += [draft.button("cmd:why", "why"), draft.button("cmd:handover", "person")]
    text = "\n".join(line for line in lines if line)
    draft.replies.append(Reply(ReplyKind.ERROR, text, tuple(buttons), step=step.key))
    draft.ask_after = False


def _reason(wrong: Invalid | None, finding: Finding | None) -> str | None:
    """The code of what refuses an answer that was one; None for what is none at all."""
    if finding is not None:
        return finding.code
    if wrong is None or wrong.code.partition(".")[0] in _NO_ANSWERS:
        return None
    return wrong.code


def _tell_wrong(draft: Draft, step: Step, reason: str) -> None:
    label = draft.text(f"step.{step.key}.label")
    is_answered = step.key in draft.journey.values
    draft.say(
        ReplyKind.ERROR,
        "message.not_taken",
        label=label,
        reason=reason,
        buttons=(draft.edit_button(step.key),) if is_answered else (),
    )
