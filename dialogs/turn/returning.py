"""A returned filing in the chat: the reasons, each doubtful answer again, what to redo, and on."""

import re
from datetime import timedelta
from types import MappingProxyType

from dialogs.case import APPLICANT
from dialogs.flow import Step
from dialogs.mending import Redo
from dialogs.message import Button, Reply, ReplyKind
from dialogs.reminding import StaffTask
from dialogs.turn.asking import buttons_for, example_line, progress, variables
from dialogs.turn.dates import day_words
from dialogs.turn.draft import Draft
from dialogs.understanding.understood import Intent, Understood
from dialogs.world import day_of
from filing.event import AUTHOR, Event, EventType, Stage

_SHOWN = 6
_KEEPS = re.compile(
    r"没错|没问题|没有问题|是对的|本来就对|就是对的|不用(?:改|换|动|变)|不需要(?:改|换)|不(?:改|换)了|"
    r"就(?:是|用)(?:这个|它|原来)|保持(?:不变|原样)|"
    r"\b(?:no change|unchanged|keep it|(?:it.s|is) (?:right|correct|fine)|as it is)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"^\s*(?:那就|那|就|请|帮我|我想|我要|都|应该)*(?:改成|改为|换成|更正为|改叫|换为)\s*[:：]?\s*|"
    r"^\s*(?:please )?(?:change|correct|set|make) (?:it |that )?(?:to|into)?\s+",
    re.IGNORECASE,
)
_TEXT = 300
"""Characters of a reviewer's words that are repeated."""


def say_returned(draft: Draft) -> None:
    """Where from, why, what is to be mended, and until when."""
    state, mending = draft.stage, draft.mending
    assert state.returned is not None
    reasons = [
        draft.text(
            "stage.return_reason",
            number=number,
            cause=reason.cause[draft.case.locale],
            cure=reason.cure[draft.case.locale],
        )
        for number, reason in enumerate(mending.reasons[:_SHOWN], start=1)
    ]
    words = [one.reason for one in state.returns if one.reason]
    draft.say(
        ReplyKind.NOTICE,
        "stage.returned",
        stage=draft.text(f"stage.name.{state.returned.stage.value}"),
        words="\n".join(word[:_TEXT] for word in words),
        reasons="\n".join(reasons),
        count=len(mending.reasons),
        answers=mending.steps,
        redos=len(mending.redos),
        until=_until(draft),
        from_bureau=_was_verified(state.returned.stage),
        buttons=() if mending.reasons else _any_line(draft),
    )


def _any_line(draft: Draft) -> tuple[Button, ...]:
    return (draft.button("cmd:edit", "edit"), draft.button("cmd:handover", "person"))


def _until(draft: Draft) -> str:
    """The day until which an application can be mended; empty if no rule says one."""
    days = draft.ground.rule("resubmit_within_days")
    since = draft.stage.since
    if not isinstance(days, int) or since is None:
        return ""
    return day_words(draft, day_of(since) + timedelta(days=days))


def _was_verified(stage: Stage) -> bool:
    """Whether SMS verification had begun when the filing was sent back."""
    return stage in (Stage.SMS_VERIFICATION, Stage.BUREAU_REVIEW)


def pass_on_unread(draft: Draft) -> bool:
    """Give what nobody here understands of the reviewer's words to a person; True if any."""
    unread = draft.mending.unread
    if not unread:
        _ask_staff_why(draft)
        return False
    if draft.attention.handover is None:
        draft.attend(handover="waiting", handover_reason="return_unread")
    filing, since = draft.case.filing, draft.stage.returns[-1].at
    assert filing is not None
    key = f"{filing.id}/return_unread/{since.isoformat()}"
    draft.tasks.append(StaffTask(key, filing.id, "return_unread", None, draft.now))
    draft.say(
        ReplyKind.HANDOVER,
        "stage.return_unread",
        text="\n".join(line[:_TEXT] for line in unread),
        contact=draft.world.reached_by(draft.case.locale),
        all_unread=not draft.mending.reasons,
    )
    return True


