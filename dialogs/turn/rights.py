"""What people may have done with what is kept of them, whoever has the conversation.

A copy at once; a consent taken back at once; deletion after a yes and a day to think it over, in
which one word takes it back. A colleague who has the conversation keeps nobody from it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dialogs.case import Case, Erasing
from dialogs.flow import AGREED
from dialogs.granting import COPIES, FORM_LIFE
from dialogs.message import Inbound, OutgoingFile, Reply, ReplyKind
from dialogs.turn.answering import record_consent
from dialogs.turn.dates import moment_words
from dialogs.turn.draft import CROSS_BORDER, MESSENGER, Draft, TurnResult
from dialogs.turn.linking import where
from dialogs.turn.sensitive import has_number, keep_out_message
from dialogs.understanding.rights_requests import Right, is_sure, keeps, right_in
from dialogs.world import World
from filing.event import EventType

THINKING: Final = timedelta(hours=24)
"""How long a deletion may be taken back."""

NOTICE: Final = timedelta(days=7)
"""How long before it goes somebody is told whose filing has lain still for too long."""

ERASE: Final = "erase"
"""What is pending while it is asked whether all shall be deleted."""

BACKUP_DAYS: Final = 30
"""Days after which a backup is to be let run out (docs/operations.md)."""

_COMMANDS: Final = {
    "cmd:my_data": Right.COPY,
    "cmd:delete_all": Right.DELETE,
    "cmd:withdraw_consent": Right.WITHDRAW,
}
"""What the buttons want."""

_TYPED: Final = (CROSS_BORDER, MESSENGER)


def answers_right(draft: Draft, inbound: Inbound) -> bool:
    """Take a message about the applicant's own data; False leaves it to the others.

    While a deletion is under way every message is: nothing new is taken down.
    """
    text, button = inbound.text or "", inbound.button
    right = right_in(text) or _COMMANDS.get(button or "")
    if draft.case.erasing is not None:
        return _while_erasing(draft, draft.case.erasing, right, text, button)
    sure = draft.attention.pending == ERASE and is_sure(text)
    if right is None and not sure and button not in (f"yes:{ERASE}", f"no:{ERASE}"):
        return False
    asked = draft.attention.pending == ERASE
    _take_the_floor(draft)
    if right is Right.COPY:
        offer_copy(draft)
    elif right is Right.DELETE:
        _ask_to_delete(draft)
    elif right is Right.WITHDRAW:
        _withdraw_consent(draft)
    elif not asked:
        draft.notice("message.stale_button")
    elif sure or button == f"yes:{ERASE}":
        order(draft)
    else:
        draft.notice("right.kept")
        draft.ask_after = draft.case.hold is None
    return True


def offer_copy(draft: Draft) -> None:
    """Hand out a copy of all that is kept: here, or on our page where others keep the chat."""
    if not draft.case.filings:
        draft.notice("right.nothing_kept")
    elif not draft.is_outside:
        name = f"{draft.text('right.file_name')}.zip"
        text = draft.text("right.copy_here")
        copied = OutgoingFile(name, is_copy=True)
        draft.replies.append(Reply(ReplyKind.ANSWER, text, files=(copied,)))
    elif draft.world.has_forms:
        minutes = int(FORM_LIFE.total_seconds() // 60)
        draft.say(ReplyKind.ANSWER, "right.copy_on_page", minutes=minutes)
        draft.replies[-1] = replace(draft.replies[-1], form=(COPIES,))
    else:
        draft.say(
            ReplyKind.ANSWER,
            "right.copy_by_people",
            contact=draft.world.reached_by(draft.case.locale),
            buttons=(draft.button("cmd:handover", "person"),),
        )


def _ask_to_delete(draft: Draft) -> None:
    """Say what goes and what stays, and ask."""
    if not draft.case.version or not draft.case.filings:
        draft.notice("right.nothing_kept")
        return
    draft.attend(pending=ERASE)
    draft.say(
        ReplyKind.QUESTION,
        "right.delete_ask",
        channels=len(draft.case.everywhere),
        is_handed_in=_is_handed_in(draft),
        is_outside=draft.is_outside,
        provider=draft.world.provider.short_name(draft.case.locale),
        backup_days=BACKUP_DAYS,
        hours=int(THINKING.total_seconds() // 3600),
        buttons=(
            draft.button(f"yes:{ERASE}", "sure_delete"),
            draft.button(f"no:{ERASE}", "keep_all"),
            draft.button("cmd:my_data", "my_data"),
        ),
    )


def order(draft: Draft) -> None:
    """Have all of it deleted a day from now; on every channel of theirs the person is told."""
    due_at = draft.now + THINKING
    draft.case = replace(draft.case, erasing=Erasing(due_at))
    draft.attend(handover=None, handover_reason=None, left=(), proposal=(), aside=(), reports=())
    at = moment_words(draft, due_at)
    buttons = (draft.button("cmd:keep_all", "keep_all"), draft.button("cmd:my_data", "my_data"))
    draft.say(ReplyKind.NOTICE, "right.delete_ordered", at=at, buttons=buttons)
    here = where(draft, draft.case.identity)
    warning = Reply(
        ReplyKind.NOTICE, draft.text("right.delete_elsewhere", at=at, where=here), buttons[:1]
    )
    draft.elsewhere = tuple((one, warning) for one in draft.case.linked)


def _while_erasing(
    draft: Draft, erasing: Erasing, right: Right | None, text: str, button: str | None
) -> bool:
    if has_number(draft, text):
        keep_out_message(draft)
    if erasing.told_at is not None:
        _take_the_floor(draft)
        draft.notice("right.being_deleted")
    elif button == "cmd:keep_all" or keeps(text):
        _take_the_floor(draft)
        draft.case = replace(draft.case, erasing=None)
        draft.notice("right.kept_after_all")
        draft.ask_after = draft.case.hold is None
    elif right is Right.COPY:
        _take_the_floor(draft)
        offer_copy(draft)
    elif draft.case.hold is not None:  # then a colleague answers, as ever
        return False
    else:
        _take_the_floor(draft)
        draft.say(
            ReplyKind.NOTICE,
            "right.under_way",
            at=moment_words(draft, erasing.due_at),
            contact=draft.world.reached_by(draft.case.locale),
            buttons=(
                draft.button("cmd:keep_all", "keep_all"),
                draft.button("cmd:my_data", "my_data"),
            ),
        )
    return True


def _withdraw_consent(draft: Draft) -> None:
    """Take every consent back at once. What was handed in stays as it is; nothing new begins."""
    given = {one.kind: one.granted for one in draft.case.consents}
    taken = [kind for kind, granted in given.items() if granted]
    if not taken:
        draft.notice("right.no_consent")
        return
    for kind in taken:
        record_consent(draft, kind, granted=False)
    if draft.is_open:
        for step in draft.flow.steps:
            if step.consent in taken and draft.journey.values.get(step.key) == AGREED:
                draft.put(step, "decline", remember=False)
    draft.attend(focus=None, proposal=(), aside=(), reports=(), failures=0)
    refused = draft.withheld
    again = () if refused is None else (draft.button(f"answer:{refused.key}:agree", "agree"),)
    draft.say(
        ReplyKind.NOTICE,
        "right.consent_withdrawn",
        is_handed_in=_is_handed_in(draft),
        provider=draft.world.provider.short_name(draft.case.locale),
        buttons=(*again, draft.button("cmd:delete_all", "delete_all")),
    )


def farewell(case: Case, now: datetime, world: World) -> TurnResult | None:
    """The last words to somebody whose data is deleted now; None if that is not wanted any more."""
    erasing = case.erasing
    if erasing is None or erasing.told_at is not None or erasing.due_at > now:
        return None
    draft = Draft(case, world, now, _no_id, by_staff=True)  # whoever has the conversation
    draft.notice(
        "right.deleted",
        is_handed_in=_is_handed_in(draft),
        provider=world.provider.short_name(case.locale),
    )
    draft.case = replace(draft.case, erasing=replace(erasing, told_at=now))
    return draft.result()


def announce(case: Case, idle: timedelta, now: datetime, world: World) -> TurnResult | None:
    """Tell somebody silent for so long that all of it is to go; None if that is not so (any more).

    Only what never was handed in, or was given up, goes by itself.
    """
    seen = case.attention.seen_at
    begun = (event for filing in case.filings.values() for event in filing.events)
    is_under_way = any(event.type is not EventType.WITHDRAWN for event in begun)
    if case.erasing is not None or is_under_way or seen is None or now - seen < idle:
        return None
    draft = Draft(case, world, now, _no_id, by_staff=True)
    due_at = now + NOTICE
    draft.case = replace(case, erasing=Erasing(due_at))
    draft.say(
        ReplyKind.NOTICE,
        "right.idle",
        days=idle.days,
        at=moment_words(draft, due_at),
        buttons=(draft.button("cmd:keep_all", "keep_all"), draft.button("cmd:my_data", "my_data")),
    )
    return draft.result()


def _take_the_floor(draft: Draft) -> None:
    """Answer whoever has the conversation, and nothing else."""
    draft.by_staff = draft.case.hold is not None
    draft.attend(pending=None)
    draft.ask_after = False


def _is_handed_in(draft: Draft) -> bool:
    """Whether anything of theirs lies with the provider, or further on."""
    return any(filing.events for filing in draft.case.filings.values())


def _no_id() -> str:
    raise LookupError("a farewell never begins a filing")
