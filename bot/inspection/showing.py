"""Which paper a picture seems to show, by where its emblem and the holder's picture stand.

Known without reading a word: an ID card has the emblem at the top left of one side and the
holder at the right of the other, permits and passports have the holder at the left, certificates
of bodies have the emblem at the top in the middle. Anything else is not told.
"""

from dataclasses import dataclass
from typing import Final

from bot.inspection.measures.layout import Layout, Patch
from filing.materials.material import MaterialKind, Side
from filing.subject import CertificateType

_CARD: Final = (1.45, 1.72)  # ISO 7810 ID-1 has 1.586
_SHEET: Final = (1.34, 1.46)  # A4 and B4 have 1.414; a passport's page 1.42
_SMALL: Final = (0.003, 0.03)  # share of a sheet that its emblem takes
_LARGE: Final = (0.018, 0.08)  # of a card
_FACE: Final = (0.008, 0.09)
_DISC: Final = 0.5  # least part of the square around it that an emblem fills


@dataclass(frozen=True, slots=True)
class Shown:
    """What a picture seems to show, None where that is not told. ``is_turned``: not upright."""

    kind: MaterialKind | None = None
    certificate: CertificateType | None = None
    side: Side | None = None
    is_turned: bool = False


NOTHING: Final = Shown()
_ID_CARD: Final = CertificateType.ID_CARD
_PERSON: Final = MaterialKind.IDENTITY_DOCUMENT
_BODY: Final = MaterialKind.SUBJECT_CERTIFICATE


def shown(layout: Layout) -> Shown:
    """What stands where, taken for a paper."""
    ratio = layout.ratio
    if not ratio:
        return NOTHING
    emblem, face = layout.emblem, layout.face
    if _within(ratio, _CARD):
        return _card(emblem, face)
    if _within(1 / ratio, _CARD) and (_is(emblem, _LARGE, _DISC) or _is(face, _FACE)):
        side = Side.BACK if _is(emblem, _LARGE, _DISC) else None
        return Shown(_PERSON, _ID_CARD if side else None, side, is_turned=True)
    if _within(ratio, _SHEET) or _within(1 / ratio, _SHEET):
        return _sheet(emblem, face, lies=ratio > 1)
    return NOTHING


def _card(emblem: Patch | None, face: Patch | None) -> Shown:
    if emblem and _is(emblem, _LARGE, _DISC):
        if emblem.x < 0.35 and emblem.y < 0.5:
            return Shown(_PERSON, _ID_CARD, Side.BACK)
        if emblem.x > 0.65 and emblem.y > 0.5:
            return Shown(_PERSON, _ID_CARD, Side.BACK, is_turned=True)
        return NOTHING
    if face and _is(face, _FACE):
        if face.x > 0.65:
            return Shown(_PERSON, _ID_CARD, Side.FRONT)
        if face.x < 0.35:
            return Shown(_PERSON)
    return NOTHING


def _sheet(emblem: Patch | None, face: Patch | None, *, lies: bool) -> Shown:
    if emblem and _is(emblem, _SMALL, _DISC):
        middle_across, middle_down = abs(emblem.x - 0.5) < 0.12, abs(emblem.y - 0.5) < 0.12
        if middle_across and not middle_down:
            return Shown(_BODY, is_turned=emblem.y > 0.5)
        # Further in stands the emblem of a card laid on the sheet with its other side.
        if middle_down and not 0.17 < emblem.x < 0.83:
            return Shown(_BODY, is_turned=True)
        return NOTHING
    if lies and face and _is(face, _FACE) and face.x < 0.35:
        return Shown(_PERSON)
    return NOTHING


def _is(patch: Patch | None, area: tuple[float, float], fill: float = 0.0) -> bool:
    return patch is not None and _within(patch.area, area) and patch.fill >= fill


def _within(value: float, span: tuple[float, float]) -> bool:
    return span[0] <= value <= span[1]
