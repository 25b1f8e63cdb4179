"""Times of waiting for a person, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from desk.statistics.ports import Help
from dialogs.ports import TurnRecord
from storage.handovers import handover_rows
from storage.instant import from_micros, to_micros
from storage.rows import HandoverAnswered, HandoverBegun, HandoverRated, HandoverTaken


def note_handover(helps: list[Help], turn: TurnRecord, at: datetime) -> None:
    """Bring the list up to date with a turn, as the tables would be."""
    for row in handover_rows(turn, to_micros(at)):
        if isinstance(row, HandoverBegun):
            helps.append(Help(row.conversation_id, from_micros(row.waiting_since)))
            continue
        if isinstance(row, HandoverRated):
            theirs = [n for n, one in enumerate(helps) if _was_taken(one, row.conversation)]
            if theirs:
                helps[theirs[-1]] = replace(helps[theirs[-1]], rating=row.rating)
            continue
        for place, one in enumerate(helps):
            if one.conversation != row.conversation or one.closed_at is not None:
                continue
            if isinstance(row, HandoverTaken):
                if one.taken_at is None:
                    helps[place] = replace(one, taken_at=from_micros(row.taken_at), agent=row.agent)
            elif isinstance(row, HandoverAnswered):
                if one.answered_at is None:
                    helps[place] = replace(one, answered_at=from_micros(row.answered_at))
            else:
                helps[place] = replace(one, closed_at=from_micros(row.closed_at))


def note_comment(
    helps: Sequence[Help], comments: dict[tuple[str, datetime], str], turn: TurnRecord
) -> None:
    """Keep what an applicant says of the help they had last."""
    if turn.rating_comment is None:
        return
    theirs = [one for one in helps if _was_taken(one, turn.after.conversation_id)]
    if theirs:
        comments[theirs[-1].conversation, theirs[-1].waiting_since] = turn.rating_comment


def _was_taken(one: Help, conversation: str) -> bool:
    return one.conversation == conversation and one.taken_at is not None
