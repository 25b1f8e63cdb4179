"""Lines of the transcript as the page reads them."""

from collections.abc import Sequence
from typing import Any

from bot.state import reply_as_data
from dialogs.message import Identity
from dialogs.ports import Entry, Transcript

PAGE = 200
"""Lines read from the store at a time."""


def entry_as_data(entry: Entry) -> dict[str, Any]:
    """One line: what was heard (``message`` is the id it was sent under) or said."""
    data: dict[str, Any] = {"seq": entry.seq, "at": entry.at.isoformat()}
    if entry.said is None:
        return data | {"heard": entry.heard, "message": entry.message_id}
    said = reply_as_data(entry.said)
    # Where a file lies on this machine is nobody's business; the line it hangs on finds it.
    said["files"] = [
        {"name": file.name, "url": f"/api/v1/chat/files/{entry.seq}/{number}"}
        | ({"alt": file.alt or file.name} if file.picture is not None else {})
        for number, file in enumerate(entry.said.files)
    ]
    return data | {"said": said, "step": entry.said.step}


async def entries_after(transcript: Transcript, identity: Identity, seq: int) -> Sequence[Entry]:
    """Every line after ``seq``, oldest first; what was taken back before it was sent is none."""
    found: list[Entry] = []
    while True:
        page = await transcript.since(identity, seq, PAGE)
        found.extend(entry for entry in page if not entry.is_withdrawn)
        if len(page) < PAGE:
            return found
        seq = page[-1].seq
