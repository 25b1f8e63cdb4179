"""What people may have done with what is kept of them, whoever has the conversation."""

from dataclasses import replace
from typing import Final

from dialogs.granting import COPIES, FORM_LIFE
from dialogs.message import Inbound, OutgoingFile, Reply, ReplyKind
from dialogs.turn.draft import Draft
from dialogs.understanding.rights_requests import Right, right_in

_COMMANDS: Final = {"cmd:my_data": Right.COPY}
"""What the buttons want."""


def answers_right(draft: Draft, inbound: Inbound) -> bool:
    """Take a message about the applicant's own data; False leaves it to the others.

    A colleague who has the conversation keeps nobody from it: what is said of it is said.
    """
    right = right_in(inbound.text) if inbound.text is not None else None
    right = right or _COMMANDS.get(inbound.button or "")
    if right is not Right.COPY:
        return False
    draft.by_staff = draft.case.hold is not None
    draft.attend(pending=None)
    draft.ask_after = False
    offer_copy(draft)
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
