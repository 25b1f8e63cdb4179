"""Faults are found and good pictures let through, on a small set of specimens by seed.

The whole table, on many more, is measured by ``python -m tests.inspection.measure``.
"""

import pytest

from bot.inspection.judging import Wanted
from bot.inspection.limits import load_limits
from bot.inspection.looking import look
from filing.finding import Level
from filing.materials.material import IDENTITY_KINDS
from filing.materials.picture_code import PictureCode
from tests.specimens.shots import Specimen, bad, good

SCALE = 0.56  # of 2000 by 1500: quick to draw and to look at, and enough pixels
LIMITS = load_limits()
SURE = (
    PictureCode.GREYSCALE,
    PictureCode.BLURRED,
    PictureCode.GLARE,
    PictureCode.DARK,
    PictureCode.TILTED,
    PictureCode.CORNERS_CUT,
)
"""What another picture is asked for."""

DOUBTS = (PictureCode.PHOTOCOPY, PictureCode.WATERMARK)
"""What staff look at."""


def found(specimen: Specimen) -> dict[str, Level]:
    coloured = specimen.paper.kind in IDENTITY_KINDS
    seen = look(specimen.content, Wanted(coloured=coloured), LIMITS)
    return {one.code: one.level for one in seen.findings}


@pytest.mark.parametrize("seed", range(2000, 2004))
def test_a_good_picture_is_not_refused(seed: int) -> None:
    assert Level.REFUSE not in found(good(seed, SCALE)).values()


@pytest.mark.parametrize("code", SURE)
def test_a_strong_fault_is_refused(code: PictureCode) -> None:
    assert found(bad(code, 3, 2000, SCALE))[code] is Level.REFUSE


@pytest.mark.parametrize("code", DOUBTS)
def test_a_doubt_is_left_to_staff(code: PictureCode) -> None:
    assert found(bad(code, 3, 2000, SCALE))[code] is Level.WARN


def test_a_thumbnail_is_refused_and_nothing_else_is_said_of_it() -> None:
    told = found(bad(PictureCode.TOO_FEW_PIXELS, 3, 2000))
    assert told == {PictureCode.TOO_FEW_PIXELS: Level.REFUSE}


def test_a_reflection_is_marked_where_it_is() -> None:
    specimen = bad(PictureCode.GLARE, 3, 2000, SCALE)
    seen = look(specimen.content, Wanted(), LIMITS)
    box = next(one.box for one in seen.findings if one.code == PictureCode.GLARE)
    assert box is not None
    assert 0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1
    assert (box.right - box.left) * (box.bottom - box.top) < 0.5


def test_the_file_itself_is_judged_by_what_the_provider_takes() -> None:
    specimen = good(2000, SCALE)
    seen = look(specimen.content, Wanted(("png",), max_bytes=1000), LIMITS)
    codes = [one.code for one in seen.findings]
    assert codes[:2] == [PictureCode.FORMAT_UNUSUAL, PictureCode.TOO_MANY_BYTES]
