"""What to do with a text: read it, then answer, correct, explain or fetch a person."""

from dataclasses import replace

from dialogs.flow import Step
from dialogs.message import Button, Citation, Reply, ReplyKind
from dialogs.turn.answering import accept, correct, fail, take_values
from dialogs.turn.asking import suggestion, variables
from dialogs.turn.commands import (
    COMMANDS,
    decide,
    edit,
    not_understood,
    switch_locale,
)
from dialogs.turn.deciding import say_stage
from dialogs.turn.draft import Draft
from dialogs.turn.reviewing import hand_in
from dialogs.understanding import understand
from dialogs.understanding.understood import Intent, Understood
from knowledge.answering import Asked, Route

MAX_LENGTH = 4000
"""Characters read of one message; a longer one is sent back, not cut silently."""


def hear(draft: Draft, text: str) -> None:
    """Take one text of the applicant."""
    if len(text) > MAX_LENGTH:
        draft.say(ReplyKind.ERROR, "message.too_long", max=MAX_LENGTH)
        return
    opened = draft.open_step
    read = understand(
        text,
        flow=draft.flow,
        open_step=opened,
        context=draft.context,
        pending=draft.attention.pending,
    )
    if draft.attention.paused and read.intent in (Intent.ANSWER, Intent.CORRECT, Intent.CONFIRM):
        draft.attend(paused=False)
    read = _keep_out_sensitive(draft, read)
    if draft.attention.pending is not None and read.intent in (Intent.CONFIRM, Intent.DENY):
        decide(draft, yes=read.intent is Intent.CONFIRM)
        return
    if draft.attention.pending not in (None, "proposal"):
        draft.attend(pending=None)
    _act(draft, read, opened, text)


def _act(draft: Draft, read: Understood, opened: Step | None, text: str) -> None:
    match read.intent:
        case Intent.ANSWER:
            _answered(draft, read, opened)
        case Intent.CORRECT:
            _corrected(draft, read, opened)
        case Intent.FAQ:
            if not answer_question(draft, read.detail or text):
                dont_know(draft)
        case Intent.CONFIRM:
            _confirmed(draft, opened)
        case Intent.DENY:
            draft.notice("message.what_instead")
        case Intent.SWITCH_LOCALE:
            switch_locale(draft, read.detail or "")
        case Intent.SMALLTALK:
            draft.notice(f"message.smalltalk_{read.detail or 'other'}")
        case Intent.WHY | Intent.HELP if read.target and read.target in draft.flow:
            _explain_other(draft, draft.flow[read.target])
        case Intent.UNKNOWN:
            if not answer_question(draft, text, only_sure=True):
                not_understood(draft)
        case _:
            COMMANDS[read.intent](draft)


def _explain_other(draft: Draft, step: Step) -> None:
    lines = [
        draft.text(f"step.{step.key}.why", **variables(draft)),
        draft.text(f"step.{step.key}.help", **variables(draft)),
    ]
    draft.say(ReplyKind.ANSWER, "message.plain", text="\n".join(line for line in lines if line))


def _answered(draft: Draft, read: Understood, opened: Step | None) -> None:
    if _is_locked(draft):
        return
    closing = opened is not None and opened.closes and opened.key in read.values
    if closing:
        hand_in(draft)
        return
    take_values(draft, read.values, opened)
    if read.wrong is not None:
        step, wrong = read.wrong
        fail(draft, draft.flow[step], wrong=wrong)
    if read.detail:
        answer_question(draft, read.detail)


def _corrected(draft: Draft, read: Understood, opened: Step | None) -> None:
    if _is_locked(draft):
        return
    known = draft.journey.values
    changed = {key: value for key, value in read.values.items() if key in known}
    fresh = {key: value for key, value in read.values.items() if key not in known}
    correct(draft, changed)
    if fresh:
        take_values(draft, fresh, opened)
    if read.wrong is not None:
        step, wrong = read.wrong
        edit(draft, step)
        fail(draft, draft.flow[step], wrong=wrong)
    elif not read.values:
        if read.target is not None:
            edit(draft, read.target)
        else:
            COMMANDS[Intent.BACK](draft)


def _confirmed(draft: Draft, opened: Step | None) -> None:
    if opened is None or opened.ask is None:
        draft.notice("message.smalltalk_thanks")
        return
    if opened.closes:
        hand_in(draft)
        return
    offered = suggestion(draft, opened)
    if offered:
        accept(draft, opened, offered)


def _is_locked(draft: Draft) -> bool:
    if draft.stage.stage.editable:
        return False
    draft.notice("message.locked")
    say_stage(draft)
    draft.ask_after = False
    return True


def _keep_out_sensitive(draft: Draft, read: Understood) -> Understood:
    """On a channel kept abroad, drop sensitive values and have the message deleted."""
    wrong = read.wrong
    mentioned = (*read.values, *([wrong[0]] if wrong else []))
    kept_out = {key for key in mentioned if key in draft.flow and draft.keeps_out(draft.flow[key])}
    if not kept_out:
        return read
    draft.delete_inbound = True
    draft.heard = None
    draft.notice("message.sensitive_deleted")
    values = {key: value for key, value in read.values.items() if key not in kept_out}
    return replace(read, values=values, wrong=None if wrong and wrong[0] in kept_out else wrong)


def answer_question(draft: Draft, question: str, *, only_sure: bool = False) -> bool:
    """Answer from the knowledge base; False if it does not know."""
    values = draft.journey.values
    opened = draft.open_step
    asked = Asked(
        question,
        locale=draft.case.locale,
        on=draft.today,
        province=values.get("province"),
        subject_kind=values.get("subject_kind"),
        stage=draft.stage.stage.value,
        step=opened.key if opened else None,
    )
    found = draft.world.knowledge.answer(asked)
    if found.route is Route.ANSWER and found.article is not None:
        draft.replies.append(
            Reply(
                ReplyKind.ANSWER,
                found.text,
                citations=tuple(
                    Citation(source.title, source.url, source.as_of) for source in found.citations
                ),
            )
        )
        draft.attend(topic=found.article)
        return True
    if only_sure:
        return False
    if found.route is Route.CLARIFY and found.suggestions:
        draft.say(
            ReplyKind.ANSWER,
            "message.clarify",
            buttons=tuple(Button(one.title, f"article:{one.id}") for one in found.suggestions),
        )
        return True
    return False


def dont_know(draft: Draft) -> None:
    """Say so, and offer a person."""
    draft.say(
        ReplyKind.ANSWER,
        "message.dont_know",
        buttons=(draft.button("cmd:handover", "person"),),
    )
