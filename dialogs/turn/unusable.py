"""Files that were sent and could not be kept: what is wrong with each, and what to send instead."""

from collections.abc import Sequence

from dialogs.message import IncomingFile, Reply, ReplyKind
from dialogs.turn.draft import Draft


def say_unusable(draft: Draft, files: Sequence[IncomingFile]) -> tuple[IncomingFile, ...]:
    """Say why files cannot be used, each reason once; gives back the others."""
    reasons = {one.wrong.code: one.wrong for one in files if one.wrong is not None}
    for code, wrong in reasons.items():
        draft.replies.append(Reply(ReplyKind.ERROR, draft.text(f"invalid.{code}", **wrong.params)))
    return tuple(one for one in files if one.wrong is None)
