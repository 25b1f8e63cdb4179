"""What the measures of a picture come to: findings, by the limits in force."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from bot.inspection.limits import Limits
from bot.inspection.measures.colour import colour_of_paper, colour_of_picture
from bot.inspection.measures.light import paper_level, reflection
from bot.inspection.measures.raster import raster_strength
from bot.inspection.measures.sharpness import UNKNOWN, edge_width
from bot.inspection.measures.writing import slanting_writing
from bot.inspection.outline import SIDES
from bot.inspection.scene import Scene
from filing.finding import Level
from filing.invalid import Param
from filing.materials.material import Box, PictureFinding
from filing.materials.picture_code import PictureCode

_C = PictureCode
_NONE: Final[Mapping[str, Param]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a picture beyond being legible."""

    formats: tuple[str, ...] = ("jpg", "png")  # as the provider names them
    max_bytes: int = 4_000_000
    coloured: bool = True  # the original has colour: a grey one is a copy


def judge(scene: Scene, wanted: Wanted, limits: Limits) -> tuple[PictureFinding, ...]:
    """Everything found on a picture, what hides other faults first."""
    found: list[PictureFinding] = []
    for check in _CHECKS:
        found += check(scene, wanted, limits)
        if any(one.code in _BLINDING and one.level is Level.REFUSE for one in found):
            break
    return tuple(found)


def _finding(
    limits: Limits,
    code: PictureCode,
    value: float,
    box: Box | None = None,
    params: Mapping[str, Param] = _NONE,
) -> Iterator[PictureFinding]:
    level = limits.of[code].level(value)
    if level is not None:
        yield PictureFinding(code, level, box, params)


def _pixels(scene: Scene, _: Wanted, limits: Limits) -> Iterator[PictureFinding]:
    width, height = scene.view.width, scene.view.height
    least = limits.of[_C.TOO_FEW_PIXELS]
    told = {"width": width, "height": height, "min": round(least.warn or least.refuse or 0)}
    yield from _finding(limits, _C.TOO_FEW_PIXELS, max(width, height), None, told)


def _dark(scene: Scene, _: Wanted, limits: Limits) -> Iterator[PictureFinding]:
    yield from _finding(limits, _C.DARK, paper_level(scene))


def _colour(scene: Scene, wanted: Wanted, limits: Limits) -> Iterator[PictureFinding]:
    colour = colour_of_picture(scene)
    level = limits.of[_C.GREYSCALE].level(colour)
    if wanted.coloured:
        yield from _finding(limits, _C.GREYSCALE, colour)
        if level is None:
            yield from _finding(limits, _C.PHOTOCOPY, colour_of_paper(scene))
    elif level is Level.REFUSE:  # black pen on white paper has no colour of its own: staff look
        yield PictureFinding(_C.GREYSCALE, Level.WARN)


def _size(scene: Scene, _: Wanted, limits: Limits) -> Iterator[PictureFinding]:
    few = limits.of[_C.TOO_FEW_PIXELS].level(max(scene.view.width, scene.view.height))
    if scene.outline is not None and few is None:
        yield from _finding(limits, _C.TOO_SMALL_IN_PICTURE, scene.paper_pixels, scene.outline.box)


def _tilted(scene: Scene, _: Wanted, limits: Limits) -> Iterator[PictureFinding]:
    if scene.outline is not None:
        angle = abs(scene.outline.angle)
        told = {"degrees": round(angle)}
        yield from _finding(limits, _C.TILTED, angle, scene.outline.box, told)


def _corners(scene: Scene, _: Wanted, limits: Limits) -> Iterator[PictureFinding]:
    if scene.outline is None:
        return
    limit = limits.of[_C.CORNERS_CUT]
    cut = {side: share for side, share in scene.outline.cut.items() if limit.level(share)}
    if cut:
        told = {"sides": ",".join(side for side in SIDES if side in cut)}
        box = _along(next(iter(cut))) if len(cut) == 1 else None
        yield from _finding(limits, _C.CORNERS_CUT, max(cut.values()), box, told)


def _along(side: str) -> Box:
    """A strip along one side of the picture."""
    strips = {
        "top": Box(0, 0, 1, 0.06),
        "right": Box(0.94, 0, 1, 1),
        "bottom": Box(0, 0.94, 1, 1),
        "left": Box(0, 0, 0.06, 1),
    }
    return strips[side]


def _blurred(scene: Scene, _: Wanted, limits: Limits) -> Iterator[PictureFinding]:
    width = edge_width(scene)
    if width != UNKNOWN:
        yield from _finding(limits, _C.BLURRED, width)


def _glare(scene: Scene, _: Wanted, limits: Limits) -> Iterator[PictureFinding]:
    patch = reflection(scene)
    found: Iterable[PictureFinding] = _finding(limits, _C.GLARE, patch.share, patch.box)
    if scene.outline is None and not scene.is_filled:
        found = (replace(one, level=Level.WARN) for one in found)
    yield from found


def _screen(scene: Scene, _: Wanted, limits: Limits) -> Iterator[PictureFinding]:
    yield from _finding(limits, _C.SCREEN, raster_strength(scene))


def _watermark(scene: Scene, _: Wanted, limits: Limits) -> Iterator[PictureFinding]:
    if scene.outline is not None or scene.is_filled:
        yield from _finding(limits, _C.WATERMARK, slanting_writing(scene))


_BLINDING: Final = frozenset({_C.TOO_FEW_PIXELS, _C.DARK})
"""Faults after which nothing further is believed."""

_CHECKS: Final[tuple[Callable[[Scene, Wanted, Limits], Iterator[PictureFinding]], ...]] = (
    _pixels,
    _dark,
    _colour,
    _corners,
    _size,
    _tilted,
    _blurred,
    _glare,
    _screen,
    _watermark,
)
