"""Somebody stands by an answer that was just refused: why it cannot be taken, and what helps."""

from typing import Final

from dialogs.message import ReplyKind
from dialogs.turn.asking import variables
from dialogs.turn.draft import Draft
from dialogs.understanding.insisting import insists

_CHECKED: Final = ".checksum"
_OWN_WORDS: Final = frozenset({"uscc", "id_card"})


def hear(draft: Draft, text: str, refused: tuple[str, str]) -> bool:
    """Answer who says that what was refused is right; False for any other message.

    ``refused`` is the step and the code of the refusal. It stays in mind and does not count as
    another failed try: nothing new was tried.
    """
    key, why = refused
    opened = draft.open_step
    is_asked = opened is not None and opened.key == key and draft.attention.pending is None
    if key not in draft.flow or not insists(text, is_asked=is_asked):
        return False
    draft.attend(refused=refused)
    draft.say(
        ReplyKind.ANSWER,
        f"message.stands_by.{_kind(why)}",
        help=draft.text(f"step.{key}.help", **variables(draft)),
        buttons=(draft.button("cmd:handover", "person"),),
    )
    return True


def _kind(why: str) -> str:
    if not why.endswith(_CHECKED):
        return "other"
    family = why.removesuffix(_CHECKED)
    return family if family in _OWN_WORDS else "checksum"
