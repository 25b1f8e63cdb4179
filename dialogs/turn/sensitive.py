"""Sensitive answers where messages lie with others: by secure form, or typed after a consent."""

import re
from dataclasses import replace

from dialogs.flow import Step
from dialogs.message import Reply, ReplyKind
from dialogs.turn.answering import record_consent
from dialogs.turn.asking import consent_to_read, has_read, progress, progress_line, put_consent
from dialogs.turn.by_photo import photo_button
from dialogs.turn.draft import Draft
from dialogs.understanding.understood import Intent, Understood

TYPE_HERE = "type_here"
"""What is pending while the text about what typing here means waits for a yes."""

_NUMBER = re.compile(r"(?<![备\d])(?:\d[ \-]?){8,}|(?=[0-9A-Za-z]*\d{5})[0-9A-Za-z]{14,}")
"""A run too long for an IP or a count, and no filing number: a phone or ID, even mistyped."""

_HEARD_OTHERWISE = frozenset({Intent.ANSWER, Intent.CORRECT})


def keep_out(draft: Draft, read: Understood, text: str) -> Understood:
    """Drop what must not lie in this chat, and have the message deleted where that can be done.

    Also kept out is a message that was not understood but holds something like a number: most
    likely one that was mistyped.
    """
    wrong = read.wrong
    mentioned = (*read.values, *([wrong[0]] if wrong else []))
    kept_out = {key for key in mentioned if key in draft.flow and draft.keeps_out(draft.flow[key])}
    if not kept_out and not (read.intent not in _HEARD_OTHERWISE and has_number(draft, text)):
        return read
    keep_out_message(draft)
    values = {key: value for key, value in read.values.items() if key not in kept_out}
    return replace(read, values=values, wrong=None if wrong and wrong[0] in kept_out else wrong)


def has_number(draft: Draft, text: str) -> bool:
    """Whether words hold something like a number that must not lie in this chat."""
    return not draft.may_type and bool(_NUMBER.search(text))


def keep_out_message(draft: Draft) -> None:
    """Keep nothing of this message, and have it deleted, or ask its writer to."""
    draft.delete_inbound = True
    draft.heard = None
    recalls = draft.case.identity.channel in draft.world.recalling_channels
    draft.notice(
        "message.sensitive_deleted" if recalls else "message.sensitive_not_kept",
        how=draft.text(f"message.sensitive_{_how(draft)}"),
    )


def _how(draft: Draft) -> str:
    opened = draft.open_step
    if opened is None or not draft.keeps_out(opened):
        return "later"
    return "by_form" if draft.world.has_forms else "by_consent"


def ask_elsewhere(draft: Draft, step: Step) -> None:
    """Ask for sensitive answers by secure form, or for the consent to type them here."""
    steps = sensitive_run(draft, step)
    labels = draft.labels(steps)
    head = progress_line(draft, step)
    if draft.world.has_forms:
        offered = photo_button(draft, step)
        photo = () if offered is None else (offered,)
        draft.replies.append(
            Reply(
                ReplyKind.QUESTION,
                draft.text("message.form_offer", progress=head, what=labels),
                (draft.button("cmd:type_here", "without_form"), *photo),
                step=step.key,
                form=steps,
                progress=progress(draft, step),
            )
        )
        return
    told = draft.text("message.no_form", progress=head, what=labels)
    lines = [told, consent_to_read(draft, step, draft.typing_consent)]
    draft.attend(pending=TYPE_HERE)
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            "\n\n".join(filter(None, lines)),
            (
                draft.button("cmd:type_here", "type_here"),
                draft.button("cmd:handover", "person"),
            ),
            step=step.key,
            progress=progress(draft, step),
        )
    )


def type_here(draft: Draft) -> None:
    """Show what typing here means; once it stands there, agree to it."""
    if draft.attention.pending == TYPE_HERE:
        agree_to_type(draft)
    elif draft.may_type:
        draft.notice("message.type_here_agreed")
    else:
        _put_terms(draft)


def _put_terms(draft: Draft) -> None:
    draft.attend(pending=TYPE_HERE)
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            put_consent(draft, draft.typing_consent),
            (
                draft.button("cmd:type_here", "type_here"),
                draft.button("no:type_here", "not_here"),
            ),
        )
    )
    draft.ask_after = False


def agree_to_type(draft: Draft) -> None:
    """Record that sensitive answers may be typed into this chat, once its text was read."""
    if not has_read(draft, draft.typing_consent):
        _put_terms(draft)
        return
    record_consent(draft, draft.typing_consent, granted=True)
    draft.attend(pending=None)
    draft.notice("message.type_here_agreed")


def decline_to_type(draft: Draft) -> None:
    """Record the refusal, and say how else it can be done."""
    record_consent(draft, draft.typing_consent, granted=False)
    draft.attend(pending=None)
    if draft.world.has_forms:
        draft.notice("message.going_on")
        return
    draft.say(
        ReplyKind.NOTICE,
        "message.type_here_declined",
        buttons=(draft.button("cmd:handover", "person"),),
    )
    draft.ask_after = False


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
