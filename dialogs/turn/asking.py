"""Putting the open question: progress, wording, example and buttons."""

from typing import Any

from dialogs.flow import Step
from dialogs.message import Button, Reply, ReplyKind
from dialogs.turn.draft import Draft
from dialogs.wording import ConsentText

_MAX_BUTTONS = 20


def ask(draft: Draft) -> None:
    """Put the open question as the last reply, if there is one and nothing is in the air."""
    step = draft.open_step
    if step is None or step.ask is None:
        return
    if draft.keeps_out(step):
        _ask_elsewhere(draft, step)
        return
    lines = [_progress_line(draft, step)]
    if step.consent is not None and step.key != draft.asked_before:  # it stands above already
        lines.append(consent_text(draft, step.consent).text)
    lines.append(draft.text(f"step.{step.key}.ask", **variables(draft)))
    if not step.ask.options(draft.context):
        example = draft.text(f"step.{step.key}.example", **variables(draft))
        if example:
            lines.append(draft.text("message.example", example=example))
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            "\n".join(line for line in lines if line),
            buttons_for(draft, step),
            step=step.key,
            progress=progress(draft, step),
        )
    )


def variables(draft: Draft) -> dict[str, Any]:
    """What the wording of a step may mention."""
    values = draft.journey.values
    kind = values.get("subject_kind")
    return {
        "provider": draft.world.provider.short_name(draft.case.locale),
        "province": values.get("province", ""),
        "subject_kind_label": draft.text(f"choice.subject_kind.{kind}") if kind else "",
        "is_individual": kind == "individual",
        "legal_representative_required": draft.ground.rule("entity_leader_must_be_legal_rep")
        in (True, "true"),
        "rule": draft.ground.rule,
    }


def consent_text(draft: Draft, kind: str) -> ConsentText:
    """The text an applicant agrees to, with its version and digest."""
    return draft.world.wording.consent(
        kind,
        draft.case.locale,
        operator=draft.world.operator,
        contact=draft.world.contact,
        provider=draft.world.provider.short_name(draft.case.locale),
    )


def progress(draft: Draft, step: Step) -> tuple[int, int]:
    """(which question this is, of how many), counting only questions that were or are asked."""
    asked = [done.key for done in draft.journey.asked]
    total = len(asked) + draft.journey.remaining
    position = asked.index(step.key) + 1 if step.key in asked else len(asked) + 1
    return position, max(total, position)


def _progress_line(draft: Draft, step: Step) -> str:
    position, total = progress(draft, step)
    section = draft.text(f"section.{step.section}")
    return draft.text("message.progress", position=position, total=total, section=section)


def suggestion(draft: Draft, step: Step) -> str | None:
    """The value to offer for one tap: an earlier one made doubtful, or the usual one."""
    current = draft.journey.values.get(step.key)
    if current:
        return current
    stale = draft.journey.proposals.get(step.key)
    if stale:
        return stale
    return step.suggest.derive(draft.ground) if step.suggest is not None else None


def buttons_for(draft: Draft, step: Step) -> tuple[Button, ...]:
    """Choices, the suggestion, "skip" and, on a question gone back to, the way forward."""
    assert step.ask is not None
    buttons: list[Button] = []
    options = step.ask.options(draft.context)
    offered = suggestion(draft, step)
    if options:
        for option in _offered_first(options, offered)[:_MAX_BUTTONS]:
            label = draft.show(step, option, masked=False)
            buttons.append(Button(label, f"answer:{step.key}:{option}"))
    elif offered:
        label = draft.text("button.use", value=draft.show(step, offered))
        buttons.append(Button(label, f"accept:{step.key}"))
    if step.skippable(draft.ground):
        buttons.append(draft.button("cmd:skip", "skip"))
    if draft.attention.focus is not None and step.key in draft.journey.values:
        buttons.append(draft.button("cmd:forward", "keep"))
    return tuple(buttons)


def _offered_first(options: tuple[str, ...], offered: str | None) -> tuple[str, ...]:
    if offered in options:
        return (offered, *(option for option in options if option != offered))
    return options


def _ask_elsewhere(draft: Draft, step: Step) -> None:
    """Ask for sensitive answers by secure form, or for the consent to type them here."""
    steps = sensitive_run(draft, step)
    labels = "、".join(draft.text(f"step.{one}.label") for one in steps)
    type_here = draft.button("cmd:type_here", "type_here")
    if draft.world.has_forms:
        draft.replies.append(
            Reply(
                ReplyKind.QUESTION,
                draft.text("message.form_offer", progress=_progress_line(draft, step), what=labels),
                (type_here,),
                step=step.key,
                form=steps,
                progress=progress(draft, step),
            )
        )
        return
    text = consent_text(draft, "cross_border").text
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            draft.text("message.no_form", progress=_progress_line(draft, step), what=labels)
            + "\n\n"
            + text,
            (type_here, draft.button("cmd:handover", "person")),
            step=step.key,
            progress=progress(draft, step),
        )
    )


def sensitive_run(draft: Draft, first: Step) -> tuple[str, ...]:
    """``first`` and the open sensitive questions of its section: one form collects them all."""
    run = [first.key]
    reached = False
    for step in draft.flow.steps:
        if step is first:
            reached = True
            continue
        if not reached or step.section != first.section or step.ask is None:
            continue
        if not step.ask.sensitive or not step.applies(draft.ground):
            continue
        if step.key in draft.journey.values or set(step.needs) - draft.journey.values.keys():
            continue
        run.append(step.key)
    return tuple(run)
