"""Good photos, hard but good ones, and photos with one defect of a chosen strength, by seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from filing.materials.picture_code import PictureCode
from tests.specimens.cards import id_back, id_both, id_front, passport, permit
from tests.specimens.letters import authorisation, commitment, domain_certificate
from tests.specimens.licence import licence
from tests.specimens.paper import Paper
from tests.specimens.photo import GROUNDS, Shot, photograph

Strength: TypeAlias = Literal[1, 2, 3]
"""1: slight, a person would hardly object. 2: plain. 3: strong."""

PAPERS: tuple[Callable[[int], Paper], ...] = (
    licence,
    id_front,
    id_back,
    licence,
    id_both,
    passport,
    permit,
    authorisation,
    commitment,
    domain_certificate,
)
GLOSSY: tuple[Callable[[int], Paper], ...] = (licence, id_front, id_back, passport, permit)
COLOURED = (licence, id_front, id_back, id_both, passport, permit)

MANNERS = (
    "plain",
    "tilted",
    "warm",
    "shadow",
    "old_camera",
    "scan",
    "white_table",
    "large",
    "evening",
)
"""What is hard about good pictures."""

_C = PictureCode


@dataclass(frozen=True, slots=True)
class Specimen:
    """A picture with what is wrong with it (None: nothing) and how badly."""

    content: bytes
    paper: Paper
    shot: Shot
    defect: PictureCode | None = None
    strength: int = 0
    manner: str = ""  # what is hard about a good one


def good(seed: int, scale: float | None = None) -> Specimen:
    """A picture no reviewer would return; ``scale`` fixes its size, 1 for 2000 by 1500."""
    dice = random.Random(f"good {seed}")
    paper = PAPERS[seed % len(PAPERS)](seed)
    manner = dice.choice(MANNERS)
    shot = _hard(_plain(dice, scale), manner, dice)
    return Specimen(photograph(paper, shot, seed), paper, shot, manner=manner)


def bad(defect: PictureCode, strength: Strength, seed: int, scale: float | None = None) -> Specimen:
    """A picture with one defect."""
    dice = random.Random(f"{defect} {strength} {seed}")
    choice = PAPERS
    if defect in (_C.GREYSCALE, _C.PHOTOCOPY):
        choice = COLOURED
    elif defect is _C.GLARE:
        choice = GLOSSY
    paper = choice[seed % len(choice)](seed)
    shot = _spoilt(_plain(dice, scale), defect, strength, dice)
    return Specimen(photograph(paper, shot, seed), paper, shot, defect, strength)


DEFECTS: tuple[PictureCode, ...] = (
    _C.TOO_FEW_PIXELS,
    _C.GREYSCALE,
    _C.PHOTOCOPY,
    _C.BLURRED,
    _C.GLARE,
    _C.DARK,
    _C.TILTED,
    _C.SIDEWAYS,
    _C.CORNERS_CUT,
    _C.TOO_SMALL_IN_PICTURE,
    _C.SCREEN,
    _C.WATERMARK,
)
"""What a shot can spoil. Wrong papers, sides and dates are combinations, not shots."""


def _plain(dice: random.Random, fixed: float | None) -> Shot:
    chosen = dice.choice((0.8, 1.0, 1.0, 1.3))
    scale = fixed or chosen
    return Shot(
        width=round(2000 * scale),
        height=round(1500 * scale),
        ground=dice.choice(GROUNDS),
        cover=dice.uniform(0.74, 0.92),
        tilt=dice.uniform(-2, 2),
        lean=dice.uniform(-0.05, 0.05),
        level=dice.uniform(0.84, 1.0),
        warm=dice.uniform(-0.2, 0.4),
        falloff=dice.uniform(0.02, 0.18),
        blur=dice.uniform(0.3, 0.8) * scale,
        noise=dice.uniform(1, 4),
        quality=dice.randrange(80, 95),
    )


def _hard(shot: Shot, manner: str, dice: random.Random) -> Shot:
    match manner:
        case "tilted":
            return replace(shot, tilt=dice.choice((-1, 1)) * dice.uniform(3, 6), cover=0.85)
        case "warm":
            return replace(shot, warm=dice.uniform(0.7, 1.3))
        case "shadow":
            return replace(shot, shadow=dice.uniform(0.15, 0.35))
        case "old_camera":
            return replace(
                shot, width=1440, height=1080, blur=dice.uniform(0.7, 0.95), noise=6, quality=68
            )
        case "scan":
            return replace(shot, ground="none", noise=1, falloff=0, level=1, warm=0, blur=0.4)
        case "white_table":
            return replace(shot, ground="white", falloff=0.15)
        case "large":
            return replace(shot, width=2800, height=2100, blur=dice.uniform(0.7, 1.2))
        case "evening":
            return replace(shot, level=dice.uniform(0.62, 0.75), warm=0.5, noise=5)
    return shot


def _spoilt(shot: Shot, defect: PictureCode, strength: int, dice: random.Random) -> Shot:
    """The shot with one defect; what it is measured in is said beside each."""
    step = strength - 1
    scale = shot.width / 2000
    match defect:
        case _C.TOO_FEW_PIXELS:  # longer side
            side = (900, 620, 420)[step]
            return replace(shot, width=side, height=side * 3 // 4, blur=0.4)
        case _C.GREYSCALE:
            return replace(shot, grey=True)
        case _C.PHOTOCOPY:
            return replace(shot, copied=True)
        case _C.BLURRED:  # sigma or length at 2000 pixels
            if dice.random() < 0.4:
                return replace(shot, motion=(6, 13, 22)[step] * scale, blur=0.6 * scale)
            return replace(shot, blur=(1.6, 3.2, 5.5)[step] * scale)
        case _C.GLARE:  # radius by the paper's width
            at = (dice.uniform(0.25, 0.75), dice.uniform(0.3, 0.7))
            return replace(shot, glare=(0.025, 0.09, 0.16)[step], glare_at=at)
        case _C.DARK:  # of full light
            return replace(shot, level=(0.5, 0.24, 0.13)[step], noise=6)
        case _C.TILTED:  # degrees
            sign = dice.choice((-1, 1))
            return replace(shot, tilt=sign * (10, 20, 33)[step], cover=0.9)
        case _C.SIDEWAYS:
            return replace(shot, turned=dice.choice((1, 3)))
        case _C.CORNERS_CUT:  # share of the picture by which it is moved out
            away = (0.07, 0.16, 0.3)[step]
            shift = dice.choice(((away, 0), (-away, 0), (0, away), (0, -away), (away, away)))
            return replace(shot, shift=shift, cover=0.92)
        case _C.TOO_SMALL_IN_PICTURE:  # share of the tighter side
            return replace(shot, cover=(0.48, 0.3, 0.2)[step])
        case _C.SCREEN:
            return replace(
                shot, screen=(0.1, 0.25, 0.45)[step], raster=dice.uniform(2.2, 4.2), noise=2
            )
        case _C.WATERMARK:
            return replace(
                shot, watermark="样例文字 不是备案用", watermark_at=(0.15, 0.35, 0.55)[step]
            )
    raise ValueError(f"no shot spoils by {defect}")
