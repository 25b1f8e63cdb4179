"""Which of the received pieces count for a slot, and which were replaced."""

from collections.abc import Sequence
from dataclasses import dataclass

from filing.materials.material import REMOVED, Material, Side, Verdict


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of one slot, oldest first. ``lacks`` are sides of a card still to come."""

    current: tuple[Material, ...] = ()
    replaced: tuple[Material, ...] = ()
    lacks: tuple[Side, ...] = ()


def pieces_of(
    slot: str,
    materials: Sequence[Material],
    verdicts: Sequence[Verdict],
    *,
    several: bool = False,
) -> Pieces:
    """What counts of everything received for a slot.

    Pieces that came together (at the same moment) are pages of one paper. A later paper replaces
    an earlier one, except that the two sides of a card make one paper, and that where ``several``
    papers belong to a slot each counts until staff refuse it. What the applicant took back never
    counts.
    """
    last = last_verdicts(verdicts)
    mine = [one for one in materials if one.slot == slot]
    standing = [one for one in mine if not _is_removed(last.get(one.id))]
    if several:
        current = [one for one in standing if not _is_refused(one, last.get(one.id))] or standing[
            -1:
        ]
        lacks: tuple[Side, ...] = ()
    else:
        current, lacks = _latest(standing)
    kept = {one.id for one in current}
    return Pieces(tuple(current), tuple(one for one in mine if one.id not in kept), lacks)


def last_verdicts(verdicts: Sequence[Verdict]) -> dict[str, Verdict]:
    """The verdict that counts of each piece judged, by its id."""
    return {one.material: one for one in verdicts}


def _latest(standing: list[Material]) -> tuple[list[Material], tuple[Side, ...]]:
    if not standing:
        return [], ()
    newest = standing[-1]
    if newest.side is Side.WHOLE:
        return [one for one in standing if one.at == newest.at and one.side is Side.WHOLE], ()
    whole = max((n for n, one in enumerate(standing) if one.side is Side.WHOLE), default=-1)
    sides = {one.side: one for one in standing[whole + 1 :]}
    lacks = tuple(side for side in (Side.FRONT, Side.BACK) if side not in sides)
    return sorted(sides.values(), key=lambda one: one.side is Side.BACK), lacks


def _is_removed(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.code == REMOVED


def _is_refused(piece: Material, verdict: Verdict | None) -> bool:
    if verdict is not None:
        return not verdict.accepted
    return piece.is_refused
