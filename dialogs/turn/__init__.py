"""The turn: what the assistant does with one message."""

from dialogs.turn.draft import TurnResult
from dialogs.turn.ending import take_turn
from dialogs.turn.footers import (
    page_to_recheck,
    recheck,
    say_looking,
    take_page,
    tell_page,
)
from dialogs.turn.inspected import hand_in_pictures, take_pictures
from dialogs.turn.linked import take_link, tell_link
from dialogs.turn.papers import expects_picture
from dialogs.turn.reaching import take_wish
from dialogs.turn.records import take_record, wanted_record
from dialogs.turn.rights import announce, farewell
from dialogs.turn.taking import take_advice, take_event, take_form, take_late_answer
from dialogs.turn.waiting import take_place

__all__ = [
    "TurnResult",
    "announce",
    "expects_picture",
    "farewell",
    "hand_in_pictures",
    "page_to_recheck",
    "recheck",
    "say_looking",
    "take_advice",
    "take_event",
    "take_form",
    "take_late_answer",
    "take_link",
    "take_page",
    "take_pictures",
    "take_place",
    "take_record",
    "take_turn",
    "take_wish",
    "tell_link",
    "tell_page",
    "wanted_record",
]