def _ask_staff_why(draft: Draft) -> None:
    """Have staff find out why, where the applicant tells of a return and knows no reason."""
    filing, returned = draft.case.filing, draft.stage.returned
    assert filing is not None
    is_theirs = any(
        event.type is EventType.RETURNED and event.data.get(AUTHOR) == APPLICANT
        for event in draft.events
    )
    if draft.mending.reasons or not is_theirs or returned is None:
        return
    key = f"{filing.id}/return_unread/{returned.at.isoformat()}"
    draft.tasks.append(StaffTask(key, filing.id, "return_unread", None, draft.now))
    draft.notice("stage.return_no_reason", contact=draft.world.reached_by(draft.case.locale))


# --- each answer again -----------------------------------------------------------------------


def is_gone_over(draft: Draft, step: Step) -> bool:
    """Whether the open question is one a return made doubtful."""
    return step.key in draft.mending.left and draft.attention.focus != step.key


def ask_again(draft: Draft, step: Step) -> None:
    """A doubtful answer's question: why it is asked again, its value, and the cure."""
    mending = draft.mending
    reason = (mending.because or {})[step.key]
    value = draft.journey.values[step.key]
    assert step.ask is not None
    lines = [
        draft.text(
            "stage.return_question",
            number=mending.steps - len(mending.left) + 1,
            count=mending.steps,
            label=draft.text(f"step.{step.key}.label"),
            cause=reason.cause[draft.case.locale],
            cure=reason.cure[draft.case.locale],
            value=draft.show(step, value),
        )
    ]
    if not step.ask.options(draft.context):
        lines.append(example_line(draft, step))
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            "\n".join(line for line in lines if line),
            (*buttons_for(draft, step), draft.button("cmd:forward", "still_so")),
            step=step.key,
            progress=progress(draft, step),
        )
    )


def without_change_words(text: str) -> str:
    """``改成样例茶业`` said to a doubtful answer's question is the new answer: 样例茶业."""
    return _CHANGE.sub("", text)


def keeps_it(text: str, read: Understood) -> bool:
    """Whether a message says that a doubtful answer is right as it is: 本来就对, 不用换."""
    says_else = bool(read.values) or read.wrong is not None or read.intent is Intent.FAQ
    return not says_else and _KEEPS.search(text) is not None


def keep_as_it_was(draft: Draft, step: Step) -> None:
    """Confirm a doubtful answer: it is gone over, and stays."""
    draft.put(step, draft.journey.values[step.key], remember=False)
    draft.attend(failures=0)


def explain_again(draft: Draft, step: Step) -> str:
    """How the question is answered, for whoever asks."""
    return draft.text(f"step.{step.key}.help", **variables(draft))


# --- what to redo ----------------------------------------------------------------------------


def ask_to_redo(draft: Draft) -> None:
    """The list of what no answer mends, to be ticked off."""
    redos = draft.mending.redos
    lines = [
        draft.text(
            "stage.redo_line",
            number=number,
            is_done=redo.is_done,
            what=draft.text(f"stage.redo.{redo.what}"),
            cure=redo.rejection.cure[draft.case.locale],
        )
        for number, redo in enumerate(redos, start=1)
    ]
    buttons = [
        draft.button(f"redo:{redo.key}", "redo_done", number=number)
        for number, redo in enumerate(redos, start=1)
        if not redo.is_done
    ]
    if len(buttons) > 1:
        buttons.append(draft.button("redo:all", "redo_all"))
    buttons += _any_line(draft)
    step = draft.journey.current
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            draft.text("stage.redo_list", lines="\n".join(lines), count=len(draft.mending.to_do)),
            tuple(buttons),
            step=step.key if step is not None else None,
        )
    )


def tick_off(draft: Draft, key: str) -> bool:
    """Note that something was redone (``all`` of it); False if nothing of that key is to do."""
    wanted = [redo for redo in draft.mending.to_do if key in ("all", redo.key)]
    for redo in wanted:
        draft.happen(_remedied(draft, redo))
    return bool(wanted)


def _remedied(draft: Draft, redo: Redo) -> Event:
    return Event(
        EventType.REMEDIED,
        draft.now,
        MappingProxyType({"code": redo.rejection.code, "redo": redo.what, AUTHOR: APPLICANT}),
    )
