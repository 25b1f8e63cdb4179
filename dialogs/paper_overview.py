"""The papers of a filing as a colleague looks at them: every slot, and every piece it ever got."""

from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.case import Case
from dialogs.picture_words import SaidOfPicture, say_picture_finding
from dialogs.turn.draft import Draft
from dialogs.turn.paper_words import name_of
from dialogs.turn.papers import papers
from dialogs.world import World
from filing.materials.checklist import Item, State
from filing.materials.material import Material, Verdict, slot_of
from filing.materials.versions import last_verdicts


@dataclass(frozen=True, slots=True)
class ListedPiece:
    """One received piece: whether it counts, what was found on it, and what staff said last."""

    material: Material
    number: int  # which one of its slot it was, from 1
    counts: bool
    findings: tuple[SaidOfPicture, ...]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """One slot in its reader's language, its pieces newest first.

    ``item`` is None for what was received and is no longer needed.
    """

    slot: str
    name: str
    item: Item | None
    pieces: tuple[ListedPiece, ...]

    @property
    def state(self) -> State | None:
        """How it stands; None where it is not needed."""
        return None if self.item is None else self.item.state

    @property
    def accepted(self) -> tuple[ListedPiece, ...]:
        """The pieces that count and were accepted by staff, in their order."""
        counting = {one.material.id: one for one in self.pieces if one.counts}
        current = self.item.current if self.item is not None else ()
        ordered = [counting[one.id] for one in current if one.id in counting]
        return tuple(one for one in ordered if one.verdict and one.verdict.accepted)


def paper_overview(
    case: Case, filing_id: str, now: datetime, world: World, locale: str
) -> tuple[ListedPaper, ...]:
    """The papers of a filing of the case, in the console's order."""
    draft = Draft(replace(case, active=filing_id, locale=locale), world, now, _no_id)
    record = case.filings[filing_id]
    last = last_verdicts(record.verdicts)
    numbers: dict[str, list[Material]] = {}
    for one in record.materials:
        numbers.setdefault(one.slot, []).append(one)

    def listed(slot: str, item: Item | None) -> ListedPaper:
        current = {one.id for one in item.current} if item is not None else set()
        pieces = tuple(
            ListedPiece(
                one,
                number,
                one.id in current,
                tuple(say_picture_finding(found, world.wording, locale) for found in one.findings),
                last.get(one.id),
            )
            for number, one in enumerate(numbers.pop(slot, ()), 1)
        )
        name = name_of(draft, item or _unneeded(slot, world))
        return ListedPaper(slot, name, item, pieces[::-1])

    needed = [listed(item.slot.key, item) for item in papers(draft)]
    return (*needed, *(listed(slot, None) for slot in tuple(numbers)))


def _unneeded(slot: str, world: World) -> Item:
    """A slot the filing does not have, for its name alone: what it rests on is not asked."""
    return Item(slot_of(slot), required=False, source=world.provider.sources["pictures"])


def _no_id() -> str:
    raise LookupError("looking at papers never begins a filing")
