"""Taking answers: the open one, several volunteered at once, corrections, and wrong ones."""

from collections.abc import Mapping

from dialogs.assemble import assemble
from dialogs.case import Consent
from dialogs.flow import Step
from dialogs.message import Button, Reply, ReplyKind
from dialogs.turn.asking import buttons_for, consent_text, variables
from dialogs.turn.draft import Draft
from dialogs.turn.findings import on_fields, refusals, say_finding
from filing.checks import Finding
from filing.invalid import Invalid

HELP_AFTER = 2
PERSON_AFTER = 3


def take_values(draft: Draft, values: Mapping[str, str], opened: Step | None) -> None:
    """Count the open step's value; read every other one back before it counts."""
    others = dict(values)
    if opened is not None and opened.key in others:
        accept(draft, opened, others.pop(opened.key))
    news = tuple(
        (key, value)
        for key, value in others.items()
        if key in draft.flow and draft.journey.values.get(key) != value
    )
    if news:
        read_back(draft, news)


def accept(draft: Draft, step: Step, value: str) -> bool:
    """Record a value of ``step``; False if a rule refuses it as it stands."""
    findings = _judge(draft, step, value)
    refused = refusals(findings) if step.strict else ()
    if refused:
        fail(draft, step, finding=refused[0])
        return False
    draft.put(step, value)
    _record_consent(draft, step, value)
    if draft.attention.focus == step.key:
        draft.attend(focus=None)
    draft.attend(failures=0)
    for finding in findings[:2]:
        say_finding(draft, finding)
    return True


def _judge(draft: Draft, step: Step, value: str) -> tuple[Finding, ...]:
    """What the pre-checks say of this field, were the value taken."""
    if step.fills is None or not value:
        return ()
    known = draft.journey.values
    after = assemble(draft.flow, {**known, step.key: value})
    return on_fields(draft, after, frozenset({step.fills}))


def _record_consent(draft: Draft, step: Step, value: str) -> None:
    if step.consent is not None:
        record_consent(draft, step.consent, granted=value == "agree")


def record_consent(draft: Draft, kind: str, *, granted: bool) -> None:
    """Keep which text was agreed to (or not), and when."""
    shown = consent_text(draft, kind)
    channel = draft.case.identity.channel
    draft.consent(Consent(kind, granted, shown.version, shown.sha256, draft.now, channel))


def read_back(draft: Draft, news: tuple[tuple[str, str], ...]) -> None:
    """Read values recognised out of turn back; they count once confirmed."""
    kept = dict(draft.attention.proposal)
    kept.update(news)
    order = {step.key: place for place, step in enumerate(draft.flow.steps)}
    proposal = tuple(sorted(kept.items(), key=lambda item: order.get(item[0], 0)))
    draft.attend(proposal=proposal, pending="proposal")
    lines = [
        draft.text(
            "message.value_line",
            label=draft.text(f"step.{key}.label"),
            value=draft.show(draft.flow[key], value),
        )
        for key, value in proposal
    ]
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            draft.text("message.read_back", lines="\n".join(lines), count=len(lines)),
            (draft.button("yes:proposal", "yes"), draft.button("no:proposal", "no")),
        )
    )
    draft.ask_after = False


def confirm_proposal(draft: Draft) -> None:
    """Count what was read back, in the flow's order, so that later ones rest on earlier ones."""
    proposal = draft.attention.proposal
    draft.attend(proposal=(), pending=None)
    for key, value in proposal:
        step = draft.flow[key]
        if step.ask is None:
            continue
        read = step.ask.parse(value, draft.context)
        if isinstance(read, Invalid):
            fail(draft, step, wrong=read)
            continue
        accept(draft, step, read)


def correct(draft: Draft, values: Mapping[str, str]) -> None:
    """Change earlier answers by name, and say so."""
    for key, value in values.items():
        step = draft.flow[key]
        if draft.keeps_out(step):
            continue
        before = set(draft.journey.values)
        if accept(draft, step, value):
            draft.notice(
                "message.corrected",
                label=draft.text(f"step.{key}.label"),
                value=draft.show(step, value),
            )
            _say_reasked(draft, before)


def _say_reasked(draft: Draft, before: set[str]) -> None:
    again = [key for key in draft.journey.proposals if key in before and key != "confirm"]
    if again:
        labels = "、".join(draft.text(f"step.{key}.label") for key in again)
        draft.notice("message.reasked", what=labels, count=len(again))


def fail(
    draft: Draft, step: Step, *, wrong: Invalid | None = None, finding: Finding | None = None
) -> None:
    """Say what is wrong; from the second time explain, from the third offer ways out."""
    failures = draft.attention.failures + 1
    draft.attend(failures=failures)
    lines = []
    if wrong is not None:
        lines.append(draft.text(f"invalid.{wrong.code}", **wrong.params))
    if finding is not None:
        lines.append(draft.text(f"check.{finding.code}.reason", **finding.params))
        lines.append(draft.text(f"check.{finding.code}.cure", **finding.params))
    example = draft.text(f"step.{step.key}.example", **variables(draft))
    if example:
        lines.append(draft.text("message.example", example=example))
    if failures >= HELP_AFTER:
        lines.append(draft.text(f"step.{step.key}.help", **variables(draft)))
    buttons: list[Button] = list(buttons_for(draft, step)) if step.ask else []
    if failures >= PERSON_AFTER:
        lines.append(draft.text("message.ways_out"))
        buttons += [draft.button("cmd:why", "why"), draft.button("cmd:handover", "person")]
    draft.replies.append(Reply(ReplyKind.ERROR, "\n".join(lines), tuple(buttons), step=step.key))
    draft.ask_after = False
