"""Pictures that came and belong to nothing: let go at once, not only when their time is over."""

from collections.abc import Iterable

from dialogs.case import Case
from dialogs.message import IncomingFile


def taken_back(before: Case, after: Case) -> tuple[str, ...]:
    """Ids of the pieces whose contents a turn says are gone: the applicant took them back."""
    known = {
        one.id for filing in before.filings.values() for one in filing.materials if not one.gone
    }
    return tuple(
        one.id
        for filing in after.filings.values()
        for one in filing.materials
        if one.gone and one.id in known
    )


def belongs_nowhere(case: Case, files: Iterable[IncomingFile]) -> tuple[str, ...]:
    """Ids of kept files that the case has no use for: turned away, let go, or sent twice.

    Whatever came while a person has the conversation is theirs to look at, and stays.
    """
    if case.hold is not None:
        return ()
    used = {one.file_id for one in case.attention.loose}
    for filing in case.filings.values():
        used.update(piece.id for piece in filing.materials)
        used.update(answer.value for answer in filing.answers if answer.value)
    ids = dict.fromkeys(one.file_id for one in files if one.file_id)
    return tuple(one for one in ids if one not in used)
