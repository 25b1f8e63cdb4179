"""An article written after the question: told to those who had asked, once."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.assistant import Assistant, NotNow
from dialogs.message import Identity
from dialogs.ports import Questions, StoredQuestion

_TRIES = 4


@dataclass(frozen=True, slots=True)
class Told:
    """How many people were told, and how many not yet: a colleague holds their conversation."""

    now: int
    later: int = 0


async def answer_late(
    assistant: Assistant, questions: Questions, gap: Sequence[StoredQuestion], article: str
) -> Told:
    """Send an article to everybody who asked one of the questions of a gap.

    Each person gets it once, however often they asked and whoever else does the same at that
    moment, and nobody whose data was erased. It goes through the outbox. Raises LookupError if
    there is no such article.
    """
    if assistant.world.knowledge.title(article, "zh-CN") is None:
        raise LookupError(f"there is no article {article!r}")
    numbers = {one.number for one in gap}
    told = later = 0
    for identity in dict.fromkeys(one.identity for one in gap):
        outcome = await _tell(assistant, questions, identity, numbers, article)
        told += outcome is True
        later += outcome is None
    return Told(told, later)


async def _tell(
    assistant: Assistant,
    questions: Questions,
    identity: Identity,
    numbers: set[int],
    article: str,
) -> bool | None:
    """True if told, False if there is nothing left to tell, None if it has to wait."""
    for _ in range(_TRIES):
        # The case first: whatever happens to the questions after it shows in its version.
        case = await assistant.case(identity)
        asked = [
            one
            for one in await questions.unanswered()
            if one.number in numbers and one.identity == identity
        ]
        if not asked or not case.version:
            return False
        if case.hold is not None:
            return None
        try:
            await assistant.answer_late(identity, case.version, asked, article)
        except NotNow:
            continue
        return True
    return None
